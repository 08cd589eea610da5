"""The questions this service answers, each on behalf of a caller and filtered by what that caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment import questionnaires
from assessment.domain.answers import Operation
from assessment.domain.assessment import Assessment
from assessment.domain.questions import Questionnaire
from assessment.domain.report import Report
from assessment.domain.states import State
from assessment.storage import assessments, decode_answers
from chassis import access, paging
from chassis.database import Row
from chassis.errors import NotFound
from chassis.identity import Identity
from chassis.paging import Page

_WITHOUT_ANSWERS = {"answers": 0}
_LATEST_FIRST = (("plan.first_day", -1), ("_id", 1))
_BY_QUESTION = (("question_id", 1),)
_BY_ID = (("_id", 1),)


@dataclass(frozen=True)
class Listed:
    """One page, and how many rows all pages have."""

    page: Page
    total: int


@dataclass(frozen=True)
class ListedAnswers:
    """One page of current answers, and how many there are."""

    questionnaire: Questionnaire | None
    answers: list[Operation]
    next_page_token: str
    total: int


def get_assessment(caller: Identity, assessment_id: str) -> Row:
    """One assessment as it is stored. Raises NotFound, also for one that the caller may not know of."""
    return assessments.read(access.filter(caller, "assessment"), assessment_id, _WITHOUT_ANSWERS)


def list_assessments(
    caller: Identity, *, factory_id: str, country: str, states: Sequence[State], page_size: int, page_token: str
) -> Listed:
    """The assessments that the caller may know of, the latest window first; empty conditions do not count."""
    query: Row = {}
    if factory_id:
        query["factory_id"] = factory_id
    if country:
        query["country"] = country
    if states:
        query["state"] = {"$in": sorted(state.value for state in states)}
    visible = access.filter(caller, "assessment")
    page = assessments.find(
        visible,
        query,
        sort=_LATEST_FIRST,
        page_size=page_size,
        page_token=page_token,
        projection=_WITHOUT_ANSWERS,
    )
    return Listed(page, assessments.count(visible, query))


def list_answers(caller: Identity, assessment_id: str, *, page_size: int, page_token: str) -> ListedAnswers:
    """The current answers, by question id. Raises NotFound."""
    wanted = {"answers": 1, "questionnaire_id": 1}
    row = assessments.read(access.filter(caller, "answers"), assessment_id, wanted)
    answers = decode_answers(row)
    after = paging.after(page_token, {"assessment": assessment_id}, _BY_QUESTION)
    last_seen = after["$or"][0]["question_id"]["$gt"] if after else ""
    rest = sorted(question_id for question_id in answers if question_id > last_seen)
    shown = rest[: paging.size(page_size)]
    token = ""
    if len(rest) > len(shown):
        token = paging.token({"question_id": shown[-1]}, {"assessment": assessment_id}, _BY_QUESTION)
    asked = questionnaires.questionnaire(row["questionnaire_id"]) if row.get("questionnaire_id") else None
    return ListedAnswers(asked, [answers[question_id] for question_id in shown], token, len(answers))


def get_report(caller: Identity, assessment_id: str) -> tuple[Assessment, Report]:
    """The report of a released assessment. Raises NotFound."""
    assessment = assessments.revive(assessments.read(access.filter(caller, "report"), assessment_id, _WITHOUT_ANSWERS))
    if assessment.report is None:
        raise NotFound("There is no such resource.")
    return assessment, assessment.report


def get_questionnaire(caller: Identity, questionnaire_id: str) -> Questionnaire:
    """One questionnaire with its questions. Raises NotFound."""
    questionnaires.head(access.filter(caller, "questionnaire"), questionnaire_id)
    return questionnaires.questionnaire(questionnaire_id)


def list_questionnaires(caller: Identity, *, country: str, page_size: int, page_token: str) -> Listed:
    """Questionnaires without their questions, by id."""
    visible = access.filter(caller, "questionnaire")
    query: Row = {"country": country} if country else {}
    limit = paging.size(page_size)
    rows = questionnaires.heads(visible, {"$and": [query, paging.after(page_token, query, _BY_ID)]}, limit + 1)
    token = paging.token(rows[limit - 1], query, _BY_ID) if len(rows) > limit else ""
    return Listed(Page(rows[:limit], token), questionnaires.count(visible, query))
