"""One course of the catalogue: what the reviewed data says of it."""

from dataclasses import dataclass, field
from datetime import datetime

from training.domain.facts import CourseRevised
from training.domain.outcomes import OutcomeKind
from training.domain.people import Role


@dataclass(frozen=True, order=True)
class Point:
    """A compliance point of the assessment tool, by the keys of its cluster and its own."""

    cluster: str
    point: str


@dataclass(frozen=True)
class Module:
    """One module; titles by BCP 47 tag."""

    key: str
    titles: dict[str, str]


@dataclass(frozen=True)
class Definition:
    """What the catalogue says of a course.

    `sources` restates, by the name of a field, where its value is known from; an empty text marks the programme's own
    choice, shown as unconfirmed.
    """

    titles: dict[str, str]
    days: int
    hours_per_day: int
    trainee_weeks: int
    audience: tuple[Role, ...]
    modules: tuple[Module, ...]
    default_capacity: int
    min_attendance_percent: int
    test_max_score: int
    outcome_months: int
    outcome_kinds: tuple[OutcomeKind, ...]
    points: tuple[Point, ...]
    sources: dict[str, str]


@dataclass
class Course:
    """One course; `id` is its code, as `sst`."""

    id: str
    definition: Definition
    revised_at: datetime
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def define(cls, course_id: str, definition: Definition, now: datetime) -> "Course":
        """Take a course into the catalogue."""
        return cls(course_id, definition, now, [CourseRevised(course_id, now)])

    def revise(self, definition: Definition, now: datetime) -> None:
        """Take over another definition; an equal one changes and records nothing."""
        if definition != self.definition:
            self.definition = definition
            self.revised_at = now
            self.recorded.append(CourseRevised(self.id, now))
