"""What a buyer's programme scored a factory, and who owns it; entered by the finance officer with its evidence."""

from starlette.responses import Response

from amplify.finance_linkage.v1.finance_profile_service_pb2 import RecordBuyerScoreRequest, RecordOwnershipRequest
from console import products
from console.absent import or_none
from console.page import Page, get, post
from console.subject import subject
from console.times import chosen_day, day_message
from console.visit import Visit

OFFICERS = frozenset({"finance-officer"})
SCORE = {"buyer_programme": "buyer_programme", "score": "score", "scored_on": "scored_on", "evidence": "evidence"}
OWNERSHIP = {
    "women_owned_percent": "women_owned",
    "women_board_percent": "women_board",
    "as_of_day": "as_of",
    "evidence": "ownership_evidence",
}


def ask(visit: Visit) -> Response:
    """Both forms, with what is known."""
    factory = subject(visit)
    offered = products.products(visit).value or []
    return visit.show(
        "finance_profile/page.html",
        factory=factory,
        profile=or_none(lambda: visit.services.finance.profile(factory.id)),
        programmes=sorted({one.buyer_programme for one in offered if one.buyer_programme}),
    )


def score(visit: Visit) -> Response:
    """Record a score."""
    form = visit.form
    request = RecordBuyerScoreRequest(
        name=f"factories/{visit.path('factory')}/financeProfile",
        buyer_programme=form.text("buyer_programme"),
        score=_whole(visit, "score"),
        evidence=form.text("evidence"),
        request_id=form.request_id,
    )
    _set_day(visit, request, "scored_on", "scored_on")
    if not form.wrong and visit.do(SCORE, lambda: visit.services.finance.record_score(request)):
        return visit.go(f"/factories/{visit.path('factory')}/eligibility", done="profile")
    return ask(visit)


def ownership(visit: Visit) -> Response:
    """Record who owns it."""
    form = visit.form
    request = RecordOwnershipRequest(
        name=f"factories/{visit.path('factory')}/financeProfile",
        women_owned_percent=_whole(visit, "women_owned"),
        women_board_percent=_whole(visit, "women_board"),
        evidence=form.text("ownership_evidence"),
        request_id=form.request_id,
    )
    _set_day(visit, request, "as_of_day", "as_of")
    if not form.wrong and visit.do(OWNERSHIP, lambda: visit.services.finance.record_ownership(request)):
        return visit.go(f"/factories/{visit.path('factory')}/eligibility", done="profile")
    return ask(visit)


def _set_day(visit: Visit, request: RecordBuyerScoreRequest | RecordOwnershipRequest, path: str, name: str) -> None:
    chosen = chosen_day(visit.form.text(name))
    if chosen is None:
        visit.form.wrong_field(name, visit.say("plan.choose_day"))
    else:
        getattr(request, path).CopyFrom(day_message(chosen))


def _whole(visit: Visit, name: str) -> int:
    text = visit.form.text(name)
    if not text.isdecimal() or len(text) > 6:
        visit.form.wrong_field(name, visit.say("kit.reason_NOT_A_NUMBER"))
        return 0
    return int(text)


PAGE = Page(
    "finance_profile",
    (
        get("/factories/{factory}/finance-profile", ask, twin=False),
        post("/factories/{factory}/finance-profile/score", score),
        post("/factories/{factory}/finance-profile/ownership", ownership),
    ),
    roles=OFFICERS,
)
