"""The progress report that a factory writes within the country's days after the release of its assessment's report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from assessment.domain import remediation_facts as facts
from assessment.domain.due_days import has_passed
from assessment.domain.errors import InvalidProgressReport, ProgressReportWrongState
from assessment.domain.fact import ProgressFact
from assessment.domain.improvement_line import Grade, LineState, counts
from assessment.domain.release_clock import ReleaseClock, local_day


class ProgressState(StrEnum):
    """Where a progress report stands."""

    OPEN = "open"
    SUBMITTED = "submitted"


class Section(StrEnum):
    """The sections of a progress report."""

    ENTERPRISE = "enterprise"
    SOCIAL_DIALOGUE = "social_dialogue"
    SYSTEMS = "systems"
    LEARNING = "learning"
    FEEDBACK = "feedback"
    IMPROVEMENT_PLAN = "improvement_plan"
    TRAINING = "training"
    COMMITTEE = "committee"
    ADVISORY = "advisory"
    PUBLIC_ISSUES = "public_issues"


@dataclass(frozen=True)
class Content:
    """What a factory reports of itself: numbers first, `texts` short, one a section at most. Nobody verified it."""

    women: int
    men: int
    complaints_received: int
    complaints_settled: int
    collective_agreement: bool
    policies_revised: int
    own_sessions: int
    women_trained: int
    men_trained: int
    committee_meetings: int
    advisory_visits: int
    public_issues_repaired: int
    texts: Mapping[Section, str]

    def __post_init__(self) -> None:
        if self.complaints_settled > self.complaints_received:
            raise InvalidProgressReport("more complaints were settled than received", "content.complaints_settled")


@dataclass(frozen=True)
class LineSnapshot:
    """A line of the improvement plan as it stood."""

    line_id: str
    cluster: str
    point: str
    state: LineState
    grade: Grade | None


@dataclass
class ProgressReport:
    """The root; its id is the assessment's. `due_at` is the last second of `due_day` in the country's time zone."""

    id: str
    factory_id: str
    country: str
    time_zone: str
    opened_at: datetime
    due_day: date
    due_at: datetime
    state: ProgressState = ProgressState.OPEN
    submitted_at: datetime | None = None
    submitter: str | None = None
    content: Content | None = None
    lines: list[LineSnapshot] = field(default_factory=list)
    recorded: list[object] = field(default_factory=list)

    @property
    def late(self) -> bool:
        """Whether it came after its due day."""
        return self.submitted_at is not None and has_passed(self.due_at, self.submitted_at)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the due day has passed without it."""
        return self.state is ProgressState.OPEN and has_passed(self.due_at, now)

    def submit(self, content: Content, lines: list[LineSnapshot], actor: str, now: datetime) -> None:
        """The factory submits it, in time or late: frozen with the plan's lines. Raises ProgressReportWrongState."""
        if self.state is not ProgressState.OPEN:
            raise ProgressReportWrongState("the progress report is submitted; it is not changed any more")
        self.state, self.submitted_at, self.submitter = ProgressState.SUBMITTED, now, actor
        self.content, self.lines = content, lines
        still_open, proven, closed = counts(line.state for line in lines)
        self._record(
            facts.ProgressReportSubmitted,
            actor,
            now,
            late=self.late,
            open_lines=still_open,
            proven_lines=proven,
            closed_lines=closed,
        )

    def remind(self, days_left: int, now: datetime) -> None:
        """So many days are left. Says nothing once it is submitted."""
        if self.state is ProgressState.OPEN:
            self._record(facts.ProgressReportReminderDue, None, now, days_left=days_left)

    def say_overdue(self, now: datetime) -> None:
        """The due day has passed. Says nothing once it is submitted."""
        if self.state is ProgressState.OPEN:
            self._record(facts.ProgressReportOverdue, None, now)

    def _record(self, kind: Callable[..., ProgressFact], actor: str | None, now: datetime, **details: object) -> None:
        place = (self.factory_id, self.country, actor, now, self.id, self.due_day, self.due_at)
        self.recorded.append(kind(*place, **details))


def progress_clock(released_at: datetime, time_zone: str, days: int) -> ReleaseClock:
    """Its deadline: counted from the local day of the release, as the release's own is from the last day on site."""
    return ReleaseClock(local_day(released_at, time_zone), time_zone, days)


def open_progress_report(
    assessment_id: str, factory_id: str, country: str, clock: ReleaseClock, now: datetime
) -> ProgressReport:
    """A new one, asked for by a released report."""
    report = ProgressReport(assessment_id, factory_id, country, clock.time_zone, now, clock.due_day, clock.due_at)
    report._record(facts.ProgressReportOpened, None, now)
    return report
