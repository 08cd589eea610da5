"""From a secret plan to a frozen report, through the real server and the real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from amplify.assessment.v1 import assessment_pb2, planning_pb2, recording_pb2
from amplify.assessment.v1 import assessment_service_pb2 as service_pb2
from amplify.assessment.v1.questionnaire_service_pb2 import GetQuestionnaireRequest, ListQuestionnairesRequest
from assessment.bank import load_bank
from assessment.bank.generated import generated_bank
from assessment.questionnaires import publish, questionnaire
from chassis.database import db

from .world import (
    ADVISOR_KH,
    BUYER,
    FACTORY,
    LEADER,
    MANAGER,
    MANAGER_KH,
    OTHER_ADVISOR,
    OTHER_LEADER,
    RINA,
    SRE,
    TARIQ,
    Finding,
    Refused,
    World,
    day,
    new_id,
    operation,
    plan_request,
    record_request,
)

pytestmark = pytest.mark.stack
State = assessment_pb2.AssessmentState


def get(world: World, person: str, assessment_id: str) -> assessment_pb2.Assessment:
    answer = world.call(person, service_pb2.GetAssessmentRequest(name=f"assessments/{assessment_id}"))
    assert isinstance(answer.assessment, assessment_pb2.Assessment)
    return answer.assessment


def test_a_visit_from_the_plan_to_the_report(world: World) -> None:
    assessment_id = world.start()
    questions = world.answer_all(assessment_id)
    broken = [operation(questions[0], Finding.FINDING_NON_COMPLIANT, note="two workers")]
    world.call(TARIQ, record_request(assessment_id, broken))
    name = f"assessments/{assessment_id}"
    submitted = world.call(TARIQ, service_pb2.SubmitAssessmentRequest(name=name, request_id=new_id())).assessment
    assert submitted.state == State.ASSESSMENT_STATE_SUBMITTED
    reason = assessment_pb2.RETURN_REASON_ANSWER_UNCLEAR
    world.call(OTHER_LEADER, service_pb2.ReturnAssessmentRequest(name=name, reason=reason, request_id=new_id()))
    world.call(RINA, record_request(assessment_id, [operation(questions[1], Finding.FINDING_NOT_APPLICABLE)]))
    world.call(RINA, service_pb2.SubmitAssessmentRequest(name=name, request_id=new_id()))
    released = world.call(LEADER, service_pb2.ReleaseAssessmentRequest(name=name, request_id=new_id()))
    assert released.assessment.state == State.ASSESSMENT_STATE_RELEASED
    assert released.assessment.rounds == 2
    assert (released.report.overall.non_compliant, released.report.overall.assessed) == (1, 38)
    report = world.call(FACTORY, service_pb2.GetReportRequest(name=f"{name}/report")).report
    assert report == released.report
    assert [list(point.findings) for point in report.points if point.findings] == [[questions[0]]]
    streams = [row["type"].rsplit(".", 1)[-1] for row in db().facts.find({"key": assessment_id, "pending": True})]
    assert sorted(streams) == sorted(
        ["AssessmentStarted", "AssessmentSubmitted", "AssessmentReturned", "AssessmentSubmitted", "ReportReleased"]
    )


def test_only_the_team_knows_of_a_visit_before_it_starts(world: World) -> None:
    assessment_id = world.plan(factory="bd-1002", first=0, last=20)
    for person in (LEADER, RINA, TARIQ):
        assert get(world, person, assessment_id).state == State.ASSESSMENT_STATE_PLANNED
    outsiders = [OTHER_LEADER, OTHER_ADVISOR, MANAGER, MANAGER_KH, FACTORY]
    for person in outsiders:
        with pytest.raises(Refused) as refused:
            get(world, person, assessment_id)
        assert (refused.value.code, refused.value.reason) == ("NOT_FOUND", "NOT_FOUND")
        listed = world.call(person, service_pb2.ListAssessmentsRequest(factory="factories/bd-1002"))
        assert (list(listed.assessments), listed.total_size) == ([], 0)
    for person in (SRE, BUYER):
        with pytest.raises(Refused) as refused:
            get(world, person, assessment_id)
        assert refused.value.code == "PERMISSION_DENIED"
    request = planning_pb2.StartAssessmentRequest(name=f"assessments/{assessment_id}", request_id=new_id())
    world.call(TARIQ, request)
    for person in (OTHER_LEADER, OTHER_ADVISOR, MANAGER):
        assert get(world, person, assessment_id).plan_history
    for person in (MANAGER_KH, FACTORY):
        with pytest.raises(Refused):
            get(world, person, assessment_id)


def test_who_is_put_on_a_team_abroad_sees_and_changes_nothing(world: World) -> None:
    assessment_id = world.plan(factory="bd-1002", advisors=[RINA, ADVISOR_KH])
    name = f"assessments/{assessment_id}"
    start = planning_pb2.StartAssessmentRequest(name=name, request_id=new_id())

    def hidden(request: Any) -> None:
        with pytest.raises(Refused) as refused:
            world.call(ADVISOR_KH, request)
        assert (refused.value.code, refused.value.reason) == ("NOT_FOUND", "NOT_FOUND")

    def reads() -> None:
        hidden(service_pb2.GetAssessmentRequest(name=name))
        hidden(recording_pb2.ListAnswersRequest(parent=name))
        listed = world.call(ADVISOR_KH, service_pb2.ListAssessmentsRequest(factory="factories/bd-1002"))
        assert (list(listed.assessments), listed.total_size) == ([], 0)

    reads()
    hidden(start)
    world.call(RINA, planning_pb2.StartAssessmentRequest(name=name, request_id=new_id()))
    question = world.answer_all(assessment_id)[0]
    reads()
    hidden(record_request(assessment_id, [operation(question)]))
    hidden(service_pb2.SubmitAssessmentRequest(name=name, request_id=new_id()))
    assert get(world, RINA, assessment_id).state == State.ASSESSMENT_STATE_IN_PROGRESS


def test_two_advisors_at_once_lose_no_answer(world: World) -> None:
    assessment_id = world.start()
    questions = world.questions(assessment_id)[:30]

    def save(index: int) -> None:
        person = (RINA, TARIQ)[index % 2]
        world.call(person, record_request(assessment_id, [operation(questions[index])]))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(len(questions))))
    listed = world.call(MANAGER, recording_pb2.ListAnswersRequest(parent=f"assessments/{assessment_id}", page_size=500))
    assert [answer.question_id for answer in listed.answers] == sorted(questions)
    assert {answer.author for answer in listed.answers} == {RINA, TARIQ}


def test_two_large_batches_at_once_lose_no_answer(world: World) -> None:
    assessment_id = world.start()
    questions = world.questions(assessment_id)
    halves = {RINA: questions[:70], TARIQ: questions[50:]}

    def save(person: str) -> None:
        operations = [operation(question_id, at=datetime.now(UTC)) for question_id in halves[person]]
        world.call(person, record_request(assessment_id, operations))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, halves))
    listed = world.call(RINA, recording_pb2.ListAnswersRequest(parent=f"assessments/{assessment_id}", page_size=500))
    authors = {answer.question_id: answer.author for answer in listed.answers}
    assert {authors[each] for each in questions[:50]} == {RINA}
    assert {authors[each] for each in questions[70:]} == {TARIQ}
    assert len(authors) == 120


def test_an_answer_is_in_before_the_submission_or_refused(world: World) -> None:
    assessment_id = world.start()
    question = world.answer_all(assessment_id)[0]
    saved: list[str] = []

    def keep_answering() -> str:
        while True:
            one = operation(question, Finding.FINDING_NON_COMPLIANT)
            try:
                world.call(TARIQ, record_request(assessment_id, [one]))
            except Refused as refused:
                return refused.reason
            saved.append(one.operation_id)

    with ThreadPoolExecutor(1) as pool:
        answering = pool.submit(keep_answering)
        request = service_pb2.SubmitAssessmentRequest(name=f"assessments/{assessment_id}", request_id=new_id())
        world.call(RINA, request)
        assert answering.result(120) == "ASSESSMENT_WRONG_STATE"
    parent = f"assessments/{assessment_id}"
    listed = world.call(RINA, recording_pb2.ListAnswersRequest(parent=parent, page_size=500)).answers
    (current,) = [answer for answer in listed if answer.question_id == question]
    assert current.operation_id == saved[-1] if saved else current.finding == Finding.FINDING_COMPLIANT


def test_a_context_answer_keeps_its_kind(world: World) -> None:
    publish(load_bank())
    try:
        assessment_id = world.start()
        given = [
            operation("bd-1-3-5", count=3),
            operation("bd-7-8-7", day=day()),
            operation("bd-7-8-8", yes_no=True, note="heard on every floor"),
        ]
        world.call(RINA, record_request(assessment_id, given))
        listed = world.call(RINA, recording_pb2.ListAnswersRequest(parent=f"assessments/{assessment_id}")).answers
        assert [(each.WhichOneof("value"), each.operation_id) for each in listed] == [
            ("count", given[0].operation_id),
            ("day", given[1].operation_id),
            ("yes_no", given[2].operation_id),
        ]
        assert (listed[0].count, listed[1].day, listed[2].note) == (3, given[1].day, "heard on every floor")
    finally:
        publish(generated_bank(120))


def test_a_released_report_outlives_its_bank(world: World) -> None:
    name = f"assessments/{world.release()}"
    report = world.call(LEADER, service_pb2.GetReportRequest(name=f"{name}/report")).report
    asked = world.call(LEADER, GetQuestionnaireRequest(name=report.questionnaire)).questionnaire
    publish(generated_bank(60))
    questionnaire.cache_clear()
    try:
        other = world.start()
        assert len(world.questions(other)) == 60
        assert world.call(LEADER, service_pb2.GetReportRequest(name=f"{name}/report")).report == report
        assert world.call(LEADER, GetQuestionnaireRequest(name=report.questionnaire)).questionnaire == asked
        listed = world.call(LEADER, ListQuestionnairesRequest(country="BD"))
        assert report.questionnaire in {each.name for each in listed.questionnaires}
        assert not any(each.questions for each in listed.questionnaires)
    finally:
        publish(generated_bank(120))


def test_the_same_operations_in_any_order_and_twice_give_the_same_answers(world: World) -> None:
    questions: list[str] = []
    results = []
    now = datetime.now(UTC)
    for order in (1, -1):
        assessment_id = world.start()
        questions = questions or world.questions(assessment_id)[:3]
        base = [
            operation(question_id, finding, at=now + timedelta(seconds=index))
            for index, finding in enumerate((Finding.FINDING_COMPLIANT, Finding.FINDING_NON_COMPLIANT))
            for question_id in questions
        ]
        for each in base[::order] + base:
            world.call(RINA, record_request(assessment_id, [each]))
        listed = world.call(RINA, recording_pb2.ListAnswersRequest(parent=f"assessments/{assessment_id}"))
        results.append([(answer.question_id, answer.finding) for answer in listed.answers])
    assert results[0] == results[1] == [(each, Finding.FINDING_NON_COMPLIANT) for each in questions]


def test_a_retry_with_the_same_request_id_has_one_effect_and_the_same_answer(world: World) -> None:
    request = plan_request()
    assert world.call(LEADER, request) == world.call(LEADER, request)
    changed = plan_request(assessment_id=request.assessment_id, request_id=request.request_id, days=(0,))
    with pytest.raises(Refused) as refused:
        world.call(LEADER, changed)
    assert (refused.value.code, refused.value.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")


def test_lists_are_filtered_and_paged(world: World) -> None:
    made = {world.plan(factory="bd-1003", last=10 + index) for index in range(5)}
    seen: list[str] = []
    token = ""
    while True:
        page = world.call(
            LEADER,
            service_pb2.ListAssessmentsRequest(
                page_size=2,
                page_token=token,
                factory="factories/bd-1003",
                country="BD",
                states=[State.ASSESSMENT_STATE_PLANNED],
            ),
        )
        assert page.total_size == 5
        seen += [assessment.name.split("/")[1] for assessment in page.assessments]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == 5
    assert set(seen) == made


def test_answers_are_paged_by_question(world: World) -> None:
    assessment_id = world.start()
    questions = sorted(world.answer_all(assessment_id))
    parent = f"assessments/{assessment_id}"
    first = world.call(MANAGER, recording_pb2.ListAnswersRequest(parent=parent, page_size=70))
    rest = world.call(
        MANAGER, recording_pb2.ListAnswersRequest(parent=parent, page_size=70, page_token=first.next_page_token)
    )
    assert [answer.question_id for answer in [*first.answers, *rest.answers]] == questions
    assert (len(first.answers), rest.next_page_token, rest.total_size) == (70, "", 120)


def test_days_really_spent_on_site_move_the_due_time(world: World) -> None:
    assessment_id = world.start(days=(0, 5))
    world.answer_all(assessment_id)
    before = get(world, RINA, assessment_id).release_due_time.ToDatetime()
    request = service_pb2.SubmitAssessmentRequest(
        name=f"assessments/{assessment_id}", on_site_days=[day(0)], request_id=new_id()
    )
    after = world.call(RINA, request).assessment.release_due_time.ToDatetime()
    assert before - after == timedelta(days=5)
    overdue = db().due_work.find_one({"_id": f"release-overdue/{assessment_id}"})
    assert overdue
    assert overdue["due_at"].replace(tzinfo=None) == after + timedelta(seconds=1)
