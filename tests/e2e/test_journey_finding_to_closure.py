"""From finding to closure: what a report found is planned, proven and verified, and the next report speaks again."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from amplify.assessment.v1 import advisory_visit_pb2 as visit_shapes
from amplify.assessment.v1 import advisory_visit_service_pb2 as visits
from amplify.assessment.v1 import committee_pb2, progress_report_pb2
from amplify.assessment.v1 import committee_service_pb2 as committees
from amplify.assessment.v1 import improvement_changes_pb2 as changes
from amplify.assessment.v1 import improvement_plan_pb2 as shapes
from amplify.assessment.v1 import improvement_plan_service_pb2 as plans
from amplify.assessment.v1 import progress_report_service_pb2 as progress
from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesRequest
from amplify.training.v1 import recommendation_pb2
from amplify.training.v1.recommendation_service_pb2 import ListRecommendationsRequest
from local_stack.platform import Platform
from local_stack.waiting import wait_until

from .calling import Calling
from .remediating import (
    ADVISOR,
    COLLEAGUE,
    FACTORY,
    LEADER,
    MANAGER,
    OFFICER,
    State,
    assess,
    hold_course,
    lines,
    repair,
)

pytestmark = pytest.mark.stack


@pytest.fixture
def calling(stack: Platform) -> Iterator[Calling]:
    """People calling; the clock is set back at the end."""
    with Calling(stack) as made:
        yield made


def advise(calling: Calling, touched: shapes.ImprovementLine) -> None:
    """An advisor visits about a line, and the factory's committee is formed and meets about it."""
    topic = visit_shapes.VisitTopic(cluster=touched.cluster, point=touched.point)
    planned = visits.PlanAdvisoryVisitRequest(
        advisory_visit_id=str(uuid4()),
        factory=FACTORY,
        planned_day=calling.day(),
        mode=visit_shapes.VISIT_MODE_ON_SITE,
        topics=[topic],
    )
    name = calling(ADVISOR, planned).advisory_visit.name
    met = visit_shapes.PeopleMet(role=visit_shapes.MET_ROLE_WORKER_REPRESENTATIVE, women=4, men=2)
    logged = visits.LogAdvisoryVisitRequest(
        name=name,
        visit_day=calling.day(),
        mode=visit_shapes.VISIT_MODE_ON_SITE,
        topics=[topic],
        lines=[touched.name],
        people_met=[met],
        note="Spoke with the line leaders.",
    )
    calling(ADVISOR, logged)
    members = committee_pb2.CommitteeCounts(management_women=1, management_men=3, worker_women=3, worker_men=2)
    calling(ADVISOR, committees.FormCommitteeRequest(factory=FACTORY, formed_day=calling.day(-90), members=members))
    name = f"{FACTORY}/committee"
    held = committees.RecordCommitteeElectionRequest(
        name=name,
        election_id=str(uuid4()),
        election_day=calling.day(-80),
        freely_elected=True,
        eligible_voters=1200,
        votes=950,
        elected_women=3,
        elected_men=2,
    )
    calling(MANAGER, held)
    meeting = committees.LogCommitteeMeetingRequest(
        name=name, meeting_id=str(uuid4()), meeting_day=calling.day(), attendance=members, topics=[topic]
    )
    assert not calling(MANAGER, meeting).committee.warnings


def timeline(calling: Calling) -> list[str]:
    """The kinds of the steps that the factory's history shows."""
    shown = calling(MANAGER, ListTimelineEntriesRequest(parent=FACTORY, page_size=500)).timeline_entries
    return [entry.event.rsplit(".", 1)[1] for entry in shown]


def test_from_a_finding_to_its_closure_and_back(stack: Platform, calling: Calling) -> None:
    # A report finds two questions broken: each is a line of the factory's improvement plan.
    broken = ["bd-1-1-1", "bd-7-8-1"]
    first = assess(calling, broken)
    due_day = calling.day(30)
    found = wait_until(lambda: found if (found := lines(calling)).keys() >= set(broken) else None, 120)
    assert {key: one.state for key, one in found.items()} == dict.fromkeys(broken, State.IMPROVEMENT_LINE_STATE_OPEN)
    assert {one.assessment for one in found.values()} == {first}

    # The factory adds what it found by itself, an advisor visits, and the committee meets.
    lasting, returning = (found[question] for question in broken)
    own = changes.AddImprovementLineRequest(
        line_id=str(uuid4()), factory=FACTORY, cluster="working-time", point="overtime", issue="Sundays in June"
    )
    calling(MANAGER, own)
    advise(calling, lasting)

    # The report recommends a course for the first issue; it is held, and the recommendation is met.
    asked = ListRecommendationsRequest(factory=FACTORY, course="courses/young-workers")
    (recommended,) = wait_until(lambda: calling(OFFICER, asked).recommendations, 120)
    assert recommended.assessment == first
    hold_course(calling, recommended)
    met = recommendation_pb2.RECOMMENDATION_STATE_MET
    wait_until(lambda: calling(OFFICER, asked).recommendations[0].state == met, 120)

    # It plans and proves both lines; others verify them, at the factory and by a document.
    repair(calling, lasting, shapes.PROOF_GRADE_ON_SITE, ADVISOR)
    repair(calling, returning, shapes.PROOF_GRADE_DOCUMENT, COLLEAGUE)
    left = {
        (plans.REMEDIATION_WORK_KIND_IMPROVEMENT_LINE, plans.REMEDIATION_WORK_STATUS_UNPLANNED): 1,
        (plans.REMEDIATION_WORK_KIND_PROGRESS_REPORT, plans.REMEDIATION_WORK_STATUS_DUE): 1,
    }
    work = plans.CountRemediationWorkRequest(factory=FACTORY)
    wait_until(lambda: {(one.kind, one.status): one.count for one in calling(LEADER, work).work} == left, 120)

    # A week before the progress report is due the factory is reminded; it submits, and the plan is frozen with it.
    report = progress.GetProgressReportRequest(name=f"{first}/progressReport")
    assert calling(MANAGER, report).progress_report.due_day == due_day
    calling.advance(24)
    wait_until(lambda: "ProgressReportReminderDue" in timeline(calling), 120)
    content = progress_report_pb2.ProgressReportContent(women=900, men=300, committee_meetings=1, advisory_visits=1)
    submit = progress.SubmitProgressReportRequest(name=f"{first}/progressReport", content=content)
    submitted = calling(MANAGER, submit).progress_report
    assert not submitted.late
    assert sorted(one.state for one in submitted.lines) == [
        State.IMPROVEMENT_LINE_STATE_OPEN,
        State.IMPROVEMENT_LINE_STATE_VERIFIED,
        State.IMPROVEMENT_LINE_STATE_VERIFIED,
    ]

    # The next assessment finds one of the two in order, and the other one again.
    calling.advance(8)
    second = assess(calling, ["bd-7-8-1"])
    wait_until(lambda: lines(calling)["bd-7-8-1"].assessment == second, 120)
    after = lines(calling)
    assert after["bd-1-1-1"].state == State.IMPROVEMENT_LINE_STATE_VERIFIED
    assert after["bd-1-1-1"].confirmed_by_assessment
    assert (after["bd-7-8-1"].state, after["bd-7-8-1"].reopened_count) == (State.IMPROVEMENT_LINE_STATE_OPEN, 1)
    assert after["Sundays in June"].state == State.IMPROVEMENT_LINE_STATE_OPEN

    # The factory's history tells the whole story.
    steps = {
        "ReportReleased", "ImprovementLineOpened", "ImprovementLinePlanned", "ImprovementLineProven",
        "ImprovementLineVerified", "AdvisoryVisitLogged", "CommitteeFormed", "CommitteeElectionHeld",
        "CommitteeMeetingLogged", "ProgressReportOpened", "ProgressReportSubmitted", "ImprovementLineConfirmed",
        "ImprovementLineReopened", "CourseRecommended", "SessionCompleted",
    }  # fmt: skip
    wait_until(lambda: steps <= set(timeline(calling)), 120)
    assert timeline(calling).count("ReportReleased") == 2
