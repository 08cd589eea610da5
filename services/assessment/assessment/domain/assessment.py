"""One assessment, from a secret plan to a released report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from assessment.domain import facts
from assessment.domain.answers import Operation, merge, problems_of
from assessment.domain.compliance import compute
from assessment.domain.errors import (
    AnswersMissing,
    InvalidAnswers,
    InvalidPlan,
    NotOnTeam,
    NotTeamLeader,
    OutsideWindow,
    WrongState,
)
from assessment.domain.fact import Fact
from assessment.domain.plan import Plan, PlanChange, PlanChangeKind, Team
from assessment.domain.questions import Questionnaire
from assessment.domain.release_clock import ReleaseClock, local_day, release_clock
from assessment.domain.report import Report
from assessment.domain.states import SECRET, CancelReason, ReturnReason, State

MOST_CHANGES = 100
"""A plan moved more often is not a plan; its history travels with the start."""


@dataclass
class Assessment:
    """The root. Verbs are handed the answers they need, so that saving some never loads or rewrites the rest.

    `time_zone` (IANA) and `clock_days` are the country's, pinned when the visit was planned and started. Times are UTC.
    `overdue_since` is the due day that was last said to have passed.
    """

    id: str
    factory_id: str
    country: str
    time_zone: str
    team: Team
    plan: Plan
    plan_history: list[PlanChange]
    state: State = State.PLANNED
    cancel_reason: CancelReason | None = None
    questionnaire_id: str | None = None
    clock_days: int | None = None
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    rounds: int = 0
    return_reason: ReturnReason | None = None
    overdue_since: date | None = None
    report: Report | None = None
    recorded: list[object] = field(default_factory=list)

    @property
    def secret(self) -> bool:
        """Whether only the team may know of it."""
        return self.state in SECRET

    @property
    def clock(self) -> ReleaseClock:
        """The release clock. Raises WrongState before the start."""
        if self.clock_days is None:
            raise WrongState("the visit has not started")
        return release_clock(self.plan.on_site_days, self.time_zone, self.clock_days)

    @property
    def escalated(self) -> bool:
        """Whether it has been said that the due day has passed; one that was moved to a later day may pass again."""
        return self.overdue_since is not None and self.clock.due_day <= self.overdue_since

    def reschedule(self, plan: Plan, actor: str, now: datetime) -> None:
        """Moves the visit before its start. The leader's decision."""
        self._require(State.PLANNED)
        self._require_leader(actor)
        plan.check_against(local_day(now, self.time_zone))
        if plan == self.plan:
            return
        if len(self.plan_history) > MOST_CHANGES:
            raise InvalidPlan(f"the visit was moved {MOST_CHANGES} times; cancel it and plan another", "window")
        self.plan = plan
        self.plan_history.append(PlanChange(PlanChangeKind.RESCHEDULED, now, actor, plan))
        self.record(facts.AssessmentRescheduled, actor, now, plan=plan)

    def cancel(self, reason: CancelReason, actor: str, now: datetime) -> None:
        """Calls the visit off before its start; it stays a secret of the team for ever."""
        self._require(State.PLANNED)
        self._require_leader(actor)
        self.state = State.CANCELLED
        self.cancel_reason = reason
        self.record(facts.AssessmentCancelled, actor, now, reason_code=reason)

    def start(self, questionnaire: Questionnaire, clock_days: int, actor: str, now: datetime) -> None:
        """The team is at the factory: the questionnaire is pinned, the release clock runs, the secret ends."""
        self._require(State.PLANNED)
        self._require_team(actor)
        today = local_day(now, self.time_zone)
        if not self.plan.first_day <= today <= self.plan.last_day:
            window = f"{self.plan.first_day} to {self.plan.last_day}"
            raise OutsideWindow(f"today, {today} at the factory, is not in the window {window}; reschedule first")
        self.state = State.IN_PROGRESS
        self.questionnaire_id = questionnaire.id
        self.clock_days = clock_days
        self.started_at = now
        self.record(
            facts.AssessmentStarted,
            actor,
            now,
            plan=self.plan,
            plan_history=tuple(self.plan_history),
            questionnaire_id=questionnaire.id,
            bank_version=questionnaire.bank_version,
            release_due_at=self.clock.due_at,
        )

    def record_answers(
        self,
        operations: Sequence[Operation],
        current: Mapping[str, Operation],
        questionnaire: Questionnaire,
        actor: str,
        now: datetime,
    ) -> dict[str, Operation]:
        """The answers to write, by question id: an advisor's operations are recorded all or none.

        `current` holds the present answers to the questions concerned. Any order and repetition gives the same.
        """
        self._require_advisor(actor)
        self._require(State.IN_PROGRESS)
        problems = problems_of(operations, current, questionnaire, self.started_at or now, now)
        if problems:
            raise InvalidAnswers(problems)
        changed = merge(current, operations)
        if changed:
            self.record(facts.AnswersRecorded, actor, now, operations=len(operations), changed=len(changed))
        return changed

    def submit(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[str, Operation],
        actor: str,
        now: datetime,
        on_site_days: tuple[date, ...] | None = None,
    ) -> None:
        """An advisor hands the answers over. Every scored question has one; NOT_ASSESSED is an answer.

        `on_site_days`, where given, are the days the team was really there; they move the release clock.
        """
        self._require(State.IN_PROGRESS)
        self._require_advisor(actor)
        missing = tuple(q.id for q in questionnaire.questions if q.scored and q.id not in answers)
        if missing:
            raise AnswersMissing(missing)
        if on_site_days is not None:
            started_on = local_day(self.started_at or now, self.time_zone)
            self.plan = self.plan.visited(on_site_days, started_on, local_day(now, self.time_zone))
        self.state = State.SUBMITTED
        self.submitted_at = now
        self.rounds += 1
        self.return_reason = None
        self.record(
            facts.AssessmentSubmitted,
            actor,
            now,
            questions_answered=len(answers),
            round=self.rounds,
            release_due_at=self.clock.due_at,
        )

    def return_to_team(self, reason: ReturnReason, actor: str, now: datetime) -> None:
        """A reviewer sends the answers back to the advisors. The release clock runs on."""
        self._require(State.SUBMITTED)
        if actor in self.team.advisors:
            raise NotTeamLeader("a reviewer who did not visit returns the answers")
        self.state = State.IN_PROGRESS
        self.return_reason = reason
        self.record(facts.AssessmentReturned, actor, now, reason_code=reason)

    def release(
        self, questionnaire: Questionnaire, answers: Mapping[str, Operation], actor: str, now: datetime
    ) -> None:
        """The team leader releases: compliance is computed from the answers and frozen with the bank's version."""
        self._require(State.SUBMITTED)
        self._require_leader(actor)
        compliance = compute(questionnaire, {key: answer.value for key, answer in answers.items()})
        self.report = Report(questionnaire.id, questionnaire.bank_version, compliance, now, actor)
        self.state = State.RELEASED
        self.record(
            facts.ReportReleased,
            actor,
            now,
            questionnaire_id=questionnaire.id,
            bank_version=questionnaire.bank_version,
            compliance=compliance,
            release_due_at=self.clock.due_at,
        )

    def record(self, kind: Callable[..., Fact], actor: str | None, now: datetime, **details: object) -> None:
        """Notes a fact about this assessment, to be saved with it."""
        self.recorded.append(kind(self.id, self.factory_id, self.country, actor, now, **details))

    def _require(self, state: State) -> None:
        if self.state is not state:
            raise WrongState(f"the assessment is {self.state.value}; this needs it to be {state.value}")

    def _require_leader(self, actor: str) -> None:
        if actor != self.team.leader:
            raise NotTeamLeader("only the team leader of this assessment may do this")

    def _require_advisor(self, actor: str) -> None:
        if actor not in self.team.advisors:
            raise NotOnTeam("only the advisors of this assessment answer and submit")

    def _require_team(self, actor: str) -> None:
        if actor not in tuple(self.team):
            raise NotOnTeam("only the team of this assessment may do this")


def plan_assessment(
    assessment_id: str, factory_id: str, country: str, time_zone: str, team: Team, plan: Plan, actor: str, now: datetime
) -> Assessment:
    """A new assessment, planned by the leader of its team and known to nobody else."""
    if actor != team.leader:
        raise NotTeamLeader("a visit is planned by the leader of its team", "team_leader")
    plan.check_against(local_day(now, time_zone))
    history = [PlanChange(PlanChangeKind.PLANNED, now, actor, plan)]
    assessment = Assessment(assessment_id, factory_id, country, time_zone, team, plan, history)
    assessment.record(facts.AssessmentPlanned, actor, now, plan=plan)
    return assessment
