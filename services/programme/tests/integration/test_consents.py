"""Consents through the real server: who may give them, how they end, and what they open at each moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from amplify.programme.v1 import consent_grant_pb2, factory_pb2
from amplify.programme.v1 import consent_service_pb2 as pb
from amplify.programme.v1 import factory_service_pb2 as factories_pb2
from chassis import clock
from local_stack.waiting import wait_until

from .world import ADVISOR, BUYER, FACTORY, MANAGER_KH, OFFICER, SERVICE, Refused, World, new_id, utc_now

pytestmark = pytest.mark.stack
REPORTS = consent_grant_pb2.CONSENT_SCOPE_REPORTS
BUYERS = "organisations/north-sea-apparel"


@pytest.fixture(scope="module", autouse=True)
def own_factory(world: World) -> None:
    """The factory manager's own factory and the buyer's organisation exist."""
    world.settle()


@pytest.fixture(autouse=True)
def clock_back(world: World) -> Iterator[None]:
    """The business clock stands right again afterwards, once what became due meanwhile is done."""
    yield
    wait_until(lambda: not world.database.due_work.count_documents({"due_at": {"$lte": clock.now()}}))
    world.move_clock(0)


def request(factory: str, organisation: str = BUYERS, **fields: object) -> pb.GrantConsentRequest:
    ends_at = fields.pop("ends_at", utc_now() + timedelta(days=30))
    starts_at = fields.pop("starts_at", None)
    values = {"scope": REPORTS, "evidence": "letter 17", "request_id": new_id(), "consent_grant_id": new_id()} | fields
    made = pb.GrantConsentRequest(factory=factory, organisation=organisation, **values)  # type: ignore[arg-type]
    assert isinstance(ends_at, datetime)
    made.expire_time.FromDatetime(ends_at)
    if isinstance(starts_at, datetime):
        made.start_time.FromDatetime(starts_at)
    return made


def grant(world: World, factory: str, organisation: str = BUYERS, **fields: object) -> consent_grant_pb2.ConsentGrant:
    granted: consent_grant_pb2.ConsentGrant = world.call(
        OFFICER, request(factory, organisation, **fields)
    ).consent_grant
    return granted


def is_live(world: World, factory: str, organisation: str = BUYERS, person: str = SERVICE) -> bool:
    asked = pb.CheckConsentRequest(factory=factory, organisation=organisation, scope=REPORTS)
    return bool(world.call(person, asked).live)


def withdraw(world: World, name: str, person: str = OFFICER) -> None:
    world.call(person, pb.WithdrawConsentRequest(name=name, request_id=new_id()))


def test_a_consent_opens_from_the_grant_until_the_withdrawal(world: World) -> None:
    factory = world.enrol().name
    assert not is_live(world, factory)
    granted = grant(world, factory)
    assert granted.state == consent_grant_pb2.CONSENT_STATE_LIVE
    assert is_live(world, factory)
    withdraw(world, granted.name)
    assert not is_live(world, factory)
    assert world.facts(granted.name.split("/")[1]) == ["ConsentGranted", "ConsentWithdrawn"]
    assert world.database.due_work.count_documents({"key": granted.name.split("/")[1]}) == 0


def test_a_consent_ends_at_its_time_and_its_expiry_is_one_fact(world: World) -> None:
    factory = world.enrol().name
    granted = grant(world, factory, ends_at=utc_now() + timedelta(days=28))
    world.move_clock(timedelta(days=27).total_seconds())
    assert is_live(world, factory)
    world.move_clock(timedelta(days=28, seconds=2).total_seconds())
    assert not is_live(world, factory)
    key = granted.name.split("/")[1]
    wait_until(lambda: world.facts(key) == ["ConsentGranted", "ConsentExpired"], 60, "the expiry is recorded")
    shown = world.call(OFFICER, pb.GetConsentGrantRequest(name=granted.name)).consent_grant
    assert shown.state == consent_grant_pb2.CONSENT_STATE_EXPIRED
    assert grant(world, factory, ends_at=utc_now() + timedelta(days=60)).name != granted.name
    assert is_live(world, factory)


def test_a_consent_that_starts_later_opens_nothing_before(world: World) -> None:
    factory = world.enrol().name
    grant(world, factory, starts_at=utc_now() + timedelta(days=1))
    assert not is_live(world, factory)
    world.move_clock(timedelta(days=1, seconds=2).total_seconds())
    assert is_live(world, factory)


def test_only_one_consent_for_the_same_thing_is_live(world: World) -> None:
    factory = world.enrol().name
    first = grant(world, factory)
    before = world.everything()
    with pytest.raises(Refused) as refusal:
        grant(world, factory)
    assert (refusal.value.code, refusal.value.reason) == ("FAILED_PRECONDITION", "CONSENT_ALREADY_LIVE")
    assert world.everything() == before
    plan = consent_grant_pb2.CONSENT_SCOPE_IMPROVEMENT_PLAN
    assert grant(world, factory, scope=plan).scope == plan
    withdraw(world, first.name)
    assert grant(world, factory).state == consent_grant_pb2.CONSENT_STATE_LIVE


def test_of_many_at_once_one_consent_is_given(world: World) -> None:
    factory = world.enrol().name

    def attempt(_: int) -> str:
        try:
            return grant(world, factory).name
        except Refused as refused:
            return refused.reason

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(attempt, range(6)))
    assert answers.count("CONSENT_ALREADY_LIVE") == 5, answers
    live = {"terms.factory_id": factory.split("/")[1], "state": "live"}
    assert world.database.consent_grants.count_documents(live) == 1


def test_a_factory_manager_consents_for_its_own_factory_alone_and_needs_no_evidence(world: World) -> None:
    own = request("factories/bd-1001", evidence="")
    granted = world.call(FACTORY, own).consent_grant
    assert granted.granted_by == FACTORY
    other = world.enrol().name
    with pytest.raises(Refused) as refusal:
        world.call(FACTORY, request(other, evidence=""))
    assert refusal.value.reason == "NOT_FOUND"
    withdraw(world, granted.name, FACTORY)


@pytest.mark.parametrize(("person", "code"), [(ADVISOR, "PERMISSION_DENIED"), (BUYER, "PERMISSION_DENIED")])
def test_others_cannot_give_consent(world: World, person: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        world.call(person, request("factories/bd-1001"))
    assert refusal.value.code == code


def test_a_buyer_sees_a_factory_only_while_it_consents(world: World) -> None:
    name = world.enrol(
        contact=factory_pb2.Contact(name="Example Contact"), customers=[factory_pb2.Customer(name="Another buyer")]
    ).name
    granted = grant(world, name)
    seen = world.call(BUYER, factories_pb2.GetFactoryRequest(name=name)).factory
    assert seen.display_name
    assert not seen.HasField("contact")
    assert list(seen.customers) == []
    shown = world.call(BUYER, pb.GetConsentGrantRequest(name=granted.name)).consent_grant
    assert shown.evidence == ""
    withdraw(world, granted.name)
    with pytest.raises(Refused) as refusal:
        world.call(BUYER, factories_pb2.GetFactoryRequest(name=name))
    assert refusal.value.reason == "NOT_FOUND"


def test_a_partner_may_ask_for_its_own_organisation_alone(world: World) -> None:
    factory = world.enrol().name
    assert not is_live(world, factory, person=BUYER)
    with pytest.raises(Refused) as refusal:
        is_live(world, factory, world.organisation(), person=BUYER)
    assert refusal.value.code == "PERMISSION_DENIED"
    with pytest.raises(Refused):
        is_live(world, factory, person=MANAGER_KH)


def test_grants_are_listed_with_their_conditions_for_those_they_concern(world: World) -> None:
    factory, other = world.enrol().name, world.organisation()
    to_buyer, to_other = grant(world, factory), grant(world, factory, other)
    withdraw(world, to_other.name)

    def names(person: str, **conditions: object) -> list[str]:
        asked = pb.ListConsentGrantsRequest(factory=factory, **conditions)  # type: ignore[arg-type]
        return [one.name for one in world.call(person, asked).consent_grants]

    assert names(OFFICER) == [to_other.name, to_buyer.name]
    assert names(OFFICER, organisation=other) == [to_other.name]
    assert names(OFFICER, state=consent_grant_pb2.CONSENT_STATE_LIVE) == [to_buyer.name]
    assert names(BUYER) == [to_buyer.name]
    assert names(MANAGER_KH) == []
    assert names(FACTORY) == []
