"""Which grants of the ledger let a referral go on, and when: what they are for and when they begin."""

from datetime import timedelta

import pytest

from amplify.programme.v1.consent_grant_pb2 import CONSENT_PURPOSE_SUPPLY_CHAIN_DUE_DILIGENCE
from chassis import clock
from chassis.database import db
from local_stack.waiting import wait_until

from . import leading, telling
from .leading import State
from .ledger import Grant
from .world import World, new_id

pytestmark = pytest.mark.stack
BANK = "delta-bank"


@pytest.fixture(scope="module")
def line(world: World) -> str:
    """bd-1001 is eligible for the safety line; its open line."""
    return leading.make_eligible(world, "bd-1001")


def test_a_grant_for_another_purpose_moves_no_referral(world: World, line: str) -> None:
    other = new_id()
    name = leading.propose(world, "bd-1001", line)
    telling.grant(world, other, "bd-1001", BANK, purpose=CONSENT_PURPOSE_SUPPLY_CHAIN_DUE_DILIGENCE)
    assert leading.get(world, name).state == State.REFERRAL_STATE_PROPOSED
    leading.end(world, name)
    name = leading.propose(world, "bd-1001", line)
    assert leading.get(world, name).state == State.REFERRAL_STATE_PROPOSED, "it is no consent that is known already"
    grant = leading.consent(world, "bd-1001")
    telling.withdraw(world, other, "bd-1001", BANK)
    leading.freeze(world, name)
    assert leading.get(world, name).consent_grant == f"consentGrants/{grant.id}"
    leading.end(world, name, grant)


def test_a_grant_that_begins_later_lets_a_referral_go_on_when_it_begins(world: World, line: str) -> None:
    grant = Grant("bd-1001", BANK)
    name = leading.propose(world, "bd-1001", line)
    telling.grant(world, grant.id, "bd-1001", BANK, begins=2)
    telling.renew(world, grant.id, "bd-1001", BANK, begins=2, days=120)
    ends = clock.now() + timedelta(days=119)
    world.settle()
    assert leading.get(world, name).state == State.REFERRAL_STATE_PROPOSED
    try:
        world.move_clock(days=2, minutes=1)
        wait_until(lambda: leading.get(world, name).state == State.REFERRAL_STATE_CONSENTED)
        kept = db().referrals.find_one({"_id": name.split("/")[1]})
        assert kept["consent_until"] > ends, "with the end that was moved before it began"
        world.ledger.grants.append(grant)
        leading.freeze(world, name)
    finally:
        world.move_clock()
    leading.end(world, name, grant)


def test_a_grant_that_is_withdrawn_before_it_begins_moves_nothing(world: World, line: str) -> None:
    gone, name = new_id(), leading.propose(world, "bd-1001", line)
    telling.grant(world, gone, "bd-1001", BANK, begins=2)
    telling.withdraw(world, gone, "bd-1001", BANK)
    assert not db().due_work.count_documents({"kind": "consent-begins"})
    leading.end(world, name)
