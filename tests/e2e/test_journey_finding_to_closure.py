"""From finding to closure: what a report found is planned, proven and verified, and the next report speaks again."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest

from amplify.assessment.v1 import advisory_visit_pb2 as visit_shapes
from amplify.assessment.v1 import advisory_visit_service_pb2 as visits
from amplify.assessment.v1 import assessment_pb2, committee_pb2, planning_pb2, progress_report_pb2, recording_pb2
from amplify.assessment.v1 import assessment_service_pb2 as assessments
from amplify.assessment.v1 import committee_service_pb2 as committees
from amplify.assessment.v1 import improvement_changes_pb2 as changes
from amplify.assessment.v1 import improvement_plan_pb2 as shapes
from amplify.assessment.v1 import improvement_plan_service_pb2 as plans
from amplify.assessment.v1 import progress_report_service_pb2 as progress
from amplify.assessment.v1.questionnaire_pb2 import ANSWER_KIND_FINDING
from amplify.assessment.v1.questionnaire_service_pb2 import GetQuestionnaireRequest
from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesRequest
from amplify.training.v1 import enrolment_pb2, head_count_pb2, participant_pb2, recommendation_pb2, scheduling_pb2
from amplify.training.v1 import recording_pb2 as training_recording
from amplify.training.v1.recommendation_service_pb2 import ListRecommendationsRequest
from amplify.training.v1.session_service_pb2 import CompleteSessionRequest
from local_stack.people import directory
from local_stack.platform import Platform, eventually

from .calling import Calling

pytestmark = pytest.mark.stack
FACTORY = "factories/bd-1012"
MANAGER, ADVISOR, COLLEAGUE, LEADER = "factory-manager-bd-2", "advisor-1", "advisor-2", "team-leader"
OFFICER = "training-officer"
State = shapes.ImprovementLineState
Finding = assessment_pb2.Finding
PEOPLE = {person.key: person.sub for person in directory().people}


@pytest.fixture
def calling(stack: Platform) -> Iterator[Calling]:
    """People calling; the clock is set back at the end."""
    with Calling(stack) as made:
        yield made


def assess(calling: Calling, broken: list[str]) -> str:
    """Visit the factory today, find these questions broken and the others in order, and release the report."""
    name = f"assessments/{uuid4()}"
    window = assessment_pb2.Window(first_day=calling.day(), last_day=calling.day(1))
    planned = planning_pb2.PlanAssessmentRequest(
        assessment_id=name.split("/")[1],
        factory=FACTORY,
        team_leader=PEOPLE[LEADER],
        advisors=[PEOPLE[ADVISOR], PEOPLE[COLLEAGUE]],
        window=window,
        on_site_days=[calling.day()],
    )
    calling(LEADER, planned)
    questionnaire = calling(ADVISOR, planning_pb2.StartAssessmentRequest(name=name)).assessment.questionnaire
    operations = []
    for question in calling(ADVISOR, GetQuestionnaireRequest(name=questionnaire)).questionnaire.questions:
        if question.answer_kind == ANSWER_KIND_FINDING:
            found = question.question_id in broken
            finding = Finding.FINDING_NON_COMPLIANT if found else Finding.FINDING_COMPLIANT
            one = recording_pb2.AnswerOperation(
                operation_id=str(uuid4()), question_id=question.question_id, finding=finding
            )
            one.answer_time.FromDatetime(calling.now)
            operations.append(one)
    calling(ADVISOR, recording_pb2.RecordAnswersRequest(name=name, operations=operations))
    calling(ADVISOR, assessments.SubmitAssessmentRequest(name=name))
    calling(LEADER, assessments.ReleaseAssessmentRequest(name=name))
    return name


def lines(calling: Calling, **filters: Any) -> dict[str, shapes.ImprovementLine]:
    """The lines of the factory by question, as its manager sees them."""
    listed = calling(MANAGER, plans.ListImprovementLinesRequest(factory=FACTORY, **filters)).improvement_lines
    return {one.question_id or one.issue: one for one in listed}


def repair(calling: Calling, line: shapes.ImprovementLine, grade: shapes.ProofGrade.ValueType, verifier: str) -> None:
    """The factory plans and proves; it may not verify by itself; somebody of the programme does."""
    calling(
        MANAGER,
        changes.PlanImprovementLineRequest(
            name=line.name,
            root_cause="Exits are blocked when deliveries arrive.",
            action="Mark the floor, and walk the line every morning.",
            owner="Head of stores",
            due_day=calling.day(10),
            etag=line.etag,
        ),
    )
    calling(MANAGER, changes.ProveImprovementLineRequest(name=line.name, grade=grade, reference="Photo 12"))
    own = calling.refused(MANAGER, changes.VerifyImprovementLineRequest(name=line.name))
    assert own is grpc.StatusCode.PERMISSION_DENIED
    verified = calling(verifier, changes.VerifyImprovementLineRequest(name=line.name)).improvement_line
    assert verified.state == State.IMPROVEMENT_LINE_STATE_VERIFIED


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


def hold_course(calling: Calling, recommended: recommendation_pb2.Recommendation) -> None:
    """The course that the report recommends is held at the factory today, with everybody there."""
    name = f"sessions/{uuid4()}"
    scheduled = scheduling_pb2.ScheduleSessionRequest(
        session_id=name.split("/")[1],
        course=recommended.course,
        country="BD",
        factory=FACTORY,
        place="Meeting room",
        days=[calling.day()],
        trainers=[PEOPLE[OFFICER]],
    )
    calling(OFFICER, scheduled)
    employer = participant_pb2.Employer(kind=participant_pb2.EMPLOYER_KIND_FACTORY, factory=FACTORY)
    people = [
        enrolment_pb2.NewParticipant(
            participant_id=str(uuid4()),
            full_name=full_name,
            sex=sex,
            role=head_count_pb2.PARTICIPANT_ROLE_SUPERVISOR,
            employer=employer,
        )
        for full_name, sex in (("Mina Rahman", head_count_pb2.SEX_FEMALE), ("Karim Ullah", head_count_pb2.SEX_MALE))
    ]
    calling(OFFICER, enrolment_pb2.EnrolParticipantsRequest(parent=name, participants=people))
    present = training_recording.AttendanceOperation(operation_id=str(uuid4()), day=calling.day())
    present.everybody.SetInParent()
    present.record_time.FromDatetime(calling.now)
    calling(OFFICER, training_recording.RecordAttendanceRequest(parent=name, operations=[present]))
    calling(OFFICER, CompleteSessionRequest(name=name))


def timeline(calling: Calling) -> list[str]:
    """The kinds of the steps that the factory's history shows."""
    shown = calling(MANAGER, ListTimelineEntriesRequest(parent=FACTORY, page_size=500)).timeline_entries
    return [entry.event.rsplit(".", 1)[1] for entry in shown]


def test_from_a_finding_to_its_closure_and_back(stack: Platform, calling: Calling) -> None:
    # A report finds two questions broken: each is a line of the factory's improvement plan.
    broken = ["bd-1-1-1", "bd-7-8-1"]
    first = assess(calling, broken)
    found = eventually(lambda: lines(calling), 60)
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
    (recommended,) = eventually(lambda: calling(OFFICER, asked).recommendations, 60)
    assert recommended.assessment == first
    hold_course(calling, recommended)
    met = recommendation_pb2.RECOMMENDATION_STATE_MET
    eventually(lambda: calling(OFFICER, asked).recommendations[0].state == met, 60)

    # It plans and proves both lines; others verify them, at the factory and by a document.
    repair(calling, lasting, shapes.PROOF_GRADE_ON_SITE, ADVISOR)
    repair(calling, returning, shapes.PROOF_GRADE_DOCUMENT, COLLEAGUE)
    waiting = calling(LEADER, plans.CountRemediationWorkRequest(factory=FACTORY)).work
    assert {(one.kind, one.status): one.count for one in waiting} == {
        (plans.REMEDIATION_WORK_KIND_IMPROVEMENT_LINE, plans.REMEDIATION_WORK_STATUS_UNPLANNED): 1,
        (plans.REMEDIATION_WORK_KIND_PROGRESS_REPORT, plans.REMEDIATION_WORK_STATUS_DUE): 1,
    }

    # A week before the progress report is due the factory is reminded; it submits, and the plan is frozen with it.
    report = progress.GetProgressReportRequest(name=f"{first}/progressReport")
    assert calling(MANAGER, report).progress_report.due_day == calling.day(30)
    calling.advance(24)
    eventually(lambda: "ProgressReportReminderDue" in timeline(calling), 60)
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
    eventually(lambda: lines(calling)["bd-7-8-1"].assessment == second, 60)
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
    eventually(lambda: steps <= set(timeline(calling)), 60)
    assert timeline(calling).count("ReportReleased") == 2
