"""An assessment goes from a secret plan to a frozen report, and each step is taken by the right person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessment.domain import facts
from assessment.domain.answers import Finding
from assessment.domain.assessment import Assessment, plan_assessment
from assessment.domain.compliance import Rate
from assessment.domain.errors import (
    AnswersMissing,
    DomainError,
    InvalidPlan,
    NotOnTeam,
    NotTeamLeader,
    OutsideWindow,
    WrongState,
)
from assessment.domain.plan import Plan, Team
from assessment.domain.reminders import escalate_release, remind_of_release
from assessment.domain.states import CancelReason, ReturnReason, State

from .builders import (
    LEADER,
    MORNING,
    QUESTION_IDS,
    QUESTIONNAIRE,
    RINA,
    STRANGER,
    TARIQ,
    TODAY,
    VISIT,
    answers,
    planned,
    started,
    submitted,
)

EVENING = MORNING + timedelta(hours=8)
LATER = Plan(TODAY + timedelta(days=7), TODAY + timedelta(days=13), (TODAY + timedelta(days=8),))


def test_a_plan_is_secret_until_the_visit_starts() -> None:
    assessment = planned()
    assert assessment.secret
    assessment.start(QUESTIONNAIRE, 28, RINA, MORNING)
    assert not assessment.secret


def test_a_cancelled_plan_stays_secret() -> None:
    assessment = planned()
    assessment.cancel(CancelReason.TEAM_UNAVAILABLE, LEADER, MORNING)
    assert assessment.secret
    assert isinstance(assessment.recorded[-1], facts.AssessmentCancelled)


def test_the_start_tells_the_whole_history_of_the_plan() -> None:
    assessment = planned(LATER)
    assessment.reschedule(VISIT, LEADER, MORNING + timedelta(hours=1))
    assessment.start(QUESTIONNAIRE, 28, RINA, MORNING + timedelta(hours=2))
    fact = assessment.recorded[-1]
    assert isinstance(fact, facts.AssessmentStarted)
    assert [(change.kind, change.plan) for change in fact.plan_history] == [("planned", LATER), ("rescheduled", VISIT)]
    assert fact.questionnaire_id == QUESTIONNAIRE.id


def test_rescheduling_to_the_same_plan_records_nothing() -> None:
    assessment = planned()
    assessment.reschedule(VISIT, LEADER, MORNING)
    assert len(assessment.recorded) == 1


def test_a_visit_is_not_moved_for_ever() -> None:
    assessment = planned()
    for number in range(100):
        assessment.reschedule((LATER, VISIT)[number % 2], LEADER, MORNING)
    with pytest.raises(InvalidPlan):
        assessment.reschedule(LATER, LEADER, MORNING)


@pytest.mark.parametrize("advisors", [(), (RINA,), (RINA, RINA), (RINA, TARIQ, STRANGER), (LEADER, RINA)])
def test_a_team_is_a_leader_and_two_other_people(advisors: tuple[str, ...]) -> None:
    with pytest.raises(InvalidPlan) as refused:
        Team(LEADER, advisors)
    assert refused.value.field == "advisors"


@pytest.mark.parametrize(
    ("first", "last", "days", "field"),
    [
        (1, 0, (1,), "window"),
        (0, 92, (1,), "window"),
        (0, 5, (), "on_site_days"),
        (0, 5, (2, 1), "on_site_days"),
        (0, 5, (1, 1), "on_site_days"),
        (1, 5, (0, 1), "on_site_days"),
        (0, 5, (5, 6), "on_site_days"),
        (-3, 5, (-1, 1), "on_site_days"),
        (800, 805, (801,), "window"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(
    first: int, last: int, days: tuple[int, ...], field: str
) -> None:
    def day(offset: int) -> date:
        return TODAY + timedelta(days=offset)

    with pytest.raises(InvalidPlan) as refused:
        planned(Plan(day(first), day(last), tuple(map(day, days))))
    assert refused.value.field == field


def test_only_the_leader_plans_reschedules_cancels_and_releases() -> None:
    with pytest.raises(NotTeamLeader):
        plan_assessment("a", "f", "BD", "Asia/Dhaka", Team(LEADER, (RINA, TARIQ)), VISIT, RINA, MORNING)
    with pytest.raises(NotTeamLeader):
        planned().reschedule(LATER, RINA, MORNING)
    with pytest.raises(NotTeamLeader):
        planned().cancel(CancelReason.PLANNED_IN_ERROR, TARIQ, MORNING)
    with pytest.raises(NotTeamLeader):
        submitted().release(QUESTIONNAIRE, answers(), RINA, EVENING)


def test_only_the_team_starts_and_only_its_advisors_submit() -> None:
    with pytest.raises(NotOnTeam):
        planned().start(QUESTIONNAIRE, 28, STRANGER, MORNING)
    for person in (LEADER, STRANGER):
        with pytest.raises(NotOnTeam):
            started().submit(QUESTIONNAIRE, answers(), person, EVENING)


def test_a_visit_starts_on_a_day_of_its_window_as_the_factory_sees_it() -> None:
    assessment = planned(replace(VISIT, first_day=TODAY + timedelta(days=1), on_site_days=(TODAY + timedelta(days=1),)))
    with pytest.raises(OutsideWindow):
        assessment.start(QUESTIONNAIRE, 28, RINA, MORNING)
    just_after_midnight_in_dhaka = MORNING.replace(hour=18, minute=0)
    assessment.start(QUESTIONNAIRE, 28, RINA, just_after_midnight_in_dhaka)
    assert assessment.state is State.IN_PROGRESS


def test_submission_names_every_scored_question_without_an_answer() -> None:
    incomplete = answers()
    del incomplete[QUESTION_IDS[3]], incomplete[QUESTION_IDS[7]]
    assessment = started()
    with pytest.raises(AnswersMissing) as refused:
        assessment.submit(QUESTIONNAIRE, incomplete, RINA, EVENING)
    assert refused.value.question_ids == (QUESTION_IDS[3], QUESTION_IDS[7])
    assert assessment.state is State.IN_PROGRESS


def test_not_assessed_is_an_answer() -> None:
    assessment = started()
    assessment.submit(QUESTIONNAIRE, answers(Finding.NOT_ASSESSED), RINA, EVENING)
    assert assessment.state is State.SUBMITTED


def test_a_reviewer_sends_back_and_the_advisors_submit_again() -> None:
    assessment = submitted()
    with pytest.raises(NotTeamLeader):
        assessment.return_to_team(ReturnReason.ANSWER_UNCLEAR, TARIQ, EVENING)
    assessment.return_to_team(ReturnReason.ANSWER_UNCLEAR, LEADER, EVENING)
    assert assessment.return_reason is ReturnReason.ANSWER_UNCLEAR
    assessment.submit(QUESTIONNAIRE, answers(), TARIQ, EVENING)
    fact = assessment.recorded[-1]
    assert isinstance(fact, facts.AssessmentSubmitted)
    assert fact.round == 2
    assert assessment.return_reason is None


def test_release_freezes_the_computed_compliance_with_its_bank() -> None:
    assessment = submitted()
    assessment.release(QUESTIONNAIRE, answers(Finding.NON_COMPLIANT), LEADER, EVENING)
    assert assessment.report
    assert assessment.report.compliance.overall == Rate(38, 38)
    assert assessment.report.bank_version == "generated-40"
    fact = assessment.recorded[-1]
    assert isinstance(fact, facts.ReportReleased)
    assert fact.compliance.overall == Rate(38, 38)


VERBS = {
    "reschedule": lambda each: each.reschedule(VISIT, LEADER, MORNING),
    "cancel": lambda each: each.cancel(CancelReason.FACTORY_CLOSED, LEADER, MORNING),
    "start": lambda each: each.start(QUESTIONNAIRE, 28, RINA, MORNING),
    "submit": lambda each: each.submit(QUESTIONNAIRE, answers(), RINA, EVENING),
    "return": lambda each: each.return_to_team(ReturnReason.EVIDENCE_MISSING, LEADER, EVENING),
    "release": lambda each: each.release(QUESTIONNAIRE, answers(), LEADER, EVENING),
}
ALLOWED = {
    State.PLANNED: {"reschedule", "cancel", "start"},
    State.CANCELLED: set(),
    State.IN_PROGRESS: {"submit"},
    State.SUBMITTED: {"return", "release"},
    State.RELEASED: set(),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_works_in_its_states_and_changes_nothing_in_others(state: State, verb: str) -> None:
    assessment = submitted()
    assessment.state = state
    assessment.recorded.clear()
    if verb in ALLOWED[state]:
        VERBS[verb](assessment)
        return
    before = replace(assessment)
    with pytest.raises(WrongState):
        VERBS[verb](assessment)
    assert assessment == before
    assert not assessment.recorded


def test_the_clock_speaks_only_while_the_report_is_not_out() -> None:
    assessment = submitted()
    assessment.recorded.clear()
    remind_of_release(assessment, 7, EVENING)
    escalate_release(assessment, EVENING)
    assert [type(fact).__name__ for fact in assessment.recorded] == ["ReleaseReminderDue", "ReleaseOverdue"]
    assessment.release(QUESTIONNAIRE, answers(), LEADER, EVENING)
    assessment.recorded.clear()
    remind_of_release(assessment, 2, EVENING)
    escalate_release(assessment, EVENING)
    assert assessment.recorded == []


def overdue(assessment: Assessment) -> int:
    """How often it was said that the report is overdue."""
    return sum(isinstance(fact, facts.ReleaseOverdue) for fact in assessment.recorded)


def test_a_due_day_that_has_passed_is_said_once_and_a_later_one_anew() -> None:
    assessment = started()
    later = MORNING + timedelta(days=40)
    escalate_release(assessment, later)
    escalate_release(assessment, later)
    assert overdue(assessment) == 1
    assessment.submit(QUESTIONNAIRE, answers(), RINA, later, (TODAY,))
    escalate_release(assessment, later)
    assert overdue(assessment) == 1
    assessment.return_to_team(ReturnReason.ANSWER_UNCLEAR, LEADER, later)
    assessment.submit(QUESTIONNAIRE, answers(), RINA, later, (TODAY, TODAY + timedelta(days=40)))
    escalate_release(assessment, later + timedelta(days=30))
    assert overdue(assessment) == 2


def test_days_really_spent_on_site_move_the_clock() -> None:
    assessment = started()
    days = (TODAY, TODAY + timedelta(days=2))
    assessment.submit(QUESTIONNAIRE, answers(), RINA, MORNING + timedelta(days=2), days)
    assert assessment.clock.due_day == days[1] + timedelta(days=28)


@pytest.mark.parametrize("days", [(TODAY - timedelta(days=1), TODAY), (TODAY, TODAY + timedelta(days=1)), ()])
def test_days_on_site_lie_between_the_start_and_today(days: tuple[date, ...]) -> None:
    assessment = started()
    with pytest.raises(DomainError) as refused:
        assessment.submit(QUESTIONNAIRE, answers(), RINA, EVENING, days)
    assert refused.value.field == "on_site_days"
    assert assessment.state is State.IN_PROGRESS
