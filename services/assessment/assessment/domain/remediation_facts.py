"""What happened in remediation, in the past tense: ids, codes, numbers and times, never anybody's words."""

from dataclasses import dataclass
from datetime import date, datetime

from assessment.domain.committee_terms import Counts, Election, Meeting
from assessment.domain.fact import FactoryFact, LineFact, ProgressFact, VisitFact
from assessment.domain.improvement_line import Grade, Rejection, Source
from assessment.domain.visit_terms import PeopleMet, Topic, VisitCancelReason, VisitMode


@dataclass(frozen=True)
class ImprovementLineOpened(LineFact):
    """A factory has a new issue to repair; `assessment_id` is empty for what it found by itself."""

    source: Source
    assessment_id: str


@dataclass(frozen=True)
class ImprovementLinePlanned(LineFact):
    """Action, owner and due day were set, or set anew."""

    due_day: date
    due_at: datetime


@dataclass(frozen=True)
class ImprovementLineProven(LineFact):
    """Somebody gave a proof; it waits for another person."""

    grade: Grade
    prover: str


@dataclass(frozen=True)
class ImprovementProofRejected(LineFact):
    """Another person did not accept the proof."""

    grade: Grade
    reason_code: Rejection
    prover: str
    verifier: str


@dataclass(frozen=True)
class ImprovementLineVerified(LineFact):
    """Another person accepted the proof: the line is closed."""

    grade: Grade
    prover: str
    verifier: str


@dataclass(frozen=True)
class ImprovementLineReopened(LineFact):
    """An assessment found again what was closed or said to be repaired."""

    assessment_id: str
    reopened_count: int


@dataclass(frozen=True)
class ImprovementLineConfirmed(LineFact):
    """An assessment found the question compliant."""

    assessment_id: str


@dataclass(frozen=True)
class ImprovementLineOverdue(LineFact):
    """The due day passed without a proof."""

    due_day: date
    due_at: datetime


@dataclass(frozen=True)
class ProgressReportOpened(ProgressFact):
    """A released report asks the factory for a progress report."""


@dataclass(frozen=True)
class ProgressReportReminderDue(ProgressFact):
    """So many days are left, and it is not submitted."""

    days_left: int


@dataclass(frozen=True)
class ProgressReportOverdue(ProgressFact):
    """The due day has passed, and it is not submitted."""


@dataclass(frozen=True)
class ProgressReportSubmitted(ProgressFact):
    """The factory submitted it, in time or late, with so many lines of its plan open, proven among them, and closed."""

    late: bool
    open_lines: int
    proven_lines: int
    closed_lines: int


@dataclass(frozen=True)
class AdvisoryVisitPlanned(VisitFact):
    """An advisor plans to visit a factory."""

    planned_day: date
    mode: VisitMode
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class AdvisoryVisitRescheduled(VisitFact):
    """The visit was moved to another day, or is held in another way."""

    planned_day: date
    former_day: date
    mode: VisitMode


@dataclass(frozen=True)
class AdvisoryVisitLogged(VisitFact):
    """The visit took place."""

    visit_day: date
    mode: VisitMode
    topics: tuple[Topic, ...]
    line_ids: tuple[str, ...]
    people_met: tuple[PeopleMet, ...]


@dataclass(frozen=True)
class AdvisoryVisitCancelled(VisitFact):
    """The visit was called off, for a reason named by its code."""

    planned_day: date
    reason_code: VisitCancelReason


@dataclass(frozen=True)
class CommitteeFormed(FactoryFact):
    """A factory has a committee of management and workers."""

    formed_day: date
    members: Counts


@dataclass(frozen=True)
class CommitteeElectionHeld(FactoryFact):
    """Workers elected their representatives."""

    election: Election


@dataclass(frozen=True)
class CommitteeMembersChanged(FactoryFact):
    """The members are others than before."""

    members: Counts


@dataclass(frozen=True)
class CommitteeMeetingLogged(FactoryFact):
    """The committee met; the meeting's note stays in the service."""

    meeting: Meeting
