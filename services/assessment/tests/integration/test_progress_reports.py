"""A progress report is asked for by a release, due by the country's clock, and frozen when it is submitted."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from amplify.assessment.v1 import improvement_plan_pb2 as plan_shapes
from amplify.assessment.v1 import progress_report_pb2
from amplify.assessment.v1 import progress_report_service_pb2 as progress_pb2
from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised
from assessment.domain.improvement_line import line_id
from chassis.database import db
from chassis.service import Service

from .conftest import FACTS, tell
from .following import APPLIERS, do_due_work, follow, told
from .remediation import (
    NOTE,
    Q1,
    Q2,
    Section,
    plan,
    prove,
    submit,
)
from .world import (
    BUYER,
    COLLEAGUE,
    FACTORY,
    MANAGER,
    NEIGHBOUR,
    RINA,
    Refused,
    World,
    day,
)

pytestmark = pytest.mark.stack
Refuse = Callable[..., Refused]


def shown_report(world: World, assessment_id: str, person: str = FACTORY) -> progress_report_pb2.ProgressReport:
    """The progress report of an assessment."""
    request = progress_pb2.GetProgressReportRequest(name=f"assessments/{assessment_id}/progressReport")
    report: progress_report_pb2.ProgressReport = world.call(person, request).progress_report
    return report


def test_a_progress_report_is_asked_for_reminded_of_and_accepted_late(world: World, refuse: Refuse) -> None:
    assessment_id = world.find([Q1, Q2])
    follow()
    report = shown_report(world, assessment_id)
    assert report.due_day == day(30)
    due = report.due_time.ToDatetime(UTC)
    try:
        for left in (7, 2):
            world.move_clock_to(due - timedelta(days=left) + timedelta(hours=1))
            do_due_work()
        world.move_clock_to(due + timedelta(seconds=2))
        assert shown_report(world, assessment_id).overdue
        do_due_work()
        late = world.call(MANAGER, progress_pb2.ListProgressReportsRequest(overdue=True, country="BD"))
        assert [one.name for one in late.progress_reports] == [report.name]
        for person, code in ((RINA, "PERMISSION_DENIED"), (NEIGHBOUR, "NOT_FOUND"), (BUYER, "PERMISSION_DENIED")):
            assert refuse(person, submit(assessment_id)).code == code
        line = f"factories/bd-1001/improvementPlan/lines/{line_id('bd-1001', Q1)}"
        world.call(FACTORY, plan(line))
        world.call(FACTORY, prove(line))
        submitted = world.call(FACTORY, submit(assessment_id)).progress_report
    finally:
        world.move_clock(0)
    assert (submitted.late, submitted.submitter, submitted.content.women) == (True, FACTORY, 900)
    frozen = {one.line.rsplit("/", 1)[1]: one.state for one in submitted.lines}
    assert frozen[line_id("bd-1001", Q1)] == plan_shapes.IMPROVEMENT_LINE_STATE_PROVEN
    assert frozen[line_id("bd-1001", Q2)] == plan_shapes.IMPROVEMENT_LINE_STATE_OPEN
    facts = told("assessment-progress-reports", assessment_id)
    assert [kind for kind, _ in facts] == [
        "ProgressReportOpened",
        "ProgressReportReminderDue",
        "ProgressReportReminderDue",
        "ProgressReportOverdue",
        "ProgressReportSubmitted",
    ]
    assert [fact.days_left for kind, fact in facts if kind == "ProgressReportReminderDue"] == [7, 2]
    said = facts[-1][1]
    assert (said.late, said.open_lines, said.proven_lines, said.closed_lines) == (True, 2, 1, 0)
    assert NOTE not in str(list(db().facts.find()))
    again = refuse(COLLEAGUE, submit(assessment_id))
    assert (again.code, again.reason) == ("FAILED_PRECONDITION", "PROGRESS_REPORT_WRONG_STATE")


def test_a_progress_report_that_does_not_go_together(world: World, refuse: Refuse) -> None:
    assessment_id = world.find([], factory="bd-1001")
    follow()
    more = refuse(FACTORY, submit(assessment_id, complaints_settled=5))
    assert more.fields == {"content.complaints_settled": "PROGRESS_REPORT_INVALID"}
    assert refuse(FACTORY, submit(assessment_id, women=-1)).fields.keys() == {"content.women"}
    text = progress_report_pb2.ProgressReportText(section=Section.PROGRESS_REPORT_SECTION_SYSTEMS, text="twice")
    assert refuse(FACTORY, submit(assessment_id, texts=[text, text])).fields.keys() == {"content.texts[1].section"}
    on_time = world.call(FACTORY, submit(assessment_id)).progress_report
    assert not on_time.late
    assert db().due_work.count_documents({"key": {"$regex": assessment_id}, "kind": {"$regex": "^progress"}}) == 0


def test_a_report_of_a_country_without_that_clock_waits_until_it_is_known(world: World, service: Service) -> None:
    def without(fact: CountryProgrammeRevised) -> CountryProgrammeRevised:
        clocks = [clock for clock in fact.clocks if clock.kind != "progress-report"]
        return CountryProgrammeRevised(country=fact.country, time_zone=fact.time_zone, clocks=clocks)

    bangladesh = FACTS[0]
    assert isinstance(bangladesh, CountryProgrammeRevised)
    tell(service, without(bangladesh))
    try:
        assessment_id = world.find([Q1], factory="bd-1002")
        follow(parked=1)
        assert db().parked.find_one({}, {"reason": 1})
        assert db().improvement_lines.count_documents({"factory_id": "bd-1002"}) == 1
    finally:
        tell(service, bangladesh)
    for applier in APPLIERS:
        applier.drain("assessment-assessments", assessment_id)
    assert db().parked.count_documents({}) == 0
    assert shown_report(world, assessment_id, MANAGER).due_day == day(30)
