"""Whatever is wrong with a call: a clear error naming field and reason, and nothing changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.type.date_pb2 import Date

from amplify.assessment.v1 import assessment_pb2, planning_pb2, recording_pb2
from amplify.assessment.v1 import assessment_service_pb2 as service_pb2
from amplify.assessment.v1 import questionnaire_service_pb2 as questionnaires_pb2

from .world import (
    FACTORY,
    LEADER,
    MANAGER_KH,
    OTHER_ADVISOR,
    OTHER_LEADER,
    RINA,
    SRE,
    Finding,
    Refused,
    Visits,
    World,
    day,
    new_id,
    operation,
    plan_request,
    record_request,
)

pytestmark = pytest.mark.stack
P, S, R, Q = planning_pb2, service_pb2, recording_pb2, questionnaires_pb2
NOBODYS = f"assessments/{new_id()}"
UNCLEAR = assessment_pb2.RETURN_REASON_ANSWER_UNCLEAR
ERROR = assessment_pb2.CANCEL_REASON_PLANNED_IN_ERROR


def window(first: int, last: int) -> assessment_pb2.Window:
    """A window counted from today."""
    return assessment_pb2.Window(first_day=day(first), last_day=day(last))


def change(verb: str, name: str, **more: Any) -> Any:
    """A request to change the assessment."""
    module = P if verb in ("Reschedule", "Cancel", "Start") else S
    usual: dict[str, dict[str, Any]] = {
        "Reschedule": {"window": window(0, 5), "on_site_days": [day(1)]},
        "Cancel": {"reason": ERROR},
        "Return": {"reason": UNCLEAR},
    }
    fields = {"name": name, "request_id": new_id(), **usual.get(verb, {}), **more}
    return getattr(module, f"{verb}AssessmentRequest")(**fields)


DOER = {
    "Reschedule": LEADER,
    "Cancel": LEADER,
    "Start": RINA,
    "Submit": RINA,
    "Return": LEADER,
    "Release": LEADER,
}
WORKS_IN = {
    "Reschedule": "planned",
    "Cancel": "planned",
    "Start": "planned",
    "Submit": "started",
    "Return": "submitted",
    "Release": "submitted",
}


Refuse = Callable[..., Refused]


@pytest.mark.parametrize("verb", DOER)
@pytest.mark.parametrize("state", ["planned", "started", "submitted", "released"])
def test_a_verb_in_the_wrong_state(refuse: Refuse, visits: Visits, verb: str, state: str) -> None:
    if WORKS_IN[verb] == state:
        stale = refuse(DOER[verb], change(verb, visits[state], etag='"99"'))
        assert (stale.code, stale.reason) == ("ABORTED", "STALE_ETAG")
        return
    refused = refuse(DOER[verb], change(verb, visits[state]))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "ASSESSMENT_WRONG_STATE")


@pytest.mark.parametrize("state", ["planned", "submitted", "released"])
def test_answers_outside_the_visit(refuse: Refuse, visits: Visits, state: str) -> None:
    request = R.RecordAnswersRequest(name=visits[state], operations=[operation(visits.question)], request_id=new_id())
    assert refuse(RINA, request).reason == "ASSESSMENT_WRONG_STATE"


@pytest.mark.parametrize("verb", DOER)
def test_an_unknown_id(refuse: Refuse, verb: str) -> None:
    assert refuse(DOER[verb], change(verb, NOBODYS)).code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("person", "request_of"),
    [
        (RINA, lambda: R.RecordAnswersRequest(name=NOBODYS, operations=[operation("x")], request_id=new_id())),
        (RINA, lambda: S.GetAssessmentRequest(name=NOBODYS)),
        (RINA, lambda: R.ListAnswersRequest(parent=NOBODYS)),
        (RINA, lambda: S.GetReportRequest(name=f"{NOBODYS}/report")),
        (RINA, lambda: Q.GetQuestionnaireRequest(name="questionnaires/bd-20200101-000000000000")),
    ],
)
def test_an_unknown_id_elsewhere(refuse: Refuse, person: str, request_of: Callable[[], Any]) -> None:
    assert refuse(person, request_of()).code == "NOT_FOUND"


def test_a_report_that_is_not_out(refuse: Refuse, visits: Visits) -> None:
    assert refuse(LEADER, S.GetReportRequest(name=f"{visits['submitted']}/report")).code == "NOT_FOUND"


@pytest.mark.parametrize("verb", DOER)
@pytest.mark.parametrize(
    ("token", "reason"), [("", "TOKEN_MISSING"), ("not-a-token", "TOKEN_INVALID"), ("x" * 9000, "TOKEN_INVALID")]
)
def test_a_missing_or_malformed_token(refuse: Refuse, visits: Visits, verb: str, token: str, reason: str) -> None:
    refused = refuse(DOER[verb], change(verb, visits["planned"]), token=token)
    assert (refused.code, refused.reason) == ("UNAUTHENTICATED", reason)


@pytest.mark.parametrize("claims", [{"aud": "other"}, {"exp": 1}, {"iss": "http://elsewhere"}])
def test_a_token_that_is_not_for_us(world: World, refuse: Refuse, visits: Visits, claims: dict[str, Any]) -> None:
    token = world.issuer.token(RINA, "enterprise-advisor", **claims)
    assert refuse(RINA, S.GetAssessmentRequest(name=visits["started"]), token=token).code == "UNAUTHENTICATED"


@pytest.mark.parametrize("verb", DOER)
@pytest.mark.parametrize("person", [SRE, FACTORY, MANAGER_KH])
def test_a_role_that_may_not(refuse: Refuse, visits: Visits, verb: str, person: str) -> None:
    assert refuse(person, change(verb, visits[WORKS_IN[verb]])).code == "PERMISSION_DENIED"


def test_a_colleague_who_is_not_on_the_team(refuse: Refuse, visits: Visits) -> None:
    request = R.RecordAnswersRequest(
        name=visits["started"], operations=[operation(visits.question)], request_id=new_id()
    )
    assert refuse(OTHER_ADVISOR, request).reason == "ASSESSMENT_NOT_ON_TEAM"
    assert refuse(OTHER_ADVISOR, change("Submit", visits["started"])).reason == "ASSESSMENT_NOT_ON_TEAM"
    assert refuse(OTHER_LEADER, change("Release", visits["submitted"])).reason == "ASSESSMENT_NOT_TEAM_LEADER"
    assert refuse(OTHER_LEADER, change("Cancel", visits["planned"])).code == "NOT_FOUND"


PLANS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "unknown factory": (lambda: plan_request(factory="bd-9999"), "factory", "FACTORY_UNKNOWN"),
    "factory of another country": (lambda: plan_request(factory="jo-4001"), "factory", "FACTORY_UNKNOWN"),
    "closed factory": (lambda: plan_request(factory="bd-1004"), "factory", "FACTORY_NOT_ACTIVE"),
    "malformed factory": (lambda: plan_request(factory="../x"), "factory", "INVALID_FIELD"),
    "malformed id": (lambda: plan_request(assessment_id="7"), "assessment_id", "INVALID_FIELD"),
    "no request id": (lambda: plan_request(request_id=""), "request_id", "INVALID_FIELD"),
    "one advisor": (lambda: plan_request(advisors=[RINA]), "advisors", "ASSESSMENT_PLAN_INVALID"),
    "advisor twice": (lambda: plan_request(advisors=[RINA, RINA]), "advisors", "ASSESSMENT_PLAN_INVALID"),
    "advisor who is no id": (lambda: plan_request(advisors=[RINA, "x"]), "advisors[1]", "INVALID_FIELD"),
    "somebody else's team": (
        lambda: plan_request(team_leader=OTHER_LEADER),
        "team_leader",
        "ASSESSMENT_NOT_TEAM_LEADER",
    ),
    "window backwards": (lambda: plan_request(first=3, last=2, days=(3,)), "window", "ASSESSMENT_PLAN_INVALID"),
    "no window": (lambda: plan_request(window=None), "window", "INVALID_FIELD"),
    "day outside the window": (lambda: plan_request(days=(0, 50)), "on_site_days", "ASSESSMENT_PLAN_INVALID"),
    "visit in the past": (lambda: plan_request(first=-5, days=(-2,)), "on_site_days", "ASSESSMENT_PLAN_INVALID"),
    "too many days": (lambda: plan_request(days=tuple(range(32))), "on_site_days", "INVALID_FIELD"),
    "no such day": (
        lambda: plan_request(on_site_days=[Date(year=2026, month=2, day=30)]),
        "on_site_days[0]",
        "INVALID_FIELD",
    ),
    "wrong century": (
        lambda: plan_request(on_site_days=[Date(year=1026, month=2, day=3)]),
        "on_site_days[0]",
        "INVALID_FIELD",
    ),
}


@pytest.mark.parametrize("case", PLANS)
def test_a_plan_that_cannot_be(refuse: Refuse, case: str) -> None:
    make, field, reason = PLANS[case]
    refused = refuse(LEADER, make())
    assert refused.fields == {field: reason}


def test_an_id_that_is_taken(refuse: Refuse, visits: Visits) -> None:
    refused = refuse(LEADER, plan_request(assessment_id=visits.planned))
    assert (refused.code, refused.reason) == ("ALREADY_EXISTS", "ALREADY_EXISTS")


ANSWERS: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "unknown question": (lambda _: operation("bd-g9999"), "question_id", "QUESTION_NOT_IN_QUESTIONNAIRE"),
    "question that is a path": (lambda _: operation("a.b.$c"), "question_id", "QUESTION_NOT_IN_QUESTIONNAIRE"),
    "number for a finding": (lambda question: operation(question, count=3), "value", "ANSWER_KIND_MISMATCH"),
    "no finding": (lambda question: operation(question, Finding.FINDING_UNSPECIFIED), "finding", "INVALID_FIELD"),
    "answer from tomorrow": (
        lambda question: operation(question, at=datetime.now(UTC) + timedelta(days=1)),
        "answer_time",
        "ANSWER_TIME_INVALID",
    ),
    "answer before the start": (
        lambda question: operation(question, at=datetime.now(UTC) - timedelta(days=1)),
        "answer_time",
        "ANSWER_TIME_INVALID",
    ),
    "oversized note": (lambda question: operation(question, note="x" * 2001), "note", "INVALID_FIELD"),
    "malformed operation id": (lambda question: operation(question, operation_id="1"), "operation_id", "INVALID_FIELD"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_cannot_be(refuse: Refuse, visits: Visits, case: str) -> None:
    make, field, reason = ANSWERS[case]
    operations = [operation(visits.question), make(visits.question)]
    refused = refuse(RINA, record_request(visits.started, operations))
    assert refused.code == "INVALID_ARGUMENT"
    assert refused.fields == {f"operations[1].{field}": reason}


def test_an_operation_id_used_for_two_answers(refuse: Refuse, visits: Visits) -> None:
    first = operation(visits.question)
    second = operation(visits.question, Finding.FINDING_NON_COMPLIANT, operation_id=first.operation_id)
    refused = refuse(RINA, record_request(visits.started, [first, second]))
    assert refused.fields == {"operations[1].operation_id": "OPERATION_ID_REUSED"}


def test_too_many_or_no_answers_at_once(refuse: Refuse, visits: Visits) -> None:
    for operations in ([], [operation(visits.question)] * 501):
        assert refuse(RINA, record_request(visits.started, operations)).fields == {"operations": "INVALID_FIELD"}
    huge = [operation(visits.question, note="x" * 2_000_000) for _ in range(3)]
    assert refuse(RINA, record_request(visits.started, huge)).code == "RESOURCE_EXHAUSTED"


def test_a_request_that_is_wrong_throughout_names_the_first_fields(refuse: Refuse, visits: Visits) -> None:
    for wrong in (operation(visits.question, operation_id="x"), operation("bd-g9999")):
        refused = refuse(RINA, record_request(visits.started, [wrong] * 500))
        assert refused.code == "INVALID_ARGUMENT"
        assert len(refused.fields) == 40


@pytest.mark.parametrize("token", ["garbage", "e30=", "{}"])
def test_a_page_token_that_no_list_returned(refuse: Refuse, visits: Visits, token: str) -> None:
    for request in (
        S.ListAssessmentsRequest(page_token=token),
        R.ListAnswersRequest(parent=visits["started"], page_token=token),
        Q.ListQuestionnairesRequest(page_token=token),
    ):
        assert refuse(RINA, request).fields == {"page_token": "INVALID_PAGE_TOKEN"}


def test_a_negative_page_size(refuse: Refuse) -> None:
    assert refuse(RINA, S.ListAssessmentsRequest(page_size=-1)).fields == {"page_size": "INVALID_FIELD"}


def test_a_submission_names_what_is_missing(world: World, refuse: Refuse) -> None:
    assessment_id = world.start(factory="bd-1002")
    questions = world.questions(assessment_id)
    world.call(RINA, record_request(assessment_id, [operation(each) for each in questions[2:]]))
    refused = refuse(RINA, change("Submit", f"assessments/{assessment_id}"))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "ASSESSMENT_ANSWERS_MISSING")
    assert set(refused.fields) == {f"answers.{each}" for each in questions[:2]}


@pytest.mark.parametrize("days", [(1,), (-1,)])
def test_days_on_site_that_cannot_have_been(refuse: Refuse, visits: Visits, days: tuple[int, ...]) -> None:
    request = change("Submit", visits["started"], on_site_days=[day(each) for each in days])
    assert refuse(RINA, request).fields == {"on_site_days": "ASSESSMENT_PLAN_INVALID"}
