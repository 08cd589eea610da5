"""Referrals to financiers: the pipeline, the list, and proposing a new one."""

from collections.abc import Sequence
from uuid import uuid4

from starlette.responses import Response

from amplify.finance_linkage.v1.product_pb2 import PRODUCT_KIND_SAFETY_REMEDIATION_LINE, Product
from amplify.finance_linkage.v1.referral_lists_pb2 import ListReferralsRequest, ListReferralsResponse
from amplify.finance_linkage.v1.referral_pb2 import Referral
from amplify.finance_linkage.v1.referral_states_pb2 import ReferralState, WaitingFor
from amplify.finance_linkage.v1.referral_steps_pb2 import ProposeReferralRequest
from console import products
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get, post
from console.pages.eligibility.view import OFFICE
from console.roles import FACTORY
from console.subject import factory_filter
from console.visit import Visit

READERS = OFFICE | FACTORY
FILTERS = ("state", "waiting", "overdue", "product", "country", "factory")
FIELDS = {
    "factory": "factory",
    "product": "product",
    "financier": "financier",
    "lines": "lines",
    "amount": "amount",
    "amount.minor_units": "amount",
    "amount.currency_code": "amount",
}


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    return visit.show(
        "referrals/_results.html" if visit.partial else "referrals/page.html",
        found=visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "referrals"),
        pipeline=None
        if visit.partial or visit.is_a(*FACTORY)
        else visit.part(lambda: visit.services.finance.pipeline(visit.country), "pipeline"),
        asked=visit.asked(*FILTERS),
        titles=products.titles(visit),
        products=products.choices(visit),
        states=codes(ReferralState),
        whom=codes(WaitingFor),
        money=lambda amount: products.said(amount, visit),
    )


def _found(visit: Visit, page: str, size: int) -> ListReferralsResponse:
    asked = visit.asked(*FILTERS)
    state, factory = number(ReferralState, asked["state"]), factory_filter(asked["factory"])
    return visit.services.finance.referrals(
        ListReferralsRequest(
            page_size=size,
            page_token=page,
            country=visit.country,
            factory=f"factories/{factory}" if factory else "",
            product=f"products/{asked['product']}" if asked["product"] else "",
            states=[ReferralState.ValueType(state)] if state else [],
            waiting_for=WaitingFor.ValueType(number(WaitingFor, asked["waiting"])),
            overdue_only=asked["overdue"] == "yes",
        )
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Referral], str]:
    found = _found(visit, page, size)
    return found.referrals, found.next_page_token


LISTING: Listing[Referral] = Listing(
    "referrals",
    _rows,
    (
        Column("referrals.referral", lambda _, one: one.name.removeprefix("referrals/")),
        Column("sessions.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("kit.country", lambda _, one: one.country),
        Column("products.product", lambda visit, one: products.titles(visit).get(one.product, one.product)),
        Column("referrals.financier", lambda _, one: one.financier.removeprefix("organisations/")),
        Column("products.amount", lambda _, one: float(products.major(one.amount))),
        Column("referrals.currency", lambda _, one: one.amount.currency_code),
        Column("factories.status", lambda visit, one: visit.coded("referrals.state", code_of(one, "state"))),
        Column("referrals.waiting", lambda visit, one: visit.coded("referrals.for", code_of(one, "waiting_for"))),
        Column("referrals.due", lambda _, one: one.due_day if one.HasField("due_day") else None),
    ),
)


def ask(visit: Visit) -> Response:
    """The form for a new referral; with a factory named, its open issues can be chosen as what is to be financed."""
    factory = factory_filter(visit.form.text("factory") or visit.query.get("factory", ""))
    found = products.products(visit).value or []
    financiers = sorted({one for product in found for one in product.financiers})
    return visit.show(
        "referrals/new.html",
        factory=factory,
        lines=visit.part(lambda: _financeable(visit, factory, found)) if factory else None,
        products=products.choices(visit),
        financiers=[(one, one.removeprefix("organisations/")) for one in financiers],
        currencies=sorted(
            {product.least_amount.currency_code for product in found if product.HasField("least_amount")}
        ),
        referral_id=visit.form.text("referral_id", str(uuid4())),
    )


def _financeable(visit: Visit, factory: str, offered: Sequence[Product]) -> dict[str, str]:
    """The names of the points of open lines that some product finances, by the id of the line."""
    tool = visit.tool(factory[:2].upper())
    return {
        one.line_id: tool.point(one.cluster, one.point, visit.language).text
        for product in offered
        if product.kind == PRODUCT_KIND_SAFETY_REMEDIATION_LINE
        for one in visit.services.finance.financeable_lines(factory, product.name)
    }


def propose(visit: Visit) -> Response:
    """Propose it, or show the form again with what is wrong."""
    form = visit.form
    amount = products.read_money(form.text("amount"), form.text("currency"))
    if amount is None:
        form.wrong_field("amount", visit.say("referrals.wrong_amount"))
        return ask(visit)
    request = ProposeReferralRequest(
        referral_id=form.text("referral_id"),
        factory=f"factories/{form.text('factory').lower()}",
        product=f"products/{form.text('product')}",
        financier=form.text("financier"),
        amount=amount,
        lines=form.texts("line"),
        request_id=form.request_id,
    )
    if visit.do(FIELDS, lambda: visit.services.finance.propose(request)):
        return visit.go(f"/referrals/{form.text('referral_id')}", done="proposed")
    return ask(visit)


PAGE = Page(
    "referrals",
    (
        get("/referrals", show, twin=False),
        get_csv("/referrals.csv", LISTING),
        get("/referrals/new", ask, twin=False),
        post("/referrals", propose),
    ),
    roles=READERS,
    menu=Menu("cash", "/referrals", 60, group="finance"),
)
