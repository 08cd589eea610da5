"""From report to finance: a factory's report makes it eligible, it consents, a bank decides, and everybody is told."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amplify.finance_linkage.v1 import financier_service_pb2 as bank
from amplify.finance_linkage.v1 import referral_pb2, referral_states_pb2
from amplify.finance_linkage.v1 import referral_steps_pb2 as steps
from amplify.finance_linkage.v1.eligibility_pb2 import (
    ELIGIBILITY_OUTCOME_ELIGIBLE,
    Eligibility,
    EligibilityDecision,
    Receipt,
)
from amplify.finance_linkage.v1.eligibility_service_pb2 import (
    GetEligibilityRequest,
    GetReceiptRequest,
    ListFinanceableLinesRequest,
)
from amplify.finance_linkage.v1.finance_profile_service_pb2 import RecordBuyerScoreRequest
from amplify.finance_linkage.v1.referral_lists_pb2 import GetReferralRequest
from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesRequest
from amplify_client import FinancierClient
from local_stack.people import directory
from local_stack.platform import Platform
from local_stack.waiting import wait_until

from .finance import Calls, consent_to, new_id, release_with_a_finding_on, today, usd, withdrawal
from .partner import credentials_of
from .world import Team

pytestmark = pytest.mark.stack
FACTORY, OSH = "bd-1001", "occupational-safety-and-health"
OFFICER, MANAGER, BANK, OTHER_BANK = "finance-officer", "factory-manager-bd", "delta-bank-client", "padma-bank-client"
LOWER_TIER = "Lower tier of Supplier finance, North Sea programme"
MAIL = {
    OFFICER: {"consents to its referral", "asks for more information", "says that it has approved"},
    MANAGER: {"Proposed: referral to", "Your referral was sent to", "says that it has approved"},
}
"""What the subjects of mail about a referral say, by who gets it."""
SUBJECTS = {LOWER_TIER, *MAIL[OFFICER], *MAIL[MANAGER]}
EXAMPLE = Path(__file__).parents[2] / "clients/python/examples/take_referrals.py"
LINE, SUPPLIER = "products/safety-remediation-line", "products/supplier-finance-north-sea"


@pytest.fixture(scope="module")
def calls(stack: Platform) -> Calls:
    """Everybody's calls."""
    return Calls(stack)


@pytest.fixture
def financier(stack: Platform) -> Iterator[FinancierClient]:
    """The bank's program."""
    with FinancierClient(stack.addresses["finance-linkage-partner"], credentials_of(stack, "delta-bank")) as client:
        yield client


def decision(calls: Calls, product: str, person: str = OFFICER) -> EligibilityDecision | None:
    """The last decision on a product, if there is one."""
    shown: Eligibility = calls(person, GetEligibilityRequest(name=f"factories/{FACTORY}/eligibility")).eligibility
    return next((one for one in shown.decisions if one.product == product), None)


def eligible(calls: Calls, product: str) -> EligibilityDecision:
    """The decision, once it is that the factory is eligible."""

    def found() -> EligibilityDecision | None:
        one = decision(calls, product)
        return one if one and one.outcome == ELIGIBILITY_OUTCOME_ELIGIBLE else None

    return wait_until(found, 120)


def receipt(calls: Calls, name: str) -> Receipt:
    """A receipt, as the factory reads it."""
    return calls(MANAGER, GetReceiptRequest(name=name)).receipt  # type: ignore[no-any-return]


def propose(calls: Calls) -> str:
    """The officer proposes to refer the factory for its open lines on safety; the referral's name."""
    asked = ListFinanceableLinesRequest(parent=f"factories/{FACTORY}", product=LINE)
    lines = [one.line_id for one in calls(OFFICER, asked).financeable_lines]
    (counted,) = [one for one in receipt(calls, eligible(calls, LINE).receipt).inputs if one.code == "open-osh-lines"]
    assert int(counted.value) == len(counted.sources) == len(lines) >= 1
    request = steps.ProposeReferralRequest(
        referral_id=new_id(),
        factory=f"factories/{FACTORY}",
        product=LINE,
        financier="organisations/delta-bank",
        amount=usd(4_500_000),
        lines=lines,
        request_id=new_id(),
    )
    return str(at_last(calls, request).referral.name)


def in_state(calls: Calls, name: str, state: referral_states_pb2.ReferralState.ValueType) -> referral_pb2.Referral:
    """The referral, once it stands there."""

    def found() -> referral_pb2.Referral | None:
        one = calls(OFFICER, GetReferralRequest(name=name)).referral
        return one if one.state == state else None

    return wait_until(found, 120)


def at_last(calls: Calls, request: Any) -> Any:
    """The officer's call, once it is not too early: a command may see an effect a moment later than a page did."""
    wait_until(lambda: calls.refused(OFFICER, request) != "FAILED_PRECONDITION", 120)
    return calls(OFFICER, request)


def lead_to_the_bank(calls: Calls) -> tuple[str, str]:
    """Proposed, consented, frozen and sent; the names of the referral and of the grant."""
    name = propose(calls)
    grant = calls(MANAGER, consent_to(name, FACTORY)).consent_grant.name
    in_state(calls, name, referral_states_pb2.REFERRAL_STATE_CONSENTED)
    at_last(calls, steps.FreezeEvidencePackRequest(name=name, request_id=new_id()))
    calls(OFFICER, steps.SendReferralRequest(name=name, request_id=new_id()))
    return name, grant


def incoming(name: str) -> str:
    """What the bank calls a referral."""
    return "incomingReferrals/" + name.split("/")[1]


def take_referrals(stack: Platform) -> str:
    """What the example says when the bank runs it."""
    credentials = credentials_of(stack, "delta-bank")
    environment = {
        **os.environ,
        "AMPLIFY_FINANCE_ADDRESS": stack.addresses["finance-linkage-partner"],
        "AMPLIFY_TOKEN_URL": credentials.token_url,
        "AMPLIFY_CLIENT_ID": credentials.client_id,
        "AMPLIFY_CLIENT_SECRET": credentials.client_secret,
    }
    return subprocess.check_output([sys.executable, str(EXAMPLE)], env=environment, text=True, timeout=300)


def test_from_a_report_to_a_closed_referral(
    stack: Platform, team: Team, calls: Calls, financier: FinancierClient
) -> None:
    # A report with a finding on safety opens an improvement line, and that opens the safety line.
    assessment = release_with_a_finding_on(team, OSH, FACTORY)
    found = eligible(calls, LINE)
    shown = receipt(calls, found.receipt)
    assert {one.code for one in shown.inputs if one.sources} >= {"assessment-report", "open-osh-lines"}
    whole = calls(OFFICER, GetReceiptRequest(name=found.receipt)).receipt
    assert (whole.name, whole.name) == (shown.name, f"receipts/{whole.canonical_digest}")
    assert {one.code for one in whole.conditions} - {one.code for one in shown.conditions} == {"no-programme-hold"}

    # The officer proposes, the factory consents, the evidence is frozen and sent to the named bank.
    name, _ = lead_to_the_bank(calls)
    pack = financier.evidence_pack(incoming(name))
    assert pack.evidence.report.assessment == f"assessments/{assessment}"
    assert list(pack.evidence.parts) == ["eligibility", "improvement_lines", "report"]
    assert "Jahangir" not in str(pack)
    assert calls.refused(OTHER_BANK, bank.GetIncomingReferralRequest(name=incoming(name))) == "NOT_FOUND"

    # The bank acknowledges, asks, is answered, decides; nobody of the programme can say that for it.
    assert f"{incoming(name)} factories/{FACTORY} 4500000 USD on" in take_referrals(stack)
    assert incoming(name) not in take_referrals(stack)
    asked = financier.request_information(incoming(name), [referral_states_pb2.INFORMATION_KIND_QUOTATIONS])
    assert financier.referral(incoming(name)) == asked
    calls(OFFICER, steps.ProvideInformationRequest(name=name, request_id=new_id()))
    approve = bank.ApproveReferralRequest(name=incoming(name), approved_amount=usd(4_000_000), request_id=new_id())
    assert calls.refused(OFFICER, approve) == "UNAUTHENTICATED"
    financier.approve(incoming(name), usd(4_000_000))
    financier.record_signature(incoming(name), today())
    paid = financier.record_disbursement(incoming(name), usd(4_000_000), today())
    assert paid in list(financier.referrals(page_size=1))
    outcome = referral_pb2.ReferralOutcome(issues_closed=1, yearly_savings=usd(0), jobs=12, jobs_held_by_women=9)
    calls(OFFICER, steps.RecordOutcomeRequest(name=name, outcome=outcome, request_id=new_id()))
    calls(OFFICER, steps.CloseReferralRequest(name=name, request_id=new_id()))

    # The factory's timeline tells the whole story; its manager and the officer had mail about this very referral.
    told = {"EligibilityDecided", "ReferralProposed", "EvidencePackFrozen", "ReferralApproved", "ReferralClosed"}
    wait_until(lambda: told <= {kind for kind, _ in timeline(calls)}, 120)
    for key, subjects in MAIL.items():
        wait_until(lambda key=key, subjects=subjects: subjects <= mail(stack, key, about=name), 120)


def test_a_withdrawal_stops_it_and_the_bank_reads_nothing_more(calls: Calls) -> None:
    eligible(calls, LINE)
    name, grant = lead_to_the_bank(calls)
    get_pack = bank.GetIncomingEvidencePackRequest(name=f"{incoming(name)}/evidencePack")
    assert calls.refused(BANK, get_pack) == ""
    calls(MANAGER, withdrawal(grant))
    assert calls.refused(BANK, get_pack) == "NOT_FOUND", "from the acknowledgement of the withdrawal on"
    stopped = in_state(calls, name, referral_states_pb2.REFERRAL_STATE_STOPPED)
    assert stopped.stop_reason == referral_states_pb2.STOP_REASON_CONSENT_WITHDRAWN


def test_a_lower_score_prices_the_tier_down_and_is_told(stack: Platform, calls: Calls) -> None:
    for score, tier in ((88, "gold"), (72, "silver")):
        request = RecordBuyerScoreRequest(
            name=f"factories/{FACTORY}/financeProfile",
            buyer_programme="north-sea-suppliers",
            score=score,
            scored_on=today(),
            evidence="register 12",
            request_id=new_id(),
        )
        calls(OFFICER, request)
        wait_until(lambda expected=tier: getattr(decision(calls, SUPPLIER), "tier", "") == expected, 120)
    down = {"product_id": SUPPLIER.split("/")[1], "from_tier": "gold", "to_tier": "silver"}

    def is_told() -> bool:
        return any(kind == "TierChanged" and down.items() <= details.items() for kind, details in timeline(calls))

    wait_until(is_told, 120)
    for key in (OFFICER, MANAGER):
        wait_until(lambda key=key: LOWER_TIER in mail(stack, key, about=f"factories/{FACTORY}"), 120)


def mail(stack: Platform, key: str, *, about: str) -> set[str]:
    """How the subjects of somebody's messages begin that lead to a page."""
    address = next(person.email for person in directory().people if person.key == key)
    found = [one["subject"] for one in stack.messages(to=address) if about in one["text"]]
    return {begin for begin in SUBJECTS for subject in found if begin in subject}


def timeline(calls: Calls) -> list[tuple[str, dict[str, str]]]:
    """The steps in the factory's history: kind and details."""
    request = ListTimelineEntriesRequest(parent=f"factories/{FACTORY}", page_size=500)
    entries = calls(MANAGER, request).timeline_entries
    return [(one.event.rsplit(".", 1)[-1], dict(one.details)) for one in entries]
