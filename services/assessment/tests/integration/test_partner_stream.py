"""A partner follows changes: snapshot first, in order, from any token on, and never without a live grant."""

import time
from collections.abc import Callable, Iterator

import pytest

from amplify.assessment.v1 import partner_service_pb2 as pb
from amplify.programme.v1 import consent_grant_pb2
from assessment.read_models import partner_feed
from assessment.settings import AssessmentSettings
from chassis.database import db
from local_stack.issuer import Issuer

from .partner_world import BUYER, OTHER, PLAN, Partners, partners
from .world import Refused, World, new_id

pytestmark = pytest.mark.stack
TEN_DAYS = 10 * 24 * 3600.0


@pytest.fixture(scope="module")
def port(world: World, issuer: Issuer, settings: AssessmentSettings) -> Iterator[Partners]:
    """The port for partners, with heartbeats that a test can wait for."""
    with partners(issuer, settings.model_copy(update={"partner_heartbeat_seconds": 0.4})) as made:
        yield made


@pytest.fixture(autouse=True)
def no_grants(port: Partners) -> None:
    """Each test begins without consents, and with every retraction acknowledged."""
    port.ledger.rows.clear()
    for row in partner_feed.retractions(1, BUYER):
        name = f"consentGrants/{row['grant_id']}"
        port.call(BUYER, pb.AcknowledgeRetractionRequest(consent_grant=name, request_id=new_id()))


@pytest.fixture(scope="module")
def release(world: World, port: Partners) -> Callable[[str], str]:
    """Release a report of a factory, known to the feed; its id."""

    def work(factory: str) -> str:
        id = world.release(factory=factory)
        port.tell_own_facts()
        return id

    return work


def names(changes: list[pb.Change]) -> list[str]:
    return [
        one.released_report.name.removeprefix("releasedReports/") for one in changes if one.HasField("released_report")
    ]


def test_a_newcomer_gets_a_snapshot_then_news_then_a_retraction(port: Partners, release: Callable[[str], str]) -> None:
    old = release("bd-1001")
    grant = port.grant("bd-1001", told=False)
    stream = port.watch(BUYER).until_current()
    assert stream.kinds()[0] == "access_granted"
    assert old in names(stream.changes)
    assert all(one.snapshot for one in stream.changes)
    before = len(stream.changes)
    new = release("bd-1001")
    stream.wait(lambda me: len(me.changes) > before)
    news = stream.changes[before]
    assert (names([news]), news.snapshot, news.factory) == ([new], False, "factories/bd-1001")
    assert {one.consent_grant for one in stream.changes} == {f"consentGrants/{grant}"}
    port.withdraw(grant)
    stream.wait(lambda me: me.kinds()[-1] == "retraction")
    gone = stream.changes[-1]
    assert (gone.consent_grant, gone.retraction.state) == (
        f"consentGrants/{grant}",
        consent_grant_pb2.CONSENT_STATE_WITHDRAWN,
    )
    so_far = len(stream.changes)
    release("bd-1001")
    beats = len(stream.items)
    stream.wait(lambda me: len(me.items) > beats + 1)
    assert (len(stream.changes), stream.ended) == (so_far, None)
    stream.close()


def test_a_stream_goes_on_behind_its_token(port: Partners, release: Callable[[str], str]) -> None:
    """At each place: nothing is left out, and events keep their ids."""
    token = port.watch(BUYER).until_current().close()
    grant = port.grant("bd-1002")
    made = [release("bd-1002") for _ in range(3)]
    whole = port.watch(BUYER, token)
    whole.wait(lambda me: made[-1] in names(me.changes))
    whole.close()
    items = [item for item in whole.items if item.HasField("change")]
    for place, item in enumerate(items):
        behind = {each.change.event_id for each in items[place + 1 :]}
        rest = port.watch(BUYER, item.resume_token)
        rest.wait(lambda me, behind=behind: behind <= {one.event_id for one in me.changes})
        rest.close()
    port.withdraw(grant)


def test_a_token_is_as_good_after_ten_days(port: Partners, world: World, release: Callable[[str], str]) -> None:
    token = port.watch(BUYER).until_current().close()
    grant = port.grant("bd-1002")
    made = [release("bd-1002")]
    world.move_clock(TEN_DAYS)
    made.append(release("bd-1002"))
    stream = port.watch(BUYER, token)
    stream.wait(lambda me: made[-1] in names(me.changes))
    assert set(made) <= set(names(stream.changes))
    port.withdraw(grant)
    stream.wait(lambda me: me.kinds()[-1] == "retraction")
    stream.close()
    world.move_clock(0)


def test_order_holds_for_each_factory(port: Partners, release: Callable[[str], str]) -> None:
    token = port.watch(BUYER).until_current().close()
    for factory in ("bd-1001", "bd-1002"):
        port.grant(factory)
    made = [(factory, release(factory)) for factory in ("bd-1001", "bd-1002", "bd-1001", "bd-1002")]
    stream = port.watch(BUYER, token)
    stream.wait(lambda me: made[-1][1] in names([one for one in me.changes if not one.snapshot]))
    for factory in ("bd-1001", "bd-1002"):
        told = names([one for one in stream.changes if not one.snapshot and one.factory == f"factories/{factory}"])
        assert told[-2:] == [id for of, id in made if of == factory]
    stream.close()


def test_a_new_grant_brings_a_snapshot_also_where_it_begins_later(
    port: Partners, release: Callable[[str], str]
) -> None:
    old = release("bd-1003")
    stream = port.watch(BUYER).until_current()
    beats = len(stream.items)
    grant = port.grant("bd-1003", starts_in=3600)
    stream.wait(lambda me: len(me.items) > beats + 6)
    assert stream.changes == []
    port.begin(grant)
    stream.wait(lambda me: old in names(me.changes))
    assert stream.kinds()[0] == "access_granted"
    assert {one.consent_grant for one in stream.changes} == {f"consentGrants/{grant}"}
    stream.close()


def test_whoever_starts_afresh_gets_the_retractions_that_are_owed(port: Partners) -> None:
    grant = port.grant("bd-1001")
    port.withdraw(grant, expired=True)
    for _ in range(2):
        stream = port.watch(BUYER).until_current()
        assert [(one.consent_grant, one.retraction.state) for one in stream.changes] == [
            (f"consentGrants/{grant}", consent_grant_pb2.CONSENT_STATE_EXPIRED)
        ]
        stream.close()
    request = pb.AcknowledgeRetractionRequest(consent_grant=f"consentGrants/{grant}", request_id=new_id())
    with pytest.raises(Refused) as caught:
        port.call(OTHER, request)
    assert caught.value.code == "NOT_FOUND"
    first = port.call(BUYER, request)
    assert port.call(BUYER, request) == first
    again = pb.AcknowledgeRetractionRequest(consent_grant=f"consentGrants/{grant}", request_id=new_id())
    assert port.call(BUYER, again) == first
    assert db().facts.count_documents({"type": "RetractionAcknowledged", "key": grant}) == 1
    afresh = port.watch(BUYER).until_current()
    assert afresh.changes == []
    afresh.close()


def test_a_live_grant_cannot_be_acknowledged_as_retracted(port: Partners) -> None:
    name = f"consentGrants/{port.grant('bd-1001')}"
    with pytest.raises(Refused) as caught:
        port.call(BUYER, pb.AcknowledgeRetractionRequest(consent_grant=name, request_id=new_id()))
    assert caught.value.code == "NOT_FOUND"


def test_what_is_withdrawn_ends_at_once_also_before_its_fact_arrives(
    port: Partners, release: Callable[[str], str]
) -> None:
    grant = port.grant("bd-1001")
    stream = port.watch(BUYER).until_current()
    before = len(stream.changes)
    port.withdraw(grant, told=False)
    release("bd-1001")
    stream.wait(lambda me: me.ended is not None, 30)
    assert (stream.ended.code, len(stream.changes)) == ("UNAVAILABLE", before)


def test_programme_that_goes_down_ends_the_stream_and_it_resumes(port: Partners, release: Callable[[str], str]) -> None:
    port.grant("bd-1001")
    stream = port.watch(BUYER).until_current()
    port.ledger.down = True
    try:
        stream.wait(lambda me: me.ended is not None)
        assert stream.ended.code == "UNAVAILABLE"
        new = release("bd-1001")
    finally:
        port.ledger.down = False
    resumed = port.watch(BUYER, stream.close())
    # At least once: where the stream broke before the grant's own row had passed, its snapshot comes again.
    resumed.wait(lambda me: names(me.changes)[-1:] == [new])
    resumed.close()


@pytest.mark.parametrize(
    ("spoil", "organisation", "reason"),
    [
        (lambda token: token, OTHER, "RESUME_TOKEN_NOT_YOURS"),
        (lambda token: f"{token[:-2]}A{token[-1]}", BUYER, "RESUME_TOKEN_INVALID"),
        (lambda token: token[::-1], BUYER, "RESUME_TOKEN_INVALID"),
        (lambda token: "nonsense", BUYER, "RESUME_TOKEN_INVALID"),
        (lambda token: "ü" * 20, BUYER, "RESUME_TOKEN_INVALID"),
    ],
)
def test_a_token_of_another_or_an_edited_one_is_refused(
    port: Partners, spoil: Callable[[str], str], organisation: str, reason: str
) -> None:
    token = port.watch(BUYER).until_current().close()
    stream = port.watch(organisation, spoil(token))
    stream.wait(lambda me: me.ended is not None)
    assert (stream.ended.code, stream.ended.fields, stream.items) == ("INVALID_ARGUMENT", {"resume_token": reason}, [])


def test_lines_are_told_only_under_a_grant_for_the_plan(port: Partners) -> None:
    grant = port.grant("bd-1001", PLAN)
    stream = port.watch(BUYER).until_current()
    assert stream.kinds()[0] == "access_granted"
    assert not names(stream.changes)
    assert stream.changes[0].consent_grant == f"consentGrants/{grant}"
    stream.close()


def test_a_feed_that_was_built_anew_asks_for_a_snapshot(port: Partners) -> None:
    stream = port.watch(BUYER).until_current()
    partner_feed.partner_feed.prepare(2)
    partner_feed.partner_feed.flip(2)
    try:
        stream.wait(lambda me: me.ended is not None)
        again = port.watch(BUYER, stream.close())
        again.wait(lambda me: me.ended is not None)
        for one in (stream, again):
            assert one.ended.fields == {"resume_token": "RESUME_TOKEN_OUTDATED"}
        afresh = port.watch(BUYER).until_current()
        assert afresh.ended is None
        afresh.close()
    finally:
        partner_feed.partner_feed.flip(1)
        time.sleep(1.5)
