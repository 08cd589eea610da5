"""Whatever changes about a factory has every product decided on anew, and each decision has a receipt."""

import hashlib
import json

import pytest

from amplify.finance_linkage.v1 import eligibility_events_pb2 as events
from amplify.finance_linkage.v1 import eligibility_pb2, environmental_record_pb2
from amplify.finance_linkage.v1 import eligibility_service_pb2 as service_pb2
from amplify.finance_linkage.v1.environment_service_pb2 import SubmitEnvironmentalRecordRequest
from amplify.finance_linkage.v1.finance_profile_service_pb2 import RecordBuyerScoreRequest, RecordOwnershipRequest
from chassis import clock
from chassis.database import db

from . import telling
from .world import FACTORY, OFFICER, World, day, new_id

pytestmark = pytest.mark.stack
Outcome = eligibility_pb2.EligibilityOutcome


def decision(world: World, factory: str, product: str) -> eligibility_pb2.EligibilityDecision:
    """The last decision, as an officer sees it."""
    world.settle()
    request = service_pb2.GetEligibilityRequest(name=f"factories/{factory}/eligibility")
    shown: eligibility_pb2.Eligibility = world.call(OFFICER, request).eligibility
    return next(one for one in shown.decisions if one.product == f"products/{product}")


def receipt(world: World, name: str) -> eligibility_pb2.Receipt:
    """A receipt, as an officer sees it."""
    shown: eligibility_pb2.Receipt = world.call(OFFICER, service_pb2.GetReceiptRequest(name=name)).receipt
    return shown


def score(world: World, factory: str, points: int, offset: int = -1) -> None:
    """A buyer's score is recorded."""
    request = RecordBuyerScoreRequest(
        name=f"factories/{factory}/financeProfile",
        buyer_programme="north-sea-suppliers",
        score=points,
        scored_on=day(offset),
        evidence="register 12",
        request_id=new_id(),
    )
    world.call(OFFICER, request)


def decided(factory: str) -> list[str]:
    """Product and outcome of every EligibilityDecided and TierChanged of a factory, in their order."""
    said = []
    for row in db().facts.find({"key": factory, "stream": "finance-linkage-eligibility"}).sort("order", 1):
        fact = getattr(events, row["type"].rsplit(".", 1)[1]).FromString(bytes(row["value"]))
        if row["type"].endswith("TierChanged"):
            said.append(f"{fact.product_id}: {fact.from_tier or '-'} to {fact.to_tier or '-'}, worse: {fact.downgrade}")
        else:
            said.append(f"{fact.product_id}: {Outcome.Name(fact.outcome)[20:]} {fact.tier}".strip())
    return said


def test_a_factory_is_decided_on_from_its_enrolment(world: World) -> None:
    found = decision(world, "bd-1003", "safety-remediation-line")
    assert found.outcome == Outcome.ELIGIBILITY_OUTCOME_NOT_ELIGIBLE  # no open line is known, so there are none
    found = decision(world, "bd-1003", "supplier-finance-north-sea")
    assert found.outcome == Outcome.ELIGIBILITY_OUTCOME_INCOMPLETE
    assert list(found.missing) == ["assessment-report", "buyer-score"]
    shown = receipt(world, found.receipt)
    missing = {one.code: one for one in shown.inputs if one.HasField("missing_since")}
    assert set(missing) == {"assessment-report", "buyer-score"}
    assert missing["buyer-score"].missing_since.ToDatetime() < clock.now().replace(tzinfo=None)
    assert [one.condition for one in shown.changes] == ["report-recent", "report-sufficient", "buyer-score-sufficient"]


def test_a_receipt_names_every_input_with_its_event_and_is_what_its_name_says(world: World) -> None:
    world.settle()
    key = telling.release(world, "bd-1001")
    score(world, "bd-1001", 88)
    found = decision(world, "bd-1001", "supplier-finance-north-sea")
    assert (found.outcome, found.tier) == (Outcome.ELIGIBILITY_OUTCOME_ELIGIBLE, "gold")
    shown = receipt(world, found.receipt)
    assert hashlib.sha256(shown.canonical).hexdigest() == shown.name.removeprefix("receipts/")
    said = json.loads(shown.canonical)
    assert (said["outcome"], said["tier"], said["rules"]) == ("eligible", "gold", shown.rule_version)
    inputs = {one.code: one for one in shown.inputs}
    assert inputs["assessment-report"].value == "34"  # 6 of 18, rounded up
    released = db().view_dossiers_1.find_one({"_id": "bd-1001"})["report"]
    assert released["assessment_id"] == key
    assert [one.event_id for one in inputs["assessment-report"].sources] == [released["event"]]
    recorded = db().facts.find_one({"key": "bd-1001", "type": "amplify.finance_linkage.v1.BuyerScoreRecorded"})
    assert [one.event_id for one in inputs["buyer-score"].sources] == [recorded["event_id"]]
    assert all(one.state == eligibility_pb2.CONDITION_STATE_MET for one in shown.conditions)
    assert [one.condition for one in shown.changes] == ["product-offered"]


def test_a_new_report_prices_the_tier_anew_and_a_downgrade_is_told(world: World) -> None:
    score(world, "bd-1001", 72, offset=0)
    assert decision(world, "bd-1001", "supplier-finance-north-sea").tier == "silver"
    telling.release(world, "bd-1001", non_compliant=12, days_ago=5)
    found = decision(world, "bd-1001", "supplier-finance-north-sea")
    assert found.outcome == Outcome.ELIGIBILITY_OUTCOME_NOT_ELIGIBLE
    assert [one.condition for one in receipt(world, found.receipt).changes] == ["report-sufficient"]
    north_sea = [one.partition(": ")[2] for one in decided("bd-1001") if one.startswith("supplier-finance-north-sea")]
    assert north_sea[-5:] == [
        "ELIGIBLE gold",
        "ELIGIBLE silver",
        "gold to silver, worse: True",
        "NOT_ELIGIBLE",
        "silver to -, worse: True",
    ]
    telling.release(world, "bd-1001", days_ago=2)
    assert decision(world, "bd-1001", "supplier-finance-north-sea").tier == "silver"


def test_a_change_that_decides_nothing_changes_the_receipt_alone(world: World) -> None:
    before = decision(world, "bd-1001", "supplier-finance-north-sea")
    told = decided("bd-1001")
    telling.release(world, "bd-1001", non_compliant=5, days_ago=1)
    after = decision(world, "bd-1001", "supplier-finance-north-sea")
    assert after.receipt != before.receipt
    assert after.decide_time == before.decide_time
    assert decided("bd-1001") == told
    assert receipt(world, before.receipt).name == before.receipt  # kept for ever


def test_lines_records_and_owners_open_the_other_products(world: World) -> None:
    line = telling.open_line(world, "bd-1002")
    telling.release(world, "bd-1002")
    assert decision(world, "bd-1002", "safety-remediation-line").outcome == Outcome.ELIGIBILITY_OUTCOME_ELIGIBLE
    asked = service_pb2.ListFinanceableLinesRequest(
        parent="factories/bd-1002", product="products/safety-remediation-line"
    )
    (financeable,) = world.call(OFFICER, asked).financeable_lines
    assert (financeable.line_id, financeable.cluster, financeable.state) == (line, telling.OSH, "open")
    figures = environmental_record_pb2.EnvironmentalFigures(
        higg_scores=[environmental_record_pb2.HiggScore(module=environmental_record_pb2.HIGG_MODULE_ENERGY, score=61)]
    )
    year = clock.now().year - 1
    record = SubmitEnvironmentalRecordRequest(
        name=f"factories/bd-1002/environmentalRecords/{year}",
        figures=figures,
        verification=environmental_record_pb2.ENVIRONMENTAL_VERIFICATION_SELF_REPORTED,
        request_id=new_id(),
    )
    world.call(OFFICER, record)
    assert decision(world, "bd-1002", "resource-efficiency-loan").outcome == Outcome.ELIGIBILITY_OUTCOME_ELIGIBLE
    owners = RecordOwnershipRequest(
        name="factories/bd-1002/financeProfile",
        women_owned_percent=30,
        women_board_percent=50,
        as_of_day=day(-10),
        evidence="company register",
        request_id=new_id(),
    )
    world.call(OFFICER, owners)
    found = decision(world, "bd-1002", "women-owned-trade-finance")
    assert found.outcome == Outcome.ELIGIBILITY_OUTCOME_ELIGIBLE
    telling.close_line(world, "bd-1002", line)
    assert decision(world, "bd-1002", "safety-remediation-line").outcome == Outcome.ELIGIBILITY_OUTCOME_NOT_ELIGIBLE


def test_a_factory_sees_its_own_decisions_and_receipts(world: World) -> None:
    own = world.call(FACTORY, service_pb2.GetEligibilityRequest(name="factories/bd-1001/eligibility")).eligibility
    listed = world.call(FACTORY, service_pb2.ListEligibilitiesRequest()).eligibilities
    assert [one.name for one in listed] == [own.name]
    receipts = world.call(FACTORY, service_pb2.ListReceiptsRequest(parent="factories/bd-1001"))
    assert own.decisions[0].receipt in [one.name for one in receipts.receipts]
    assert receipts.total_size == len(receipts.receipts) > 5


def test_lists_filter_page_and_count(world: World) -> None:
    world.settle()
    eligible = service_pb2.ListEligibilitiesRequest(
        product="products/supplier-finance-north-sea", outcome=Outcome.ELIGIBILITY_OUTCOME_ELIGIBLE, tier="silver"
    )
    found = world.call(OFFICER, eligible)
    assert [one.name for one in found.eligibilities] == ["factories/bd-1001/eligibility"]
    assert [one.product for one in found.eligibilities[0].decisions] == ["products/supplier-finance-north-sea"]
    first = world.call(OFFICER, service_pb2.ListEligibilitiesRequest(country="BD", page_size=2))
    rest = service_pb2.ListEligibilitiesRequest(country="BD", page_size=2, page_token=first.next_page_token)
    assert len(first.eligibilities) + len(world.call(OFFICER, rest).eligibilities) == first.total_size == 3
    counts = world.call(OFFICER, service_pb2.CountEligibilitiesRequest(country="BD")).counts
    assert sum(one.factories for one in counts if one.product == "products/safety-remediation-line") == 3


def test_a_report_that_gets_too_old_turns_the_decision_by_itself(world: World) -> None:
    assert decision(world, "bd-1001", "supplier-finance-north-sea").outcome == Outcome.ELIGIBILITY_OUTCOME_ELIGIBLE
    try:
        world.move_clock(days=541)
        found = decision(world, "bd-1001", "supplier-finance-north-sea")
        assert found.outcome == Outcome.ELIGIBILITY_OUTCOME_INCOMPLETE
        assert list(found.missing) == ["assessment-report", "buyer-score"]
        stale = {one.code for one in receipt(world, found.receipt).inputs if one.HasField("stale_since")}
        assert stale == {"assessment-report", "buyer-score"}
    finally:
        world.move_clock()
