"""Purpose, fields, reference and renewal of consents through the real server, and the lists of what is live."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from amplify.programme.v1 import consent_grant_pb2, organisation_pb2
from amplify.programme.v1 import consent_lists_pb2 as lists
from amplify.programme.v1 import consent_service_pb2 as pb
from chassis import clock
from local_stack.waiting import wait_until

from .test_consents import BUYERS, grant, is_live, request, withdraw
from .world import ADVISOR, FACTORY, OFFICER, SERVICE, Refused, World, new_id, utc_now

pytestmark = pytest.mark.stack
REPORTS, FINANCE = consent_grant_pb2.CONSENT_SCOPE_REPORTS, consent_grant_pb2.CONSENT_SCOPE_FINANCE
DUE_DILIGENCE = consent_grant_pb2.CONSENT_PURPOSE_SUPPLY_CHAIN_DUE_DILIGENCE
RESEARCH = consent_grant_pb2.CONSENT_PURPOSE_RESEARCH


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


def check(world: World, factory: str, organisation: str = BUYERS, **fields: object) -> pb.CheckConsentResponse:
    values = {"factory": factory, "organisation": organisation, "scope": REPORTS} | fields
    answer: pb.CheckConsentResponse = world.call(SERVICE, pb.CheckConsentRequest(**values))  # type: ignore[arg-type]
    return answer


def renew(
    world: World, name: str, ends_at: datetime, person: str = OFFICER, **fields: str
) -> consent_grant_pb2.ConsentGrant:
    values: dict[str, Any] = {"evidence": "letter 18", "request_id": new_id()} | fields
    asked = pb.RenewConsentRequest(name=name, **values)
    asked.expire_time.FromDatetime(ends_at)
    renewed: consent_grant_pb2.ConsentGrant = world.call(person, asked).consent_grant
    return renewed


def live(world: World, organisation: str, **fields: object) -> lists.ListLiveConsentsResponse:
    asked = lists.ListLiveConsentsRequest(organisation=organisation, **fields)  # type: ignore[arg-type]
    listed: lists.ListLiveConsentsResponse = world.call(SERVICE, asked)
    return listed


def test_a_grant_says_what_for_and_what_of_it_and_so_does_every_check(world: World) -> None:
    factory = world.enrol().name
    granted = grant(world, factory, fields=["points.status", "overall"])
    assert (granted.purpose, list(granted.fields)) == (DUE_DILIGENCE, ["overall", "points.status"])
    answer = check(world, factory)
    assert (answer.live, answer.purpose, list(answer.fields)) == (True, DUE_DILIGENCE, ["overall", "points.status"])
    assert check(world, factory, purpose=DUE_DILIGENCE).live
    assert not check(world, factory, purpose=RESEARCH).live


def test_who_asks_for_finance_asks_for_referrals_whatever_it_is(world: World) -> None:
    granted = grant(world, world.enrol().name, scope=FINANCE)
    assert granted.purpose == consent_grant_pb2.CONSENT_PURPOSE_FINANCE_REFERRAL


def test_a_grant_for_one_thing_opens_nothing_else(world: World) -> None:
    factory, bank = world.enrol().name, world.organisation(kind=organisation_pb2.ORGANISATION_KIND_FINANCIER)
    one, another = (f"referrals/{new_id()}" for _ in range(2))
    first = grant(world, factory, bank, scope=FINANCE, reference=one, fields=["report"])
    assert first.purpose == consent_grant_pb2.CONSENT_PURPOSE_FINANCE_REFERRAL

    def answers(**fields: object) -> list[str]:
        asked = [
            check(world, factory, bank, scope=FINANCE, **fields, **to)
            for to in ({"reference": one}, {"reference": another}, {})
        ]
        return [answer.consent_grant for answer in asked]

    assert answers() == [first.name, "", ""]
    with pytest.raises(Refused) as refusal:
        grant(world, factory, bank, scope=FINANCE, reference=one)
    assert refusal.value.reason == "CONSENT_ALREADY_LIVE"
    for_all = grant(world, factory, bank, scope=FINANCE)
    assert answers() == [first.name, for_all.name, for_all.name]
    withdraw(world, first.name)
    assert answers() == [for_all.name] * 3


def test_a_renewal_moves_the_end_of_what_is_live(world: World) -> None:
    factory = world.enrol().name
    granted = grant(world, factory, ends_at=utc_now() + timedelta(days=28))
    ends_at = utc_now().replace(microsecond=0) + timedelta(days=60)
    renewed = renew(world, granted.name, ends_at, etag=granted.etag)
    assert renewed.expire_time.ToDatetime(UTC) == ends_at
    (history,) = renewed.renewals
    assert (history.previous_expire_time, history.evidence) == (granted.expire_time, "letter 18")
    assert (history.renewed_by, history.expire_time) == (OFFICER, renewed.expire_time)
    world.move_clock(timedelta(days=59).total_seconds())
    assert check(world, factory).expire_time == renewed.expire_time
    key = granted.name.split("/")[1]
    assert world.facts(key) == ["ConsentGranted", "ConsentRenewed"]
    world.move_clock(timedelta(days=60, seconds=2).total_seconds())
    assert not is_live(world, factory)
    wait_until(lambda: world.facts(key)[2:] == ["ConsentExpired"], 60, "the expiry is recorded at the new end")


def test_a_retry_of_a_renewal_has_one_effect_and_the_same_answer(world: World) -> None:
    granted = grant(world, world.enrol().name)
    ends_at, request_id = utc_now() + timedelta(days=60), new_id()
    first = renew(world, granted.name, ends_at, request_id=request_id)
    assert renew(world, granted.name, ends_at, request_id=request_id) == first
    assert world.facts(granted.name.split("/")[1]) == ["ConsentGranted", "ConsentRenewed"]


def test_a_grant_that_ended_between_two_steps_cannot_be_renewed(world: World) -> None:
    granted = grant(world, world.enrol().name, ends_at=utc_now() + timedelta(days=1))
    world.move_clock(timedelta(days=1, seconds=2).total_seconds())
    with pytest.raises(Refused) as refusal:
        renew(world, granted.name, utc_now() + timedelta(days=60))
    assert (refusal.value.code, refusal.value.fields) == ("FAILED_PRECONDITION", {"name": "CONSENT_NOT_LIVE"})


def test_a_factory_renews_its_own_consents_and_needs_no_evidence(world: World) -> None:
    granted = world.call(FACTORY, request("factories/bd-1001", world.organisation(), evidence="")).consent_grant
    renewed = renew(world, granted.name, utc_now() + timedelta(days=90), FACTORY, evidence="")
    assert renewed.renewals[0].renewed_by == FACTORY
    withdraw(world, granted.name, FACTORY)
    with pytest.raises(Refused) as refusal:
        renew(world, granted.name, utc_now() + timedelta(days=120), FACTORY)
    assert refusal.value.reason == "CONSENT_NOT_LIVE"


def test_a_withdrawal_and_a_renewal_at_once_leave_nothing_open(world: World) -> None:
    for _ in range(10):
        factory = world.enrol().name
        granted = grant(world, factory)

        def attempt(work: str, name: str = granted.name) -> str:
            try:
                (withdraw(world, name) if work == "withdraw" else renew(world, name, utc_now() + timedelta(days=60)))
            except Refused as refused:
                return refused.reason
            return work

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(attempt, ("withdraw", "renew")))
        assert answers[0] == "withdraw"
        assert answers[1] in ("renew", "CONSENT_NOT_LIVE")
        assert not is_live(world, factory)
        assert live(world, BUYERS, factory=factory).total_size == 0


def test_no_question_that_begins_after_the_withdrawal_is_acknowledged_is_answered_with_it(world: World) -> None:
    factory = world.enrol().name
    for _ in range(25):
        granted = grant(world, factory)
        assert is_live(world, factory)
        withdraw(world, granted.name)
        with ThreadPoolExecutor(4) as pool:
            single = list(pool.map(lambda _: is_live(world, factory), range(3)))
            listed = pool.submit(live, world, BUYERS, factory=factory).result()
        assert (single, listed.total_size) == ([False] * 3, 0)


def test_services_list_what_an_organisation_may_see_now(world: World) -> None:
    ours = world.organisation()
    kept = [grant(world, world.enrol().name, ours) for _ in range(3)]
    later = grant(world, kept[0].factory, ours, scope=FINANCE, starts_at=utc_now() + timedelta(days=1))
    ended = grant(world, world.enrol().name, ours)
    withdraw(world, ended.name)
    grant(world, kept[0].factory, world.organisation())
    first = live(world, ours, page_size=2)
    second = live(world, ours, page_size=2, page_token=first.next_page_token)
    rows = [*first.live_consents, *second.live_consents]
    assert [row.consent_grant for row in rows] == [one.name for one in sorted(kept, key=lambda one: one.factory)]
    assert (first.total_size, second.next_page_token) == (3, "")
    assert {(row.organisation, row.purpose, row.scope) for row in rows} == {(ours, DUE_DILIGENCE, REPORTS)}
    assert live(world, ours, scope=FINANCE).total_size == 0
    world.move_clock(timedelta(days=1, seconds=2).total_seconds())
    assert [row.consent_grant for row in live(world, ours, scope=FINANCE).live_consents] == [later.name]


def test_a_factory_sees_who_holds_what_since_when_and_how_it_ended(world: World) -> None:
    factory, other = world.enrol().name, world.organisation()
    to_buyer = grant(world, factory, ends_at=utc_now() + timedelta(days=90))
    to_other = grant(world, factory, other)
    withdraw(world, to_other.name)

    def shown(**fields: object) -> list[lists.FactoryConsent]:
        asked = lists.ListFactoryConsentsRequest(parent=factory, **fields)  # type: ignore[arg-type]
        return list(world.call(ADVISOR, asked).factory_consents)

    def names(**fields: object) -> list[str]:
        return [one.consent_grant.name for one in shown(**fields)]

    assert names() == names(order_by="grant_time desc") == [to_other.name, to_buyer.name]
    assert names(order_by="expire_time") == [to_other.name, to_buyer.name]
    by_name = [one.name for one in sorted((to_buyer, to_other), key=lambda one: one.organisation)]
    assert names(order_by="organisation") == by_name
    assert names(state=consent_grant_pb2.CONSENT_STATE_LIVE) == [to_buyer.name]
    ended = shown()[0]
    assert (ended.organisation_display_name, ended.consent_grant.ended_by) == ("An organisation", OFFICER)
    assert ended.consent_grant.HasField("end_time")
    assert ended.organisation_kind == organisation_pb2.ORGANISATION_KIND_BUYER
    first = world.call(ADVISOR, lists.ListFactoryConsentsRequest(parent=factory, page_size=1))
    rest = lists.ListFactoryConsentsRequest(parent=factory, page_size=1, page_token=first.next_page_token)
    assert [one.consent_grant.name for one in world.call(ADVISOR, rest).factory_consents] == [to_buyer.name]
    assert first.total_size == 2


def test_a_grant_of_version_0_1_is_read_renewed_and_withdrawn(world: World) -> None:
    """It names no purpose, no fields and no reference, neither in the ledger nor among what is live."""
    factory = world.enrol().name
    granted = grant(world, factory)
    key = granted.name.split("/")[1]
    new = ("purpose", "fields", "reference")
    terms = {f"terms.{name}": "" for name in new} | {"renewals": "", "ended_by": ""}
    world.database.consent_grants.update_one({"_id": key}, {"$unset": terms})
    world.database.live_consents.update_one({"grant_id": key}, {"$unset": dict.fromkeys(new, "")})
    answer = check(world, factory)
    assert (answer.live, answer.purpose, list(answer.fields), answer.reference) == (True, 0, [], "")
    assert not check(world, factory, purpose=DUE_DILIGENCE).live
    renewed = renew(world, granted.name, utc_now() + timedelta(days=60))
    assert (renewed.purpose, len(renewed.renewals)) == (0, 1)
    withdraw(world, granted.name)
    assert not is_live(world, factory)
