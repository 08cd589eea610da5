"""A fact becomes messages to the people it concerns: each once, in whatever order facts come, and none for the past."""

import random
from collections.abc import Callable
from datetime import timedelta

import neighbours as they
import pytest
from stage import Stage, now

from amplify.programme.v1 import consent_grant_pb2
from chassis import database
from chassis.applying import Record
from notifications import planning
from notifications.planning import rules

pytestmark = pytest.mark.stack


def told(stage: Stage, event: str) -> set[tuple[str, str]]:
    """Rule and recipient of every message about facts of this kind; each by every channel of its rule."""
    rows = stage.messages(event={"$regex": f"\\.{event}$"})
    pairs = {(row["rule"], row["recipient"]) for row in rows}
    ways = {rule.name: rule.channels for rule in rules()}
    assert sorted((row["rule"], row["recipient"], row["channel"]) for row in rows) == sorted(
        (*pair, channel) for pair in pairs for channel in ways[pair[0]]
    )
    return pairs


def sends(stage: Stage) -> int:
    """How many messages wait to be sent."""
    return int(database.db().due_work.count_documents({"kind": {"$regex": "^send-message-"}}))


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (they.enrolled, {("factory-enrolled-to-advisor", they.ADVISOR)}),
        (
            they.granted,
            {("consent-granted-to-factory", they.MANAGER), ("consent-granted-to-buyer", they.BUYERS_PERSON)},
        ),
        (
            they.withdrawn,
            {("consent-withdrawn-to-factory", they.MANAGER), ("consent-withdrawn-to-buyer", they.BUYERS_PERSON)},
        ),
        (
            they.expired,
            {("consent-expired-to-factory", they.MANAGER), ("consent-expired-to-buyer", they.BUYERS_PERSON)},
        ),
        (
            they.started,
            {
                ("assessment-started-to-factory", they.MANAGER),
                ("assessment-started-to-country-manager", they.COUNTRY_MANAGER),
            },
        ),
        (they.submitted, {("assessment-submitted-to-team-leader", they.LEADER)}),
        (they.returned, {("assessment-returned-to-advisors", they.ADVISOR)}),
        (they.released, {("report-released-to-factory", they.MANAGER)}),
        (
            they.reminder,
            {("release-reminder-to-team-leader", they.LEADER), ("release-reminder-to-advisors", they.ADVISOR)},
        ),
        (
            they.overdue,
            {
                ("release-overdue-to-team-leader", they.LEADER),
                ("release-overdue-to-country-manager", they.COUNTRY_MANAGER),
            },
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_each_fact_reaches_its_people_and_three_deliveries_are_one(
    stage: Stage, fact: Callable[[Stage], Record], expected: set[tuple[str, str]]
) -> None:
    they.people(stage)
    record = fact(stage)
    stage.say(record, times=3)
    event = dict(record.headers)["ce_type"].decode().rpartition(".")[2]
    assert told(stage, event) == expected
    assert sends(stage) == len(stage.messages()) > 0


def test_a_release_reaches_factory_advisor_and_entitled_buyers(stage: Stage) -> None:
    they.people(stage)
    stage.say(they.enrolled(stage), they.granted(stage), they.released(stage))
    assert told(stage, "ReportReleased") == {
        ("report-released-to-factory", they.MANAGER),
        ("report-released-to-advisor", they.ADVISOR),
        ("report-released-to-buyers", they.BUYERS_PERSON),
    }
    (buyers,) = stage.messages(rule="report-released-to-buyers", channel="email")
    assert buyers["needs_grant_of"] == they.BUYER
    assert buyers["parameters"].keys() == {"country", "factory_id", "organisation_id", "released_at"}
    assert stage.messages(rule="report-released-to-factory", needs_grant_of={"$ne": ""}) == []


@pytest.mark.parametrize(
    "others",
    [
        lambda stage: [],
        lambda stage: [they.granted(stage), they.withdrawn(stage)],
        lambda stage: [they.granted(stage), they.expired(stage)],
        lambda stage: [they.granted(stage, scope=consent_grant_pb2.CONSENT_SCOPE_IMPROVEMENT_PLAN)],
    ],
    ids=["no grant", "withdrawn", "expired", "another scope"],
)
def test_without_a_live_grant_for_reports_no_buyer_is_told(
    stage: Stage, others: Callable[[Stage], list[Record]]
) -> None:
    they.people(stage)
    stage.say(they.enrolled(stage), *others(stage))
    stage.say(they.released(stage))
    assert stage.messages(rule="report-released-to-buyers") == []


def test_a_consent_whose_fact_is_overtaken_by_the_release_still_counts(stage: Stage) -> None:
    they.people(stage)
    grant, release = they.granted(stage), they.released(stage)
    stage.say(release)
    assert stage.messages(rule="report-released-to-buyers") == []
    stage.say(grant, times=2)
    (by_mail, in_inbox) = stage.messages(rule="report-released-to-buyers")
    assert (by_mail["fact_id"], in_inbox["fact_id"]) == (dict(release.headers)["ce_id"].decode(),) * 2


def test_a_consent_given_after_the_release_tells_nothing_of_it(stage: Stage) -> None:
    they.people(stage)
    release = they.released(stage)
    stage.say(release)
    stage.later(timedelta(hours=2))
    stage.say(they.granted(stage))
    assert stage.messages(rule="report-released-to-buyers") == []


def test_a_consent_that_reaches_back_tells_no_old_news(stage: Stage) -> None:
    they.people(stage)
    release = they.released(stage)
    stage.say(release)
    grant = they.granted(stage)
    stage.later(timedelta(days=29))
    stage.say(grant)
    assert stage.messages(rule="report-released-to-buyers") == []


def test_any_order_of_streams_plans_the_same(stage: Stage) -> None:
    they.people(stage)
    records = [they.registered(stage), they.enrolled(stage), they.granted(stage), they.started(stage)]
    records += [they.submitted(stage), they.released(stage)]
    plans = []
    for seed in range(6):
        for name in ("messages", "positions", "audience", "due_work"):
            database.db()[name].delete_many({})
        lanes = {name: [one for one in records if one.stream == name] for name in {one.stream for one in records}}
        choose = random.Random(seed)  # noqa: S311 - a repeatable shuffle
        while any(lanes.values()):
            stage.say(lanes[choose.choice(sorted(name for name, lane in lanes.items() if lane))].pop(0))
        stage.later(planning.ASK_AGAIN)
        stage.send_what_is_due()
        plans.append(({row["_id"] for row in stage.messages()}, list(database.db().audience.find())))
    assert all(plan == plans[0] for plan in plans)
    assert len(plans[0][0]) == 2 * 9 - 1


def advisors_told(stage: Stage) -> list[tuple[str, str]]:
    """Who hears of the release as the factory's advisor, by mail and in the inbox, and what became of it."""
    rows = stage.messages(rule="report-released-to-advisor", channel="email")
    return [(row["recipient"], row["state"]) for row in rows]


def test_a_release_that_overtakes_the_factory_waits_for_its_advisor(stage: Stage) -> None:
    they.people(stage)
    enrolled = they.enrolled(stage)
    stage.say(they.released(stage), times=2)
    assert advisors_told(stage) == []
    stage.later(planning.ASK_AGAIN)
    stage.send_what_is_due()
    assert advisors_told(stage) == [], "asked once more, and still nobody knows"
    stage.say(enrolled)
    stage.later(planning.ASK_AGAIN)
    for _ in range(2):
        stage.send_what_is_due()
    assert advisors_told(stage) == [(they.ADVISOR, "SENT")]
    assert database.db().due_work.count_documents({"kind": planning.PLAN_REST}) == 0


def test_a_factory_without_an_advisor_is_known_and_nobody_is_waited_for(stage: Stage) -> None:
    they.people(stage)
    stage.say(they.enrolled(stage, advisor=""), they.released(stage))
    assert advisors_told(stage) == []
    assert database.db().due_work.count_documents({"kind": planning.PLAN_REST}) == 0


def test_a_factory_that_stays_unknown_ends_as_a_failed_message(stage: Stage) -> None:
    they.people(stage)
    stage.say(they.released(stage))
    stage.later(timedelta(days=29))
    stage.send_what_is_due()
    assert advisors_told(stage) == [("", "FAILED")]
    assert database.db().due_work.count_documents({"kind": planning.PLAN_REST}) == 0


def test_a_release_that_overtakes_a_change_of_advisor_reaches_the_new_one(stage: Stage) -> None:
    they.people(stage)
    stage.say(they.enrolled(stage))
    handed_over, released = they.handed_over(stage, they.LEADER), they.released(stage)
    stage.say(released)
    assert {id for id, _ in advisors_told(stage)} == {they.ADVISOR}
    stage.say(handed_over, times=2)
    assert {id for id, _ in advisors_told(stage)} == {they.ADVISOR, they.LEADER}
    stage.say(they.handed_over(stage, they.OFFICER))
    assert {id for id, _ in advisors_told(stage)} == {they.ADVISOR, they.LEADER}, "who comes later hears no old news"


def test_an_audience_that_should_not_be_empty_fails_visibly(stage: Stage) -> None:
    stage.say(they.started(stage))
    rows = stage.messages()
    assert {(row["rule"], row["recipient"], row["state"], row["reason"]) for row in rows} == {
        ("assessment-started-to-factory", "", "FAILED", "NO_RECIPIENT"),
        ("assessment-started-to-country-manager", "", "FAILED", "NO_RECIPIENT"),
    }
    assert database.db().facts.count_documents({"type": "amplify.notifications.v1.MessageFailed"}) == 4
    assert database.db().due_work.count_documents({}) == 0


def test_a_large_audience_is_planned_page_by_page_each_person_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PAGE", 3)
    people = [f"00000000-0000-4000-8000-0000000003{number:02}" for number in range(8)]
    for id in people:
        stage.know(id, "country-manager", countries=["BD"])
    stage.say(they.started(stage), times=2)
    assert len(stage.messages(rule="assessment-started-to-country-manager", channel="inbox")) == 3
    for _ in range(4):
        stage.send_what_is_due()
    rows = stage.messages(rule="assessment-started-to-country-manager")
    assert [(row["recipient"], row["channel"]) for row in rows] == [
        (id, channel) for id in people for channel in ("email", "inbox")
    ]
    assert {row["fact_id"] for row in rows} == {rows[0]["fact_id"]}
    assert database.db().due_work.count_documents({"kind": planning.PLAN_REST}) == 0


def test_what_happened_before_this_service_began_is_known_and_told_to_nobody(stage: Stage) -> None:
    they.people(stage)
    stage.live = False
    stage.say(they.registered(stage), they.enrolled(stage), they.granted(stage), they.started(stage))
    assert stage.messages() == []
    stage.live = True
    stage.say(they.released(stage))
    assert len(told(stage, "ReportReleased")) == 3


def test_news_ages_from_the_fact_and_a_reminder_ends_with_its_deadline(stage: Stage) -> None:
    they.people(stage)
    start, remind = they.started(stage), they.reminder(stage, days_left=2)
    stage.say(start, remind)
    (started,) = stage.messages(rule="assessment-started-to-factory", channel="email")
    assert timedelta(days=2) - timedelta(minutes=1) < started["not_after"] - now() <= timedelta(days=2)
    (reminder,) = stage.messages(rule="release-reminder-to-team-leader", channel="email")
    assert reminder["not_after"].isoformat() == reminder["parameters"]["due_at"]
