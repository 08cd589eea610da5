"""What happened to an assessment, in the past tense: ids, codes, numbers and times, never a person's words."""

from dataclasses import dataclass
from datetime import date, datetime

from assessment.domain.compliance import Compliance
from assessment.domain.fact import Fact
from assessment.domain.plan import Plan, PlanChange


@dataclass(frozen=True)
class AssessmentPlanned(Fact):
    """A visit was planned. Secret: it never leaves this service's database."""

    plan: Plan


@dataclass(frozen=True)
class AssessmentRescheduled(Fact):
    """The visit was moved before its start. Secret, as the plan is."""

    plan: Plan


@dataclass(frozen=True)
class AssessmentCancelled(Fact):
    """The visit was called off before its start. Secret: nobody outside the team learns that it was planned."""

    reason_code: str


@dataclass(frozen=True)
class AssessmentStarted(Fact):
    """The team is on site, so that the plan is no secret any more: its history comes with it."""

    plan: Plan
    plan_history: tuple[PlanChange, ...]
    questionnaire_id: str
    bank_version: str
    release_due_at: datetime


@dataclass(frozen=True)
class AnswersRecorded(Fact):
    """An advisor saved answers: how many operations, and how many of them changed an answer. Private."""

    operations: int
    changed: int


@dataclass(frozen=True)
class AssessmentSubmitted(Fact):
    """The advisors hand the answers to their team leader. `round` counts submissions from 1."""

    questions_answered: int
    round: int
    release_due_at: datetime


@dataclass(frozen=True)
class AssessmentReturned(Fact):
    """The reviewer sent the answers back to the advisors, for a reason named by its code."""

    reason_code: str


@dataclass(frozen=True)
class ReportReleased(Fact):
    """The report is out and frozen: what was computed, and the bank it rests on."""

    questionnaire_id: str
    bank_version: str
    compliance: Compliance
    release_due_at: datetime


@dataclass(frozen=True)
class ReleaseReminderDue(Fact):
    """So many days are left until the report is due, and it is not released."""

    team_leader: str
    days_left: int
    due_day: date
    release_due_at: datetime


@dataclass(frozen=True)
class ReleaseOverdue(Fact):
    """The day the report was due has passed, and it is not released."""

    team_leader: str
    due_day: date
    release_due_at: datetime
