"""The finance products: who offers what to whom, and by which rules a factory is eligible."""

from starlette.responses import Response

from console import products
from console.page import Menu, Page, get
from console.pages.eligibility.view import OFFICE
from console.roles import FACTORY
from console.visit import Visit

READERS = OFFICE | FACTORY


def show(visit: Visit) -> Response:
    """All products."""
    found = products.products(visit)
    return visit.show(
        "products/page.html",
        found=found,
        products=[
            (
                one,
                products.named(one.titles, visit),
                products.said(one.least_amount, visit),
                products.said(one.most_amount, visit),
            )
            for one in found.value or []
        ],
    )


def show_one(visit: Visit) -> Response:
    """One product with its tiers and every version of its rules."""
    product = visit.services.finance.product(visit.path("product"))
    return visit.show(
        "products/product.html",
        product=product,
        title=products.named(product.titles, visit),
        least=products.said(product.least_amount, visit),
        most=products.said(product.most_amount, visit),
        named=lambda texts: products.named(texts, visit),
    )


PAGE = Page(
    "products",
    (get("/products", show), get("/products/{product}", show_one, twin=False)),
    roles=READERS,
    menu=Menu("building-bank", "/products", 62, group="finance"),
)
