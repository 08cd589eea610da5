"""A referral on the real server, on both ports: from the proposal to its end, and whatever may stop it."""

import hashlib
import json
from typing import Any

import pytest

from amplify.finance_linkage.v1 import financier_service_pb2 as bank_pb2
from amplify.finance_linkage.v1 import referral_lists_pb2 as lists_pb2
from amplify.finance_linkage.v1 import referral_pb2, referral_states_pb2
from amplify.finance_linkage.v1 import referral_steps_pb2 as steps_pb2
from amplify.finance_linkage.v1 import referral_work_pb2 as work_pb2
from chassis.database import db
from local_stack.waiting import wait_until

from . import leading, telling
from .leading import State, incoming, say, usd
from .world import BANK, FACTORY, MANAGER, OFFICER, OTHER_BANK, Refused, World, day, new_id

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def line(world: World) -> str:
    """bd-1001 is eligible for the safety line; its open line."""
    return leading.make_eligible(world, "bd-1001")


def events(name: str) -> list[str]:
    """What was told about a referral, in order."""
    rows = db().facts.find({"key": name.split("/")[1], "stream": "finance-linkage-referrals"}).sort("order", 1)
    return [row["type"].rsplit(".", 1)[1] for row in rows]


def not_found(world: World, request: Any, person: str = BANK) -> bool:
    """Whether this is not found by a financier."""
    with pytest.raises(Refused) as refused:
        world.call(person, request)
    return (refused.value.code, refused.value.reason) == ("NOT_FOUND", "NOT_FOUND")


def get_pack(name: str) -> bank_pb2.GetIncomingEvidencePackRequest:
    """The financier asks for the pack."""
    return bank_pb2.GetIncomingEvidencePackRequest(name=f"{incoming(name)}/evidencePack")


def test_from_a_proposal_to_its_outcome(world: World, line: str) -> None:
    name = leading.propose(world, "bd-1001", line)
    assert leading.get(world, name, FACTORY).waiting_for == referral_states_pb2.WAITING_FOR_FACTORY
    grant = leading.consent(world, "bd-1001")
    freeze, stop = (
        referral_states_pb2.REFERRAL_STEP_FREEZE_EVIDENCE_PACK,
        referral_states_pb2.REFERRAL_STEP_STOP_REFERRAL,
    )
    for person, steps in ((OFFICER, [freeze, stop]), (FACTORY, [stop]), (MANAGER, [])):
        assert list(leading.get(world, name, person).allowed_steps) == steps
    frozen = leading.freeze(world, name)
    assert not_found(world, get_pack(name)), "nothing is shown before it is sent"
    assert leading.send(world, name).consent_grant == f"consentGrants/{grant.id}"

    # The financier lists, reads the pack, asks, approves; each answer names the grant, and the audit has it.
    (found,) = world.call(BANK, bank_pb2.ListIncomingReferralsRequest()).incoming_referrals
    assert (found.name, found.consent_grant) == (incoming(name), f"consentGrants/{grant.id}")
    shown = world.call(BANK, get_pack(name)).incoming_evidence_pack
    assert shown.digest == frozen.evidence_pack.digest
    assert shown.evidence == frozen.evidence_pack.evidence
    assert [one.line_id for one in shown.evidence.improvement_lines] == [line]
    say(world, bank_pb2.AcknowledgeReferralRequest, name)
    kinds = [referral_states_pb2.INFORMATION_KIND_QUOTATIONS]
    say(world, bank_pb2.RequestInformationRequest, name, kinds=kinds)
    world.call(OFFICER, steps_pb2.ProvideInformationRequest(name=name, request_id=new_id()))
    say(world, bank_pb2.ApproveReferralRequest, name, approved_amount=usd(4_000_000))
    say(world, bank_pb2.RecordSignatureRequest, name, signed_on=day())
    for amount in (2_500_000, 1_500_000):
        paid = say(world, bank_pb2.RecordDisbursementRequest, name, amount=usd(amount), paid_on=day())
    assert [one.amount.minor_units for one in paid.disbursements] == [2_500_000, 1_500_000]

    outcome = referral_pb2.ReferralOutcome(issues_closed=1, yearly_savings=usd(0), jobs=30, jobs_held_by_women=24)
    world.call(OFFICER, steps_pb2.RecordOutcomeRequest(name=name, outcome=outcome, request_id=new_id()))
    closed = world.call(OFFICER, steps_pb2.CloseReferralRequest(name=name, request_id=new_id())).referral
    assert (closed.state, closed.HasField("due_day")) == (State.REFERRAL_STATE_CLOSED, False)
    assert events(name) == [
        "ReferralProposed",
        "ReferralConsented",
        "EvidencePackFrozen",
        "ReferralSent",
        "ReferralAcknowledged",
        "InformationRequested",
        "InformationProvided",
        "ReferralApproved",
        "ReferralSigned",
        "ReferralDisbursed",
        "ReferralDisbursed",
        "ReferralOutcomeRecorded",
        "ReferralClosed",
    ]
    told = {(pair["resource"], pair["grant"]) for row in db().audit.find() for pair in row["disclosed"]}
    assert told == {(incoming(name), grant.id), (f"{incoming(name)}/evidencePack", grant.id)}
    leading.end(world, name, grant)


def test_a_pack_is_what_its_digest_says_and_holds_only_what_was_opened(world: World, line: str) -> None:
    name, grant = leading.sent(world, "bd-1001", line, "improvement_lines", "report")
    kept = db().evidence_packs.find_one({"_id": name.split("/")[1]})
    canonical = json.dumps(kept["pack"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert kept["digest"] == hashlib.sha256(canonical).hexdigest()
    shown = world.call(BANK, get_pack(name)).incoming_evidence_pack
    assert list(shown.evidence.parts) == ["improvement_lines", "report"]
    assert not shown.evidence.HasField("eligibility")
    groups = {one.group: one.non_compliant for one in shown.evidence.report.groups}
    assert groups == {"core-standards": 1, telling.OSH: 4, "working-time": 1}
    grant.fields = ("report",)
    again = world.call(BANK, get_pack(name)).incoming_evidence_pack
    assert (list(again.withheld_parts), list(again.evidence.improvement_lines)) == (["improvement_lines"], [])
    leading.end(world, name, grant)


def test_what_a_financier_asks_for_is_answered_as_known_then_and_under_the_consent_of_then(
    world: World, line: str
) -> None:
    name, grant = leading.sent(world, "bd-1001", line, "improvement_lines", "report")
    say(world, bank_pb2.AcknowledgeReferralRequest, name)
    kinds = [
        referral_states_pb2.INFORMATION_KIND_PROGRESS_ON_FINDINGS,
        referral_states_pb2.INFORMATION_KIND_ENVIRONMENTAL_DATA,
    ]
    say(world, bank_pb2.RequestInformationRequest, name, kinds=kinds)
    telling.close_line(world, "bd-1001", line)
    provide = steps_pb2.ProvideInformationRequest(name=name, references=["letter 4"], request_id=new_id())
    world.ledger.grants.remove(grant)
    with pytest.raises(Refused) as refused:
        world.call(OFFICER, provide)
    assert refused.value.reason == "CONSENT_NOT_LIVE"
    world.ledger.grants.append(grant)
    (given,) = world.call(OFFICER, provide).referral.information_rounds
    assert (list(given.parts), list(given.references)) == (["improvement_lines", "report"], ["letter 4"])

    addendum = bank_pb2.GetIncomingEvidencePackRequest(name=f"{incoming(name)}/evidencePack/addenda/1")
    shown = world.call(BANK, addendum).incoming_evidence_pack
    assert (shown.name, shown.digest) == (addendum.name, given.addendum_digest)
    assert [one.state for one in shown.evidence.improvement_lines] == ["closed"]
    before = world.call(BANK, get_pack(name)).incoming_evidence_pack
    assert [one.state for one in before.evidence.improvement_lines] == ["planned"], "the pack is as it was"
    (seen,) = world.call(
        BANK, bank_pb2.GetIncomingReferralRequest(name=incoming(name))
    ).incoming_referral.information_rounds
    assert seen == given
    kept = db().evidence_packs.find_one({"_id": f"{name.split('/')[1]}/addenda/1"})
    canonical = json.dumps(kept["pack"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert shown.digest == hashlib.sha256(canonical).hexdigest()
    asked = lists_pb2.GetEvidencePackRequest(name=f"{name}/evidencePack/addenda/1")
    assert world.call(FACTORY, asked).evidence_pack.evidence == shown.evidence
    grant.fields = ("report",)
    assert list(world.call(BANK, addendum).incoming_evidence_pack.withheld_parts) == ["improvement_lines"]
    assert not_found(world, bank_pb2.GetIncomingEvidencePackRequest(name=f"{incoming(name)}/evidencePack/addenda/2"))
    leading.end(world, name, grant)
    assert not_found(world, addendum)
    telling.reopen_line(world, "bd-1001", line)
    world.settle()


def test_a_withdrawal_closes_everything_at_once_and_stops_the_referral(world: World, line: str) -> None:
    name, grant = leading.sent(world, "bd-1001", line)
    acknowledge = bank_pb2.AcknowledgeReferralRequest(name=incoming(name), request_id=new_id())
    world.call(BANK, acknowledge)
    world.ledger.grants.remove(grant)  # withdrawn in the ledger; no fact has come yet
    assert not_found(world, get_pack(name))
    assert not_found(world, bank_pb2.GetIncomingReferralRequest(name=incoming(name)))
    assert not_found(world, acknowledge), "not even the answer that is remembered"
    assert list(world.call(BANK, bank_pb2.ListIncomingReferralsRequest()).incoming_referrals) == []
    telling.withdraw(world, grant.id, "bd-1001", "delta-bank")
    stopped = leading.get(world, name)
    assert stopped.stop_reason == referral_states_pb2.STOP_REASON_CONSENT_WITHDRAWN
    assert events(name)[-1] == "ReferralStopped"


def test_a_grant_that_ends_between_two_steps_is_caught(world: World, line: str) -> None:
    name = leading.propose(world, "bd-1001", line)
    grant = leading.consent(world, "bd-1001")
    leading.freeze(world, name)
    world.ledger.grants.remove(grant)
    with pytest.raises(Refused) as refused:
        leading.send(world, name)
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "CONSENT_NOT_LIVE")
    assert leading.get(world, name).state == State.REFERRAL_STATE_PACK_FROZEN
    telling.expire(world, grant.id, "bd-1001", "delta-bank")
    assert leading.get(world, name).stop_reason == referral_states_pb2.STOP_REASON_CONSENT_EXPIRED


def test_nothing_is_shown_or_sent_while_consents_cannot_be_asked(world: World, line: str) -> None:
    name, grant = leading.sent(world, "bd-1001", line)
    other = leading.propose(world, "bd-1001", line, financier="organisations/padma-bank")
    second = leading.consent(world, "bd-1001", financier="padma-bank")
    leading.freeze(world, other)
    world.ledger.down = True
    try:
        asked: list[tuple[str, Any]] = [
            (BANK, get_pack(name)),
            (BANK, bank_pb2.ListIncomingReferralsRequest()),
            (BANK, bank_pb2.AcknowledgeReferralRequest(name=incoming(name), request_id=new_id())),
            (OFFICER, steps_pb2.SendReferralRequest(name=other, request_id=new_id())),
        ]
        for person, request in asked:
            with pytest.raises(Refused) as refused:
                world.call(person, request)
            assert refused.value.code == "UNAVAILABLE"
    finally:
        world.ledger.down = False
    assert leading.get(world, name).state == State.REFERRAL_STATE_SENT
    leading.end(world, other)
    leading.end(world, name, grant)
    world.ledger.grants.remove(second)


def test_a_financier_knows_of_its_own_referrals_only(world: World, line: str) -> None:
    name, grant = leading.sent(world, "bd-1001", line)
    leading.consent(world, "bd-1001", financier="padma-bank")
    asked = [
        bank_pb2.GetIncomingReferralRequest(name=incoming(name)),
        get_pack(name),
        bank_pb2.ApproveReferralRequest(name=incoming(name), approved_amount=usd(1), request_id=new_id()),
        bank_pb2.GetIncomingReferralRequest(name=incoming(f"referrals/{new_id()}")),
    ]
    assert all(not_found(world, request, OTHER_BANK) for request in asked)
    assert list(world.call(OTHER_BANK, bank_pb2.ListIncomingReferralsRequest()).incoming_referrals) == []
    world.ledger.grants.pop()
    leading.end(world, name, grant)


def test_the_consent_for_one_referral_opens_that_alone(world: World, line: str) -> None:
    name = leading.propose(world, "bd-1001", line)
    grant = leading.consent(world, "bd-1001")
    grant.reference = f"referrals/{new_id()}"
    with pytest.raises(Refused) as refused:
        leading.freeze(world, name)
    assert refused.value.reason == "CONSENT_NOT_LIVE"
    grant.reference = name
    leading.freeze(world, name)
    leading.send(world, name)
    assert len(world.call(BANK, bank_pb2.ListIncomingReferralsRequest()).incoming_referrals) == 1
    leading.end(world, name, grant)


def test_a_known_consent_is_not_asked_for_again(world: World, line: str) -> None:
    grant = leading.consent(world, "bd-1001")
    name = leading.propose(world, "bd-1001", line)
    assert leading.get(world, name).state == State.REFERRAL_STATE_CONSENTED
    leading.end(world, name, grant)


def test_a_step_that_is_late_is_told_once_and_counted(world: World, line: str) -> None:
    name = leading.propose(world, "bd-1001", line)
    try:
        world.move_clock(days=16)
        wait_until(lambda: leading.get(world, name).overdue)
        assert events(name) == ["ReferralProposed", "ReferralStepOverdue"]
        (count,) = world.call(MANAGER, work_pb2.CountWorkRequest(country="BD")).counts
        assert (count.waiting_for, count.referrals, count.overdue) == (referral_states_pb2.WAITING_FOR_FACTORY, 1, 1)
        assert count.oldest_since == leading.get(world, name).state_time
        late = world.call(OFFICER, lists_pb2.ListReferralsRequest(overdue_only=True, country="BD"))
        assert [one.name for one in late.referrals] == [name]
    finally:
        world.move_clock()
    leading.end(world, name)


def test_the_pipeline_adds_up_by_state_and_currency(world: World) -> None:
    counts = world.call(OFFICER, work_pb2.CountPipelineRequest(product=leading.LINE_PRODUCT)).counts
    by_state = {one.state: one for one in counts}
    closed = by_state[State.REFERRAL_STATE_CLOSED]
    sums = (closed.requested.minor_units, closed.approved.minor_units, closed.disbursed.minor_units)
    assert (closed.referrals, sums) == (1, (4_500_000, 4_000_000, 4_000_000))
    listed = world.call(OFFICER, lists_pb2.ListReferralsRequest(factory="factories/bd-1001", page_size=3))
    assert listed.total_size == sum(one.referrals for one in counts)
    assert len(listed.referrals) == 3


def test_after_a_payment_a_withdrawal_ends_the_access_and_not_the_referral(world: World, line: str) -> None:
    name = leading.to_signed(world, "bd-1001", line)
    grant = world.ledger.grants[-1]
    say(world, bank_pb2.RecordDisbursementRequest, name, amount=usd(4_000_000), paid_on=day())
    leading.end(world, name, grant)
    shown = leading.get(world, name)
    assert (shown.state, shown.access_ended) == (State.REFERRAL_STATE_DISBURSED, True)
    assert not_found(world, get_pack(name))
