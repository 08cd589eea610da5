"""One timeline out of every service's facts: who sees which step, what it shows, and how it is narrowed down."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from amplify.assessment.v1 import advisory_visit_events_pb2 as visits
from amplify.assessment.v1 import committee_events_pb2 as committees
from amplify.assessment.v1 import committee_pb2, improvement_plan_pb2
from amplify.assessment.v1 import improvement_plan_events_pb2 as plans
from amplify.assessment.v1 import progress_report_events_pb2 as progress
from amplify.finance_linkage.v1 import eligibility_events_pb2 as eligibility
from amplify.finance_linkage.v1 import money_pb2
from amplify.finance_linkage.v1 import referral_result_events_pb2 as results
from amplify.notifications.v1 import message_events_pb2 as notifications
from amplify.programme.v1 import timeline_pb2
from amplify.programme.v1 import timeline_service_pb2 as pb
from amplify.training.v1 import head_count_pb2
from amplify.training.v1 import outcome_events_pb2 as outcomes
from amplify.training.v1 import recommendation_events_pb2 as recommendations
from amplify.training.v1 import session_events_pb2 as sessions
from chassis.applying import Applier, Record
from chassis.database import client, connect, db
from chassis.envelope import Envelope, encode
from chassis.service import Service, migrate
from chassis.settings import Settings
from local_stack.waiting import wait_until
from programme.read_models.timeline import CONSUMER
from programme.read_models.timeline_rows import timeline

from .test_timeline import publish, settled
from .world import ADVISOR, FACTORY, FINANCE, MANAGER_BD, OFFICER, SERVICE, Refused, World, new_id

pytestmark = pytest.mark.stack
JUNE = datetime(2026, 6, 1, 8, tzinfo=UTC)
BANK = "timeline-bank"
Facts = list[tuple[str, str, Proto]]


def women_and_men(women: int, men: int) -> list[head_count_pb2.HeadCount]:
    female, male = head_count_pb2.SEX_FEMALE, head_count_pb2.SEX_MALE
    return [head_count_pb2.HeadCount(sex=female, count=women), head_count_pb2.HeadCount(sex=male, count=men)]


def of_all(factory: str, other: str) -> Facts:
    """(stream, key, fact): a line, a progress report, a visit, a committee, a session of two factories and one of one,
    a recommendation, an eligibility, a disbursement, and a message about it."""
    here: dict[str, Any] = {"factory_id": factory, "country": "BD"}
    line, visit, single, shared, referral = (new_id() for _ in range(5))
    course: dict[str, Any] = {"course_id": "sst", **here}
    completed = outcomes.SessionCompleted(
        session_id=shared, **course, factory_ids=[factory, other], completed=women_and_men(20, 10),
        factories=[
            outcomes.FactoryTraining(factory_id=factory, enrolled_count=9, completed=women_and_men(5, 3)),
            outcomes.FactoryTraining(factory_id=other, enrolled_count=30, completed=women_and_men(15, 7)),
        ],
    )  # fmt: skip
    plan, grade = "assessment-improvement-plans", improvement_plan_pb2.PROOF_GRADE_ON_SITE
    facts: Facts = [
        (plan, factory, plans.ImprovementLineOpened(line_id=line, cluster="osh", point="fire", **here)),
        (plan, factory, plans.ImprovementLineVerified(line_id=line, cluster="osh", grade=grade, **here)),
        (
            "assessment-progress-reports", new_id(),
            progress.ProgressReportSubmitted(assessment_id=new_id(), late=True, open_lines=2, **here),
        ),
        (
            "assessment-advisory-visits", visit,
            visits.AdvisoryVisitLogged(advisory_visit_id=visit, visit_day=Date(year=2026, month=5, day=4), **here),
        ),
        (
            "assessment-committees", factory,
            committees.CommitteeFormed(members=committee_pb2.CommitteeCounts(worker_women=4), **here),
        ),
        (
            "training-sessions", single,
            sessions.EnrolmentsChanged(session_id=single, enrolled=women_and_men(7, 2), waiting_count=1, **course),
        ),
        (
            "training-sessions", shared,
            sessions.SessionScheduled(session_id=shared, capacity=30, factory_ids=[factory, other], **course),
        ),
        ("training-sessions", shared, completed),
        (
            "training-recommendations", (recommended := new_id()),
            recommendations.CourseRecommended(recommendation_id=recommended, **course),
        ),
        (
            "finance-linkage-eligibility", factory,
            eligibility.EligibilityDecided(product_id="safety-remediation-line", tier="2", **here),
        ),
        (
            "finance-linkage-referrals", referral,
            results.ReferralDisbursed(
                referral_id=referral, financier_id=BANK,
                amount=money_pb2.Money(minor_units=1250000, currency_code="USD"), **here,
            ),
        ),
        (
            "notifications-messages", (message := new_id()),
            notifications.MessageSent(
                message_id=message, rule="referral-disbursed",
                cause_event="amplify.finance_linkage.v1.ReferralDisbursed", **here,
            ),
        ),
    ]  # fmt: skip
    return facts


@pytest.fixture(scope="module")
def told(world: World) -> tuple[str, str]:
    """A factory, and another that shares a session with it, once the timeline has everything of them; each fact twice.

    The factory is the one of the factory's manager.
    """
    if not world.database.organisations.find_one({"_id": BANK}):
        world.organisation(BANK)
    world.settle()
    mine, theirs = "factories/bd-1001", world.enrol().name
    groups: dict[tuple[str, str], list[Proto]] = {}
    for stream, key, fact in of_all(mine.split("/")[1], theirs.split("/")[1]):
        groups.setdefault((stream, key), []).append(fact)
    for (stream, key), facts in groups.items():
        publish(world, stream, key, *facts, at=JUNE, times=2)
    settled(world, theirs, 3)
    wait_until(lambda: len(of_june(world, mine, SERVICE)) >= 12, 120, "every step is there")
    return mine, theirs


def of_june(world: World, factory: str, person: str = MANAGER_BD, **wanted: Any) -> list[timeline_pb2.TimelineEntry]:
    request = pb.ListTimelineEntriesRequest(parent=factory, page_size=500, **wanted)
    request.start_time.FromDatetime(JUNE)
    request.end_time.FromDatetime(JUNE + timedelta(seconds=1))
    return list(world.call(person, request).timeline_entries)


def by_event(listed: list[timeline_pb2.TimelineEntry]) -> dict[str, timeline_pb2.TimelineEntry]:
    return {entry.event.rpartition(".")[2]: entry for entry in listed}


def test_each_step_shows_codes_counts_and_names_of_organisations(world: World, told: tuple[str, str]) -> None:
    steps = by_event(of_june(world, told[0]))
    assert len(steps) == 12
    assert steps["ImprovementLineVerified"].details["grade"] == "ON_SITE"
    assert steps["ImprovementLineVerified"].subject.startswith(f"{told[0]}/improvementPlan/lines/")
    late = {"late": "true", "open_lines": "2", "proven_lines": "0", "closed_lines": "0"}
    assert dict(steps["ProgressReportSubmitted"].details) == late
    assert steps["AdvisoryVisitLogged"].details["visit_day"] == "2026-05-04"
    assert steps["CommitteeFormed"].details["members_worker_women"] == "4"
    enrolled = steps["EnrolmentsChanged"].details
    assert (enrolled["enrolled"], enrolled["enrolled_female"], enrolled["waiting_count"]) == ("9", "7", "1")
    paid = steps["ReferralDisbursed"].details
    assert (paid["amount_minor_units"], paid["amount_currency_code"]) == ("1250000", "USD")
    assert (paid["financier_id"], paid["financier"]) == (BANK, "An organisation")
    assert {entry.service for entry in steps.values()} == {
        "assessment", "training", "finance-linkage", "notifications"
    }  # fmt: skip


def test_a_session_of_two_factories_shows_each_what_it_was_to_itself(world: World, told: tuple[str, str]) -> None:
    mine, theirs = (by_event(of_june(world, factory)) for factory in told)
    assert set(theirs) == {"SessionScheduled", "SessionCompleted"}
    assert (mine["SessionCompleted"].details["completed"], theirs["SessionCompleted"].details["completed"]) == (
        "8",
        "22",
    )
    assert "capacity" not in mine["SessionScheduled"].details
    assert mine["SessionScheduled"].subject == theirs["SessionScheduled"].subject


def test_a_session_without_a_factory_is_on_no_timeline(world: World, told: tuple[str, str]) -> None:
    assert told
    session = new_id()
    publish(world, "training-sessions", session, sessions.SessionScheduled(session_id=session, course_id="sst"))
    marker = world.enrol().name
    publish(
        world, "training-sessions", (other := new_id()),
        sessions.SessionScheduled(session_id=other, factory_id=marker.split("/")[1], country="BD"),
    )  # fmt: skip
    settled(world, marker, 2)
    pointer = world.database.views.find_one({"_id": "timeline"}) or {"live": 1}
    rows = world.database[f"view_timeline_{pointer['live']}"]
    assert [rows.count_documents({"subject": f"sessions/{one}"}) for one in (session, other)] == [0, 1]


@pytest.mark.parametrize("person", [FINANCE, MANAGER_BD, FACTORY, SERVICE])
def test_finance_is_seen_by_those_whom_it_concerns(world: World, told: tuple[str, str], person: str) -> None:
    steps = by_event(of_june(world, told[0], person))
    assert {"EligibilityDecided", "ReferralDisbursed", "MessageSent"} <= set(steps)


@pytest.mark.parametrize("person", [OFFICER, ADVISOR])
def test_finance_is_not_seen_by_others_nor_a_message_about_it(world: World, told: tuple[str, str], person: str) -> None:
    steps = by_event(of_june(world, told[0], person))
    assert len(steps) == 9
    assert not {"EligibilityDecided", "ReferralDisbursed", "MessageSent"} & set(steps)
    assert of_june(world, told[0], person, services=["finance-linkage"]) == []


def test_steps_are_narrowed_down_by_service_kind_and_time(world: World, told: tuple[str, str]) -> None:
    def events(**wanted: Any) -> set[str]:
        return set(by_event(of_june(world, told[0], **wanted)))

    assert events(services=["training"]) == {
        "EnrolmentsChanged", "SessionScheduled", "SessionCompleted", "CourseRecommended"
    }  # fmt: skip
    formed = "amplify.assessment.v1.CommitteeFormed"
    assert events(events=[formed]) == {"CommitteeFormed"}
    assert events(services=["training"], events=[formed]) == set()
    assert events(services=["training", "assessment"], events=[formed]) == {"CommitteeFormed"}
    july = Timestamp(seconds=int(JUNE.timestamp()) + 86400)
    everything = pb.ListTimelineEntriesRequest(parent=told[0], start_time=july, services=["assessment"])
    assert list(world.call(MANAGER_BD, everything).timeline_entries) == []


def test_a_narrowed_timeline_pages_and_its_token_is_good_for_it_alone(world: World, told: tuple[str, str]) -> None:
    wanted: dict[str, Any] = {"parent": told[0], "page_size": 3, "services": ["training"]}
    first = world.call(MANAGER_BD, pb.ListTimelineEntriesRequest(**wanted))
    rest = world.call(MANAGER_BD, pb.ListTimelineEntriesRequest(**wanted, page_token=first.next_page_token))
    assert (first.total_size, len(first.timeline_entries), len(rest.timeline_entries)) == (4, 3, 1)
    elsewhere = pb.ListTimelineEntriesRequest(parent=told[0], page_token=first.next_page_token)
    with pytest.raises(Refused) as refusal:
        world.call(MANAGER_BD, elsewhere)
    assert refusal.value.fields == {"page_token": "INVALID_PAGE_TOKEN"}


@pytest.fixture
def own_view(mongodb_uri: str) -> Iterator[None]:
    """A database of its own with the timeline in it; the process's connection leads there."""
    name = f"t{uuid.uuid4().hex[:10]}"
    connect(Settings(environment="test", mongodb_uri=mongodb_uri, mongodb_database=name, kafka_bootstrap="-:-"))
    migrate(Service("programme", consumers=[CONSUMER]))
    yield
    client().drop_database(db().name)


@pytest.mark.usefixtures("own_view")
def test_any_interleaving_with_everything_twice_gives_the_same_timeline() -> None:
    lines: dict[tuple[str, str], list[Record]] = {}
    for number, (stream, key, fact) in enumerate(of_all("bd-1", "bd-2")):
        line = lines.setdefault((stream, key), [])
        time, sequence = JUNE + timedelta(minutes=number), len(line) + 1
        envelope = Envelope(f"event-{number}", fact.DESCRIPTOR.full_name, "/other", key, time, sequence)
        line.append(Record(stream, 0, number, fact.SerializeToString(), tuple(encode(envelope))))
    contents = []
    for generation, seed in enumerate(range(4), start=1):
        chance = random.Random(seed)  # noqa: S311 - a shuffle that can be repeated
        queues = [list(line) for line in lines.values()]
        mixed: list[Record] = []
        while queues:
            queue = chance.choice(queues)
            mixed += [queue[0], queue.pop(0)]
            queues = [left for left in queues if left]
        timeline.prepare(generation)
        applier = Applier(CONSUMER, generation, lambda _: False)
        for start in range(0, len(mixed), 5):
            applier.apply(mixed[start : start + 5])
        contents.append(list(timeline.collection(generation).find().sort("_id", 1)))
    assert db().parked.count_documents({}) == 0
    assert len(contents[0]) == 14
    assert all(content == contents[0] for content in contents)
