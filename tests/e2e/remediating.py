"""A factory of Bangladesh is assessed, repairs what was found and holds the course that is recommended, by RPC."""

from typing import Any
from uuid import uuid4

import grpc

from amplify.assessment.v1 import assessment_pb2, planning_pb2, recording_pb2
from amplify.assessment.v1 import assessment_service_pb2 as assessments
from amplify.assessment.v1 import improvement_changes_pb2 as changes
from amplify.assessment.v1 import improvement_plan_pb2 as shapes
from amplify.assessment.v1 import improvement_plan_service_pb2 as plans
from amplify.assessment.v1.questionnaire_pb2 import ANSWER_KIND_FINDING
from amplify.assessment.v1.questionnaire_service_pb2 import GetQuestionnaireRequest
from amplify.training.v1 import enrolment_pb2, head_count_pb2, participant_pb2, recommendation_pb2, scheduling_pb2
from amplify.training.v1 import recording_pb2 as training_recording
from amplify.training.v1.session_service_pb2 import CompleteSessionRequest
from local_stack.people import directory

from .calling import Calling

FACTORY = "factories/bd-1012"
MANAGER, ADVISOR, COLLEAGUE, LEADER = "factory-manager-bd-2", "advisor-1", "advisor-2", "team-leader"
OFFICER = "training-officer"
State = shapes.ImprovementLineState
Finding = assessment_pb2.Finding
PEOPLE = {person.key: person.sub for person in directory().people}


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


def hold_course(calling: Calling, recommended: recommendation_pb2.Recommendation) -> str:
    """The course that the report recommends is held at the factory today, with everybody there; the session."""
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
    return name
