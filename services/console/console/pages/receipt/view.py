"""The receipt of a decision: rule version, inputs with their facts, conditions, and what would change the outcome."""

from starlette.responses import Response

from console import products
from console.page import Page, get
from console.pages.products.view import READERS
from console.visit import Visit


def show(visit: Visit) -> Response:
    """One receipt, and earlier and later ones of the same factory and product."""
    receipt = visit.services.finance.receipt(visit.path("receipt"))
    factory, product = receipt.factory.split("/")[1], receipt.product.split("/")[1]
    found = visit.part(lambda: visit.services.finance.product(product))
    texts = {
        one.code: products.named(one.texts, visit)
        for rules in (found.value.rules if found.value else ())
        if rules.version == receipt.rule_version
        for one in rules.conditions
    }
    return visit.show(
        "receipt/page.html",
        receipt=receipt,
        factory=factory,
        title=products.titles(visit).get(receipt.product, product),
        texts=texts,
        others=visit.part(lambda: visit.services.finance.receipts(factory, product)),
    )


PAGE = Page("receipt", (get("/receipts/{receipt}", show),), roles=READERS)
