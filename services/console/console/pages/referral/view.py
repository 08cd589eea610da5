"""One referral: where it stands, whom it waits for, its frozen evidence, and the officer's next step."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from amplify.finance_linkage.v1.referral_pb2 import Referral, ReferralOutcome
from amplify.finance_linkage.v1.referral_states_pb2 import StopReason
from amplify.finance_linkage.v1.referral_steps_pb2 import (
    CloseReferralRequest,
    FreezeEvidencePackRequest,
    ProvideInformationRequest,
    RecordOutcomeRequest,
    SendReferralRequest,
    StopReferralRequest,
)
from console import products
from console.codes import code_of, codes, codes_of, number
from console.page import Page, get, post
from console.pages.referrals.view import READERS
from console.visit import Visit

STAGES = ("proposed", "consented", "pack_frozen", "sent", "acknowledged", "approved", "signed", "disbursed", "closed")
STEPS: Mapping[str, str] = {
    "freeze_evidence_pack": "freeze",
    "send_referral": "send",
    "provide_information": "provide",
    "close_referral": "close",
}
"""The page's word for each step that is a button; what can be taken now is said by the referral itself."""
STOPPABLE = ("not_needed", "financed_elsewhere", "proposed_in_error")
OUTCOME = {
    "outcome.issues_closed": "issues_closed",
    "outcome.jobs": "jobs",
    "outcome.jobs_held_by_women": "jobs_women",
    "outcome.yearly_savings": "savings",
    "outcome.yearly_savings.minor_units": "savings",
}


def show(visit: Visit) -> Response:
    """The referral and its pack."""
    key, finance = visit.path("referral"), visit.services.finance
    referral = finance.referral(key)
    state, allowed = code_of(referral, "state"), codes_of(referral, "allowed_steps")
    return visit.show(
        "referral/page.html",
        referral=referral,
        key=key,
        state=state,
        title=products.titles(visit).get(referral.product, referral.product),
        pack=visit.part(lambda: finance.evidence(key)) if referral.pack_digest else None,
        stages=[(visit.coded("referrals.state", one), "") for one in STAGES],
        reached=reached(referral),
        step=next((STEPS[one] for one in allowed if one in STEPS), ""),
        may_record="record_outcome" in allowed,
        may_stop="stop_referral" in allowed,
        reasons=[one for one in codes(StopReason) if one in STOPPABLE],
        money=lambda amount: products.said(amount, visit),
    )


def reached(referral: Referral) -> int:
    """How many stages are behind it; states beside the way count as the stage that they belong to."""
    state = code_of(referral, "state")
    beside = {"information_requested": "acknowledged", "outcome_recorded": "disbursed", "declined": "acknowledged"}
    if state == "stopped":
        return 1 + bool(referral.consent_grant) + bool(referral.pack_digest)
    return STAGES.index(beside.get(state, state)) + 1


def _step(name: str) -> Callable[[Visit], Response]:
    requests = {
        "freeze": FreezeEvidencePackRequest,
        "send": SendReferralRequest,
        "provide": ProvideInformationRequest,
        "close": CloseReferralRequest,
    }

    def take(visit: Visit) -> Response:
        key, form = visit.path("referral"), visit.form
        request = requests[name](name=f"referrals/{key}", etag=form.text("etag"), request_id=form.request_id)
        if isinstance(request, ProvideInformationRequest):
            lines = (line.strip() for line in form.text("references").splitlines())
            request.references.extend(dict.fromkeys(line for line in lines if line))
        call = getattr(visit.services.finance, name)
        visit.do({"references": "references"}, lambda: call(request))
        return show(visit) if form.wrong else visit.go(f"/referrals/{key}", done=name)

    take.__doc__ = f"Take the officer's step `{name}`."
    return take


def stop(visit: Visit) -> Response:
    """Stop it."""
    key, form = visit.path("referral"), visit.form
    request = StopReferralRequest(
        name=f"referrals/{key}",
        reason=StopReason.ValueType(number(StopReason, form.text("reason"))),
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    visit.do({"reason": "reason"}, lambda: visit.services.finance.stop(request))
    return show(visit) if form.wrong else visit.go(f"/referrals/{key}", done="stop")


def record_outcome(visit: Visit) -> Response:
    """Record what came of the finance."""
    key, form, finance = visit.path("referral"), visit.form, visit.services.finance
    referral = finance.referral(key)
    outcome = ReferralOutcome()
    for name, path in (("issues_closed", "issues_closed"), ("jobs", "jobs"), ("jobs_women", "jobs_held_by_women")):
        text = form.text(name, "0") or "0"
        if text.isdecimal() and len(text) < 9:
            setattr(outcome, path, int(text))
        else:
            form.wrong_field(name, visit.say("kit.reason_NOT_A_NUMBER"))
    savings = products.read_money(form.text("savings"), referral.amount.currency_code)
    if savings is None:
        form.wrong_field("savings", visit.say("referrals.wrong_amount"))
    else:
        outcome.yearly_savings.CopyFrom(savings)
    if form.wrong:
        return show(visit)
    request = RecordOutcomeRequest(name=referral.name, outcome=outcome, request_id=form.request_id)
    visit.do(OUTCOME, lambda: finance.record_outcome(request))
    return show(visit) if form.wrong else visit.go(f"/referrals/{key}", done="outcome")


PAGE = Page(
    "referral",
    (
        get("/referrals/{referral}", show, twin=False),
        *(post(f"/referrals/{{referral}}/{name}", _step(name)) for name in ("freeze", "send", "provide", "close")),
        post("/referrals/{referral}/stop", stop),
        post("/referrals/{referral}/outcome", record_outcome),
    ),
    roles=READERS,
)
