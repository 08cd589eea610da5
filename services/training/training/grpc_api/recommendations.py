"""RecommendationService: shows which courses reports recommend, and closes what is not needed."""

import grpc

from amplify.training.v1 import recommendation_service_pb2 as pb
from amplify.training.v1.recommendation_service_pb2_grpc import RecommendationServiceServicer
from chassis.identity import Identity
from chassis.rpc import command, query
from training import queries, resources
from training.domain.recommendation import DismissReason, RecommendationState
from training.enums import to_domain
from training.grpc_api.parsing import id_of
from training.queries import Paging
from training.service import accept
from training.storage import etag_of
from training.use_cases.dismiss_recommendation import DismissRecommendation

Context = grpc.ServicerContext


class RecommendationApi(RecommendationServiceServicer):
    """Each method parses its request, and hands over."""

    def GetRecommendation(self, request: pb.GetRecommendationRequest, context: Context) -> pb.GetRecommendationResponse:
        """One recommendation."""

        def work(caller: Identity) -> pb.GetRecommendationResponse:
            row = queries.get_recommendation(caller, id_of(request.name))
            return pb.GetRecommendationResponse(recommendation=resources.recommendation_row(row))

        return query(work)

    def ListRecommendations(
        self, request: pb.ListRecommendationsRequest, context: Context
    ) -> pb.ListRecommendationsResponse:
        """A page of recommendations."""

        def work(caller: Identity) -> pb.ListRecommendationsResponse:
            fields = {
                "factory_id": id_of(request.factory),
                "country": request.country,
                "course_id": id_of(request.course),
            }
            state = to_domain(RecommendationState, request.state) if request.state else None
            paging = Paging(request.page_size, request.page_token)
            page, total = queries.list_recommendations(caller, fields, state, paging)
            return pb.ListRecommendationsResponse(
                recommendations=map(resources.recommendation_row, page.rows),
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def DismissRecommendation(
        self, request: pb.DismissRecommendationRequest, context: Context
    ) -> pb.DismissRecommendationResponse:
        """Not needed."""

        def work(caller: Identity) -> pb.DismissRecommendationResponse:
            reason = to_domain(DismissReason, request.reason)
            closed = accept(DismissRecommendation(id_of(request.name), reason, request.etag), caller)
            shown = resources.recommendation(closed, etag_of(closed))
            return pb.DismissRecommendationResponse(recommendation=shown)

        return command(request, pb.DismissRecommendationResponse, work)
