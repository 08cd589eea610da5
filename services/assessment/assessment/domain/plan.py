"""The plan of a visit: who goes, in which window, on which days; secret until the visit starts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessment.domain.errors import InvalidPlan

ADVISORS = 2
"""How many advisors go on a visit."""

LONGEST_WINDOW_DAYS = 92
"""A window longer than a quarter is a slip of the keyboard."""

FURTHEST_DAYS_AHEAD = 732
"""A plan more than two years ahead is one, too."""


@dataclass(frozen=True)
class Team:
    """A team leader, who reviews and releases, and the advisors, who visit and answer. Opaque ids of people."""

    leader: str
    advisors: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.advisors)) != ADVISORS or len(self.advisors) != ADVISORS:
            raise InvalidPlan(f"a visit has {ADVISORS} different advisors", "advisors")
        if self.leader in self.advisors:
            raise InvalidPlan("the team leader reviews the answers and is not an advisor of the same visit", "advisors")

    def __iter__(self) -> Iterator[str]:
        return iter((self.leader, *self.advisors))


@dataclass(frozen=True)
class Plan:
    """The window within which the visit may start, and the days on site; both as the country's calendar days."""

    first_day: date
    last_day: date
    on_site_days: tuple[date, ...]

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise InvalidPlan("the window ends before it begins", "window")
        if (self.last_day - self.first_day).days >= LONGEST_WINDOW_DAYS:
            raise InvalidPlan(f"the window is longer than {LONGEST_WINDOW_DAYS} days", "window")
        check_on_site_days(self.on_site_days)
        if not (self.first_day <= self.on_site_days[0] and self.on_site_days[-1] <= self.last_day):
            raise InvalidPlan("every day on site lies in the window", "on_site_days")

    def check_against(self, today: date) -> None:
        """Raises InvalidPlan for a plan in the past or in the wrong century; `today` is the factory's."""
        if self.on_site_days[0] < today:
            raise InvalidPlan("a visit is planned for today or later", "on_site_days")
        if (self.last_day - today).days > FURTHEST_DAYS_AHEAD:
            raise InvalidPlan("the window is more than two years ahead", "window")

    def visited(self, days: tuple[date, ...], started_on: date, today: date) -> "Plan":
        """The plan as it came to pass: the days really spent on site, between the start of the visit and today."""
        check_on_site_days(days)
        if days[0] < started_on or days[-1] > today:
            raise InvalidPlan("the days on site lie between the start of the visit and today", "on_site_days")
        return Plan(min(self.first_day, days[0]), max(self.last_day, days[-1]), days)


def check_on_site_days(days: tuple[date, ...]) -> None:
    """Raises InvalidPlan unless there is a day, each once and in order."""
    if not days:
        raise InvalidPlan("a visit has at least one day on site", "on_site_days")
    if list(days) != sorted(set(days)):
        raise InvalidPlan("the days on site are named once each, in order", "on_site_days")


class PlanChangeKind(StrEnum):
    """What happened to the plan before the start."""

    PLANNED = "planned"
    RESCHEDULED = "rescheduled"


@dataclass(frozen=True)
class PlanChange:
    """One entry of the plan's history: when the team leader planned or moved the visit, and to which days."""

    kind: PlanChangeKind
    at: datetime
    actor: str
    plan: Plan
