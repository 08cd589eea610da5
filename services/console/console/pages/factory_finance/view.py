"""Finance of one factory: what it is eligible for and why, its records, and its referrals."""

from starlette.responses import Response

from amplify.finance_linkage.v1.referral_lists_pb2 import ListReferralsRequest
from console import products
from console.absent import or_none
from console.page import Page, Tab, get
from console.pages.eligibility.view import OFFICE
from console.roles import FACTORY
from console.subject import subject
from console.visit import Visit


def show(visit: Visit) -> Response:
    """Four parts, each for itself."""
    factory, finance = subject(visit), visit.services.finance
    request = ListReferralsRequest(factory=f"factories/{factory.id}", page_size=50)
    return visit.show(
        "factory_finance/page.html",
        factory=factory,
        eligibility=visit.part(lambda: or_none(lambda: finance.eligibility(factory.id)), "eligibility"),
        records=visit.part(lambda: finance.environmental_records(factory.id), "environment"),
        profile=visit.part(lambda: or_none(lambda: finance.profile(factory.id)), "finance profile"),
        referrals=visit.part(lambda: finance.referrals(request), "referrals"),
        titles=products.titles(visit),
        money=lambda amount: products.said(amount, visit),
    )


PAGE = Page(
    "factory_finance",
    (get("/factories/{factory}/eligibility", show, twin=False),),
    roles=OFFICE | FACTORY,
    tab=Tab("/factories/{factory}/eligibility", 70),
)
