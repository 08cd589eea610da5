"""What happened, in the past tense: ids, codes, numbers and times; never the name of a person."""

from dataclasses import dataclass
from datetime import date, datetime

from training.domain.outcomes import OutcomeKind
from training.domain.people import HeadCount
from training.domain.training_counts import FactoryTraining


@dataclass(frozen=True)
class CourseRevised:
    """A course came into the catalogue, or the catalogue says something else of it."""

    course_id: str
    at: datetime


@dataclass(frozen=True)
class SessionScheduled:
    """A session will be held."""

    session_id: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class SessionRescheduled:
    """A session moved to other days."""

    session_id: str
    actor: str
    at: datetime
    former_days: tuple[date, ...]


@dataclass(frozen=True)
class SessionUpdated:
    """Some of place, trainers, capacity and invited factories changed."""

    session_id: str
    actor: str
    at: datetime
    changed: tuple[str, ...]


@dataclass(frozen=True)
class SessionCancelled:
    """A session was called off."""

    session_id: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class EnrolmentsChanged:
    """People got a place, wait for one, or withdrew; `promoted` of those who waited got one."""

    session_id: str
    actor: str
    at: datetime
    promoted: int


@dataclass(frozen=True)
class AttendanceRecorded:
    """Attendance of a day was recorded or corrected; the day's counts from now on."""

    session_id: str
    actor: str
    at: datetime
    day: date
    present: tuple[HeadCount, ...]
    absent: int
    missing: int
    late: bool


@dataclass(frozen=True)
class TestScoresRecorded:
    """Scores were written down. Private."""

    session_id: str
    actor: str
    at: datetime
    changed: int


@dataclass(frozen=True)
class SessionCompleted:
    """Who completed a session is settled."""

    session_id: str
    actor: str
    at: datetime
    participant_hours: int
    factories: tuple[FactoryTraining, ...]


@dataclass(frozen=True)
class CertificatesIssued:
    """So many got a certificate now."""

    session_id: str
    actor: str
    at: datetime
    issued: tuple[HeadCount, ...]


@dataclass(frozen=True)
class CertificateRevoked:
    """The certificate of a participant was revoked."""

    session_id: str
    actor: str
    at: datetime
    participant_id: str


@dataclass(frozen=True)
class OutcomesRecorded:
    """Outcomes of one kind were recorded; the counts of it from now on."""

    session_id: str
    actor: str
    at: datetime
    kind: OutcomeKind
    known: tuple[HeadCount, ...]
    improved: tuple[HeadCount, ...]


@dataclass(frozen=True)
class OutcomesDue:
    """The day on which outcomes are due has come, and not all are known."""

    session_id: str
    at: datetime
    due_on: date


@dataclass(frozen=True)
class OutcomesOverdue:
    """Outcomes have been due for a while, and not all are known."""

    session_id: str
    at: datetime
    due_on: date


@dataclass(frozen=True)
class CourseRecommended:
    """A released report recommends a course to a factory."""

    recommendation_id: str
    at: datetime


@dataclass(frozen=True)
class CourseRecommendationMet:
    """A session of the course was completed with people of the factory."""

    recommendation_id: str
    at: datetime
    completed: int


@dataclass(frozen=True)
class CourseRecommendationDismissed:
    """It is not needed; `actor` None: a later report says so."""

    recommendation_id: str
    actor: str | None
    at: datetime
