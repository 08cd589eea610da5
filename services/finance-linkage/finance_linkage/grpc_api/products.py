"""ProductService served."""

import grpc

from amplify.finance_linkage.v1 import product_service_pb2 as service_pb2
from amplify.finance_linkage.v1.product_service_pb2_grpc import ProductServiceServicer
from chassis.identity import Identity
from chassis.rpc import query
from finance_linkage import queries
from finance_linkage.domain.product import ProductKind
from finance_linkage.enums import to_domain
from finance_linkage.parsing import id_of, paging_of, parse_day
from finance_linkage.presenting import present_product

Context = grpc.ServicerContext


class ProductApi(ProductServiceServicer):
    """The products and their rules."""

    def GetProduct(self, request: service_pb2.GetProductRequest, context: Context) -> service_pb2.GetProductResponse:
        """Show one product."""
        return query(
            lambda caller: service_pb2.GetProductResponse(
                product=present_product(queries.get_product(caller, id_of(request.name)))
            )
        )

    def ListProducts(
        self, request: service_pb2.ListProductsRequest, context: Context
    ) -> service_pb2.ListProductsResponse:
        """List products."""

        def work(caller: Identity) -> service_pb2.ListProductsResponse:
            kind = to_domain(ProductKind, request.kind) if request.kind else None
            on = parse_day(request.offered_on, "offered_on") if request.HasField("offered_on") else None
            listed = queries.list_products(caller, request.country, kind, on, paging_of(request))
            return service_pb2.ListProductsResponse(
                products=map(present_product, listed.page.rows),
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)
