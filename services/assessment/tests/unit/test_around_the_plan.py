"""Progress reports, advisory visits and committees: their states, their days and what cannot be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from assessment.domain.advisory_visit import AdvisoryVisit, VisitLog, plan_visit
from assessment.domain.committee import MOST_ENTRIES, Committee, form_committee
from assessment.domain.committee_terms import CommitteeWarning, Counts, Election, Meeting
from assessment.domain.errors import (
    EntryIdReused,
    InvalidCommittee,
    InvalidProgressReport,
    InvalidVisit,
    ProgressReportWrongState,
    VisitWrongState,
)
from assessment.domain.improvement_line import Grade, LineState
from assessment.domain.progress_report import (
    Content,
    LineSnapshot,
    ProgressReport,
    Section,
    open_progress_report,
    progress_clock,
)
from assessment.domain.visit_terms import MetRole, PeopleMet, Topic, VisitCancelReason, VisitMode, VisitState

NOW = datetime(2026, 4, 1, 20, 0, tzinfo=UTC)
"""It is the second of April in Dhaka."""

TODAY = date(2026, 4, 2)
DAY = timedelta(days=1)
TOPIC = Topic("working-time", "overtime")
CONTENT = Content(900, 300, 4, 3, True, 2, 1, 40, 12, 3, 2, 1, {Section.FEEDBACK: "words"})


def progress() -> ProgressReport:
    """A progress report, asked for today."""
    return open_progress_report("a-1", "bd-1001", "BD", progress_clock(NOW, "Asia/Dhaka", 30), NOW)


def visit(day: date = TODAY) -> AdvisoryVisit:
    """An advisory visit, planned today."""
    return plan_visit("v-1", "bd-1001", "BD", "Asia/Dhaka", day, VisitMode.ON_SITE, (TOPIC,), "advisor", NOW)


def log(day: date = TODAY, **changes: Any) -> VisitLog:
    """What happened on a visit."""
    return replace(VisitLog(day, VisitMode.VIRTUAL, (TOPIC,), ("l-1",), (), "words"), **changes)


BALANCED = Counts(1, 2, 2, 1)


def committee(members: Counts = BALANCED, formed: date = TODAY - 60 * DAY) -> Committee:
    """A committee formed two months ago."""
    return form_committee("bd-1001", "BD", "Asia/Dhaka", formed, members, "advisor", NOW)


def election(**changes: Any) -> Election:
    """A free election a week ago."""
    return replace(Election("e-1", TODAY - 7 * DAY, True, 1200, 900, 3, 2), **changes)


def meeting(**changes: Any) -> Meeting:
    """A meeting a week ago."""
    return replace(Meeting("m-1", TODAY - 7 * DAY, Counts(1, 1, 2, 1), (TOPIC,), "words"), **changes)


def said(aggregate: ProgressReport | AdvisoryVisit | Committee) -> list[str]:
    """What an aggregate recorded."""
    return [type(fact).__name__ for fact in aggregate.recorded]


def test_a_progress_report_is_due_at_the_end_of_the_thirtieth_local_day() -> None:
    report = progress()
    assert report.due_day == TODAY + 30 * DAY
    assert report.due_at == datetime(2026, 5, 2, 17, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (0.9, False), (1, True)])
def test_it_is_late_from_the_first_second_after(seconds: float, late: bool) -> None:
    report = progress()
    report.submit(CONTENT, [], "manager", report.due_at + timedelta(seconds=seconds))
    assert report.late is late


def test_a_submitted_one_is_frozen_and_asks_for_nothing() -> None:
    report = progress()
    lines = [
        LineSnapshot("l-1", *("working-time", "overtime"), LineState.PROVEN, Grade.DOCUMENT),
        LineSnapshot("l-2", *("working-time", "overtime"), LineState.OPEN, None),
        LineSnapshot("l-3", *("working-time", "overtime"), LineState.CONFIRMED, None),
    ]
    report.submit(CONTENT, lines, "manager", NOW)
    fact = report.recorded[-1]
    assert (fact.open_lines, fact.proven_lines, fact.closed_lines) == (2, 1, 1)  # type: ignore[attr-defined]
    report.remind(7, NOW)
    report.say_overdue(NOW + 60 * DAY)
    with pytest.raises(ProgressReportWrongState):
        report.submit(CONTENT, [], "colleague", NOW)
    assert said(report) == ["ProgressReportOpened", "ProgressReportSubmitted"]
    assert "words" not in repr(report.recorded)


def test_more_complaints_cannot_be_settled_than_received() -> None:
    with pytest.raises(InvalidProgressReport) as refused:
        replace(CONTENT, complaints_settled=5)
    assert refused.value.field == "content.complaints_settled"


def test_a_visit_from_plan_to_log() -> None:
    made = visit(TODAY + 3 * DAY)
    made.reschedule(TODAY, VisitMode.ON_SITE, "advisor", NOW)
    made.reschedule(TODAY, VisitMode.ON_SITE, "advisor", NOW)
    made.log(log(), "advisor", NOW)
    assert said(made) == ["AdvisoryVisitPlanned", "AdvisoryVisitRescheduled", "AdvisoryVisitLogged"]
    assert (made.state, made.mode) == (VisitState.LOGGED, VisitMode.VIRTUAL)
    assert "words" not in repr(made.recorded)


@pytest.mark.parametrize("days", [-1, 733])
def test_a_visit_is_planned_from_today_to_two_years_ahead(days: int) -> None:
    with pytest.raises(InvalidVisit) as refused:
        visit(TODAY + days * DAY)
    assert refused.value.field == "planned_day"
    made = visit()
    with pytest.raises(InvalidVisit):
        made.reschedule(TODAY + days * DAY, VisitMode.ON_SITE, "advisor", NOW)
    assert made.planned_day == TODAY


@pytest.mark.parametrize("days", [1, -367])
def test_a_visit_is_logged_for_today_or_a_day_of_the_last_year(days: int) -> None:
    made = visit()
    with pytest.raises(InvalidVisit) as refused:
        made.log(log(TODAY + days * DAY), "advisor", NOW)
    assert (refused.value.field, made.state) == ("visit_day", VisitState.PLANNED)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topics": (TOPIC, TOPIC)}, "topics[1]"),
        ({"line_ids": ("l-1", "l-2", "l-1")}, "lines[2]"),
        ({"people_met": (PeopleMet(MetRole.WORKER, 1, 0), PeopleMet(MetRole.WORKER, 0, 1))}, "people_met[1]"),
    ],
)
def test_what_a_log_names_it_names_once(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidVisit) as refused:
        log(**changes)
    assert refused.value.field == field


def cancel(made: AdvisoryVisit) -> None:
    """Call it off."""
    made.cancel(VisitCancelReason.FACTORY_REQUEST, "advisor", NOW)


def move(made: AdvisoryVisit) -> None:
    """Move it to tomorrow."""
    made.reschedule(TODAY + DAY, VisitMode.ON_SITE, "advisor", NOW)


def finish(made: AdvisoryVisit) -> None:
    """Log it."""
    made.log(log(), "advisor", NOW)


@pytest.mark.parametrize("end", [finish, cancel])
@pytest.mark.parametrize("verb", [finish, cancel, move])
def test_a_visit_that_has_ended_stays_so(
    end: Callable[[AdvisoryVisit], None], verb: Callable[[AdvisoryVisit], None]
) -> None:
    made = visit()
    end(made)
    with pytest.raises(VisitWrongState):
        verb(made)


@pytest.mark.parametrize(
    ("members", "warnings"),
    [
        (Counts(1, 2, 2, 1), [CommitteeWarning.NOT_FREELY_ELECTED]),
        (Counts(1, 2, 1, 1), [CommitteeWarning.WORKER_SIDE_SMALLER, CommitteeWarning.NOT_FREELY_ELECTED]),
        (Counts(0, 2, 0, 2), [CommitteeWarning.NOT_FREELY_ELECTED, CommitteeWarning.NO_WOMEN]),
    ],
)
def test_what_is_doubtful_about_a_committee_is_said_and_not_refused(
    members: Counts, warnings: list[CommitteeWarning]
) -> None:
    assert committee(members).warnings == warnings


def test_the_latest_election_counts() -> None:
    made = committee()
    made.record_election(election(), "advisor", NOW)
    assert made.warnings == []
    made.record_election(election(id="e-2", day=TODAY, freely_elected=False), "advisor", NOW)
    assert made.warnings == [CommitteeWarning.NOT_FREELY_ELECTED]


@pytest.mark.parametrize(
    ("verb", "field"),
    [
        (lambda: committee(formed=TODAY + DAY), "formed_day"),
        (lambda: committee(Counts(2, 2, 0, 0)), "members"),
        (lambda: committee(Counts(0, 0, 2, 2)), "members"),
        (lambda: committee().change_members(Counts(0, 0, 2, 2), "a", NOW), "members"),
        (lambda: committee().record_election(election(day=TODAY + DAY), "a", NOW), "election_day"),
        (lambda: committee().record_election(election(votes=1201), "a", NOW), "votes"),
        (lambda: committee().record_election(election(elected_women=0, elected_men=0), "a", NOW), "elected_women"),
        (lambda: committee().log_meeting(meeting(day=TODAY + DAY), "a", NOW), "meeting_day"),
        (lambda: committee().log_meeting(meeting(day=TODAY - 61 * DAY), "a", NOW), "meeting_day"),
        (lambda: committee().log_meeting(meeting(attendance=Counts(0, 0, 0, 0)), "a", NOW), "attendance"),
        (lambda: committee().log_meeting(meeting(topics=(TOPIC, TOPIC)), "a", NOW), "topics[1]"),
    ],
)
def test_what_a_committee_cannot_be(verb: Callable[[], object], field: str) -> None:
    with pytest.raises(InvalidCommittee) as refused:
        verb()
    assert refused.value.field == field


def test_an_entry_recorded_again_changes_nothing_and_its_id_stands_for_it_alone() -> None:
    made = committee()
    for _ in range(2):
        made.record_election(election(), "advisor", NOW)
        made.log_meeting(meeting(), "advisor", NOW)
        made.change_members(made.members, "advisor", NOW)
    assert said(made) == ["CommitteeFormed", "CommitteeElectionHeld", "CommitteeMeetingLogged"]
    with pytest.raises(EntryIdReused):
        made.record_election(election(votes=1), "advisor", NOW)
    with pytest.raises(EntryIdReused):
        made.log_meeting(meeting(note="other words"), "advisor", NOW)


def test_a_committee_has_an_end() -> None:
    made = committee()
    for number in range(MOST_ENTRIES):
        made.log_meeting(meeting(id=str(number)), "advisor", NOW)
    with pytest.raises(InvalidCommittee):
        made.log_meeting(meeting(id="one more"), "advisor", NOW)
