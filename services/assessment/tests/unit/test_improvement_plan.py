"""An improvement plan: lines open, come back and are confirmed by reports; nobody verifies an own proof."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from assessment.domain import remediation_facts as facts
from assessment.domain.due_days import end_of_day
from assessment.domain.errors import (
    GradeNeedsStaff,
    InvalidDueDay,
    LineWrongState,
    OwnProof,
    ReferenceMissing,
    UnknownLine,
)
from assessment.domain.improvement_line import (
    Grade,
    ImprovementLine,
    LineChangeKind,
    LinePlan,
    LineState,
    Proof,
    Rejection,
    line_id,
)
from assessment.domain.improvement_plan import ImprovementPlan, ReportFindings
from assessment.domain.visit_terms import Topic

DHAKA = "Asia/Dhaka"
VISIT = date(2026, 3, 16)
RELEASED = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)
DUE = date(2026, 5, 31)
PLACE = Topic("working-time", "overtime")
MANAGER, COLLEAGUE, ADVISOR = "manager", "colleague", "advisor"
LINE = line_id("bd-1001", "bd-1")


def report(
    *found: str, compliant: tuple[str, ...] = (), visit: date = VISIT, id: str = "first", released: datetime = RELEASED
) -> ReportFindings:
    """What a report says of questions."""
    seen = end_of_day(visit, DHAKA)
    return ReportFindings(id, dict.fromkeys(found, PLACE), frozenset(compliant), seen, released)


def empty() -> ImprovementPlan:
    """A plan without lines."""
    return ImprovementPlan("bd-1001", "BD", DHAKA, RELEASED)


def opened() -> ImprovementPlan:
    """A plan with a line of one question."""
    plan = empty()
    plan.take_up(report("bd-1"), RELEASED)
    return plan


def planned(due: date = DUE) -> ImprovementPlan:
    """The same, planned."""
    plan = opened()
    plan.plan_line(LINE, LinePlan("cause", "action", "owner", due), MANAGER, RELEASED)
    return plan


def proof(grade: Grade = Grade.DOCUMENT, *, by: str = MANAGER, at: datetime = RELEASED) -> Proof:
    """A proof with a reference."""
    return Proof(grade, "DOC-1", "", by, at)


def proven(grade: Grade = Grade.DOCUMENT, *, by: str = MANAGER) -> ImprovementPlan:
    """The same, proven."""
    plan = planned()
    plan.prove_line(LINE, proof(grade, by=by))
    return plan


def verified(at: datetime = RELEASED) -> ImprovementPlan:
    """The same, verified."""
    plan = proven()
    plan.verify_line(LINE, ADVISOR, at, staff=True)
    return plan


def said(plan: ImprovementPlan) -> list[str]:
    """What the plan recorded since."""
    return [type(fact).__name__ for fact in plan.recorded]


def test_the_same_question_has_the_same_line_and_another_factory_another() -> None:
    assert line_id("bd-1001", "bd-1") == LINE != line_id("bd-1002", "bd-1")


def test_a_report_taken_up_twice_changes_nothing_even_on_the_day_of_the_visit() -> None:
    plan, same_day = empty(), report("bd-1", visit=date(2026, 4, 1))
    plan.take_up(same_day, RELEASED)
    plan.plan_line(LINE, LinePlan("cause", "action", "owner", DUE), MANAGER, RELEASED)
    plan.prove_line(LINE, proof())
    plan.verify_line(LINE, ADVISOR, RELEASED, staff=True)
    plan.recorded.clear()
    plan.take_up(same_day, RELEASED + timedelta(minutes=5))
    assert (plan.recorded, plan.lines[LINE].state) == ([], LineState.VERIFIED)


def test_the_facts_of_a_line_follow_its_story() -> None:
    assert said(verified()) == [
        "ImprovementLineOpened",
        "ImprovementLinePlanned",
        "ImprovementLineProven",
        "ImprovementLineVerified",
    ]
    fact = verified().recorded[-1]
    assert isinstance(fact, facts.ImprovementLineVerified)
    assert (fact.prover, fact.verifier, fact.grade) == (MANAGER, ADVISOR, Grade.DOCUMENT)


def test_the_same_plan_again_says_nothing_and_another_does() -> None:
    plan = planned()
    plan.recorded.clear()
    plan.plan_line(LINE, LinePlan("cause", "action", "owner", DUE), COLLEAGUE, RELEASED)
    assert said(plan) == []
    plan.plan_line(LINE, LinePlan("cause", "more", "owner", DUE), COLLEAGUE, RELEASED)
    assert said(plan) == ["ImprovementLinePlanned"]


@pytest.mark.parametrize("days", [-1, 733])
def test_a_due_day_in_the_past_or_too_far_ahead(days: int) -> None:
    today = date(2026, 4, 1)
    plan = opened()
    with pytest.raises(InvalidDueDay) as refused:
        plan.plan_line(LINE, LinePlan("c", "a", "o", today + timedelta(days=days)), MANAGER, RELEASED)
    assert refused.value.field == "due_day"
    assert plan.lines[LINE].state is LineState.OPEN


def test_today_is_counted_at_the_factory() -> None:
    evening = datetime(2026, 4, 1, 19, 0, tzinfo=UTC)  # It is the second of April in Dhaka.
    with pytest.raises(InvalidDueDay):
        opened().plan_line(LINE, LinePlan("c", "a", "o", date(2026, 4, 1)), MANAGER, evening)


@pytest.mark.parametrize("grade", Grade)
def test_nobody_judges_an_own_proof(grade: Grade) -> None:
    plan = proven(grade, by=ADVISOR)
    with pytest.raises(OwnProof):
        plan.verify_line(LINE, ADVISOR, RELEASED, staff=True)
    with pytest.raises(OwnProof):
        plan.reject_proof(LINE, Rejection.INCOMPLETE, ADVISOR, RELEASED, staff=True)
    assert plan.lines[LINE].state is LineState.PROVEN


@pytest.mark.parametrize("grade", Grade)
def test_what_is_seen_or_heard_is_judged_by_the_programme(grade: Grade) -> None:
    plan = proven(grade)
    if grade in (Grade.SELF_DECLARED, Grade.DOCUMENT):
        plan.verify_line(LINE, COLLEAGUE, RELEASED, staff=False)
        return
    with pytest.raises(GradeNeedsStaff):
        plan.verify_line(LINE, COLLEAGUE, RELEASED, staff=False)
    plan.verify_line(LINE, ADVISOR, RELEASED, staff=True)


def test_a_document_is_somewhere() -> None:
    plan = planned()
    with pytest.raises(ReferenceMissing):
        plan.prove_line(LINE, Proof(Grade.DOCUMENT, "  ", "note", MANAGER, RELEASED))
    plan.prove_line(LINE, Proof(Grade.SELF_DECLARED, "", "", MANAGER, RELEASED))


@pytest.mark.parametrize("make", [opened, planned, proven, verified])
@pytest.mark.parametrize("verb", ["plan", "prove", "verify", "reject"])
def test_a_verb_in_the_wrong_state(make: object, verb: str) -> None:
    assert callable(make)
    plan = make()
    verbs = {
        "plan": lambda: plan.plan_line(LINE, LinePlan("c", "other", "o", DUE), MANAGER, RELEASED),
        "prove": lambda: plan.prove_line(LINE, proof()),
        "verify": lambda: plan.verify_line(LINE, ADVISOR, RELEASED, staff=True),
        "reject": lambda: plan.reject_proof(LINE, Rejection.INCOMPLETE, ADVISOR, RELEASED, staff=True),
    }
    allowed = {opened: ("plan",), planned: ("plan", "prove"), proven: ("verify", "reject"), verified: ()}
    if verb in allowed[make]:
        verbs[verb]()
        return
    before = plan.lines[LINE].state
    plan.recorded.clear()
    with pytest.raises(LineWrongState):
        verbs[verb]()
    assert (plan.lines[LINE].state, plan.recorded) == (before, [])


def test_a_line_of_another_plan() -> None:
    with pytest.raises(UnknownLine):
        opened().plan_line("elsewhere", LinePlan("c", "a", "o", DUE), MANAGER, RELEASED)


def test_the_next_report_reopens_what_came_back() -> None:
    plan = verified()
    plan.recorded.clear()
    next_year = RELEASED + timedelta(days=360)
    plan.take_up(report("bd-1", visit=VISIT + timedelta(days=350), id="second", released=next_year), next_year)
    line = plan.lines[LINE]
    assert said(plan) == ["ImprovementLineReopened"]
    assert (line.state, line.reopened_count, line.proof, line.closed_at) == (LineState.OPEN, 1, None, None)
    assert line.plan is not None, "what was tried stays readable"
    assert line.history[-1].kind is LineChangeKind.REOPENED


def test_a_claim_that_the_report_contradicts_is_reopened_too() -> None:
    plan = proven()
    later = RELEASED + timedelta(days=360)
    plan.take_up(report("bd-1", visit=VISIT + timedelta(days=350), id="second", released=later), later)
    assert plan.lines[LINE].state is LineState.OPEN


def test_what_was_repaired_after_the_visit_stands() -> None:
    after_the_visit = datetime(2027, 3, 10, tzinfo=UTC)
    plan = verified(after_the_visit)
    later = datetime(2027, 4, 1, tzinfo=UTC)
    plan.take_up(report("bd-1", visit=date(2027, 3, 1), id="second", released=later), later)
    assert plan.lines[LINE].state is LineState.VERIFIED


@pytest.mark.parametrize(
    ("make", "state"), [(opened, LineState.CONFIRMED), (proven, LineState.CONFIRMED), (verified, LineState.VERIFIED)]
)
def test_a_question_that_is_compliant_now_is_confirmed_once(make: object, state: LineState) -> None:
    assert callable(make)
    plan = make()
    plan.recorded.clear()
    for year in (1, 2):
        later = RELEASED + timedelta(days=360 * year)
        second = report(
            compliant=("bd-1", "bd-2"), visit=VISIT + timedelta(days=355 * year), id=str(year), released=later
        )
        plan.take_up(second, later)
    line = plan.lines[LINE]
    assert (line.state, line.confirmed, line.assessment_id) == (state, True, "2")
    assert said(plan) == ["ImprovementLineConfirmed"]
    assert len(plan.lines) == 1, "a compliant question opens nothing"


def test_an_older_report_that_comes_late_says_nothing_new() -> None:
    """Reports come over different aggregates' facts, in any order: the plan is the same in the end."""
    years = [
        report("bd-1", "bd-2", id="a"),
        report("bd-1", compliant=("bd-2",), id="b", visit=date(2027, 3, 1), released=RELEASED + timedelta(days=360)),
        report("bd-3", compliant=("bd-1",), id="c", visit=date(2028, 3, 1), released=RELEASED + timedelta(days=720)),
    ]
    for order in permutations(years):
        plan = empty()
        for one in order:
            plan.take_up(one, RELEASED)
        assert plan.assessment_id == "c"
        assert plan.lines[line_id("bd-1001", "bd-3")].state is LineState.OPEN


def test_an_overdue_line_is_told_once_for_each_due_day() -> None:
    plan = planned()
    plan.recorded.clear()
    last = end_of_day(DUE, DHAKA)
    plan.say_overdue(LINE, DUE, last)
    assert said(plan) == [], "its last second is in time"
    for _ in range(2):
        plan.say_overdue(LINE, DUE, last + timedelta(seconds=1))
    plan.say_overdue(LINE, DUE - timedelta(days=1), last + timedelta(days=1))
    assert said(plan) == ["ImprovementLineOverdue"]
    done = proven()
    done.recorded.clear()
    done.say_overdue(LINE, DUE, last + timedelta(days=1))
    assert said(done) == []


def test_a_rejected_line_waits_for_its_due_day_again() -> None:
    plan = proven()
    plan.reject_proof(LINE, Rejection.ISSUE_PERSISTS, ADVISOR, RELEASED, staff=True)
    line = plan.lines[LINE]
    assert (line.state, line.rejection, line.proof) == (LineState.PLANNED, Rejection.ISSUE_PERSISTS, None)
    assert line.is_overdue(end_of_day(DUE, DHAKA) + timedelta(seconds=1))


def test_an_issue_that_a_factory_found_stands_beside_the_assessed_ones() -> None:
    plan = opened()
    line = plan.add_line("own", PLACE, "words", MANAGER, RELEASED)
    assert isinstance(line, ImprovementLine)
    later = RELEASED + timedelta(days=360)
    plan.take_up(report(compliant=("bd-1",), visit=date(2027, 3, 1), id="second", released=later), later)
    assert plan.lines["own"].state is LineState.OPEN
    fact = next(one for one in plan.recorded if isinstance(one, facts.ImprovementLineOpened) and one.line_id == "own")
    assert fact.assessment_id == ""
    assert "words" not in repr(plan.recorded)
