"""A hold of the programme is opaque: the same for every cause, in receipts, counts, lists and events."""

import hashlib
import json
from typing import Any

import pytest

from amplify.finance_linkage.v1 import eligibility_events_pb2, eligibility_pb2
from amplify.finance_linkage.v1 import eligibility_service_pb2 as service_pb2
from chassis.database import db

from . import leading, telling
from .world import FACTORY, OFFICER, OTHER_FACTORY, Refused, World

pytestmark = pytest.mark.stack
PRODUCT = "products/safety-remediation-line"
HELD = {"bd-1001": "child labour", "bd-1002": "an integrity case"}
"""Two factories that programme holds for causes that it never tells."""


def shown(world: World, factory: str) -> dict[str, Any]:
    """Everything that an officer can see of a factory's decisions, without what differs between any two factories."""
    request = service_pb2.GetEligibilityRequest(name=f"factories/{factory}/eligibility")
    decisions = world.call(OFFICER, request).eligibility.decisions
    receipts = [world.call(OFFICER, service_pb2.GetReceiptRequest(name=one.receipt)).receipt for one in decisions]
    return {
        "decisions": [(one.product, one.outcome, one.tier, list(one.missing)) for one in decisions],
        "receipts": [_without_ids(receipt, factory) for receipt in receipts],
        "sizes": [len(receipt.canonical) for receipt in receipts],
    }


def _without_ids(receipt: eligibility_pb2.Receipt, factory: str) -> str:
    said = json.loads(receipt.canonical)
    for one in said["inputs"]:
        one["sources"] = len(one["sources"])
        one.pop("missing_since", None)
    return json.dumps(said, sort_keys=True).replace(factory, "-")


def test_two_holds_for_different_causes_cannot_be_told_apart(world: World) -> None:
    for factory in HELD:
        leading.make_eligible(world, factory)
    before = {factory: shown(world, factory) for factory in HELD}
    for factory in HELD:
        telling.hold(world, factory)
    world.settle()
    held = {factory: shown(world, factory) for factory in HELD}
    assert held["bd-1001"] == held["bd-1002"]
    assert held != before
    (receipt,) = [one for one in held["bd-1001"]["receipts"] if PRODUCT.split("/")[1] in one]
    said = json.loads(receipt)
    assert [one["code"] for one in said["conditions"] if one["result"] != "met"] == ["no-programme-hold"]
    assert [one["condition"] for one in said["changes"]] == ["no-programme-hold"]

    # What leaves the service does not tell of a hold at all; lists and counts have no word for one.
    rows = db().facts.find({"key": {"$in": list(HELD)}, "stream": "finance-linkage-eligibility"})
    assert all(b"hold" not in bytes(row["value"]) for row in rows)
    counts = world.call(OFFICER, service_pb2.CountEligibilitiesRequest()).counts
    not_eligible = eligibility_pb2.ELIGIBILITY_OUTCOME_NOT_ELIGIBLE
    assert [one.factories for one in counts if (one.product, one.outcome) == (PRODUCT, not_eligible)] == [3]

    # Once it is lifted nothing stays of it: the receipts are those from before.
    for factory in HELD:
        telling.hold(world, factory, lift=True)
    world.settle()
    assert {factory: shown(world, factory) for factory in HELD} == before


def test_a_factory_on_hold_is_not_proposed_and_the_refusal_names_no_hold(world: World) -> None:
    line = leading.make_eligible(world, "bd-1003")
    telling.hold(world, "bd-1003")
    world.settle()
    with pytest.raises(Refused) as refused:
        world.call(OFFICER, leading.proposal("bd-1003", line))
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "FACTORY_NOT_ELIGIBLE")


def test_a_hold_between_freezing_and_sending_keeps_the_referral_back(world: World) -> None:
    line = leading.make_eligible(world, "bd-1001")
    name = leading.propose(world, "bd-1001", line)
    leading.consent(world, "bd-1001")
    leading.freeze(world, name)
    telling.hold(world, "bd-1001")
    world.settle()
    with pytest.raises(Refused) as refused:
        leading.send(world, name)
    assert refused.value.reason == "FACTORY_NOT_ELIGIBLE"


def told(world: World, factory: str, person: str) -> dict[str, Any]:
    """What a factory's manager reads of the safety line, in decisions, receipts and facts, without what names it."""
    request = service_pb2.GetEligibilityRequest(name=f"factories/{factory}/eligibility")
    decisions = world.call(person, request).eligibility.decisions
    (decision,) = [one for one in decisions if one.product == PRODUCT]
    receipt = world.call(person, service_pb2.GetReceiptRequest(name=decision.receipt)).receipt
    assert receipt.canonical_digest == hashlib.sha256(receipt.canonical).hexdigest()
    asked = service_pb2.ListReceiptsRequest(parent=f"factories/{factory}", product=PRODUCT)
    listed = world.call(person, asked).receipts
    assert all(b"hold" not in one.canonical for one in listed)
    facts = [
        eligibility_events_pb2.EligibilityDecided.FromString(row["value"])
        for row in db().facts.find({"key": factory, "type": {"$regex": "EligibilityDecided$"}}).sort("order", 1)
    ]
    last = [one for one in facts if one.product_id == PRODUCT.split("/")[1]][-1]
    return {
        "decision": (decision.outcome, decision.tier, list(decision.missing)),
        "receipt": receipt.canonical.replace(factory.encode(), b"-"),
        "shown": (len(receipt.inputs), len(receipt.conditions), len(receipt.changes)),
        "fact": (last.outcome, last.previous_outcome, last.tier, list(last.missing), last.rule_version),
    }


def test_a_factory_cannot_tell_its_hold_from_any_other_reason(world: World) -> None:
    for factory in HELD:
        telling.hold(world, factory, lift=True)
        leading.make_eligible(world, factory)
    assert told(world, "bd-1001", FACTORY)["shown"][1] > 0
    telling.hold(world, "bd-1001")
    asked = service_pb2.ListFinanceableLinesRequest(parent="factories/bd-1002", product=PRODUCT)
    for line in world.call(OFFICER, asked).financeable_lines:
        telling.close_line(world, "bd-1002", line.line_id)
    world.settle()
    held, other = told(world, "bd-1001", FACTORY), told(world, "bd-1002", OTHER_FACTORY)
    assert held == other
    assert held["shown"] == (0, 0, 0)
    telling.hold(world, "bd-1001", lift=True)
    world.settle()
