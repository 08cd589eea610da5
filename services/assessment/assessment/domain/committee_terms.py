"""The words of committees: members and attendance by side and sex, elections, meetings."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assessment.domain.visit_terms import Topic


class CommitteeWarning(StrEnum):
    """What is doubtful about a committee; nothing is refused because of it."""

    WORKER_SIDE_SMALLER = "worker_side_smaller"
    NOT_FREELY_ELECTED = "not_freely_elected"
    NO_WOMEN = "no_women"


@dataclass(frozen=True)
class Counts:
    """People by side and sex; nobody is named."""

    management_women: int
    management_men: int
    worker_women: int
    worker_men: int

    @property
    def management(self) -> int:
        """People of the management."""
        return self.management_women + self.management_men

    @property
    def workers(self) -> int:
        """People who represent workers."""
        return self.worker_women + self.worker_men

    @property
    def women(self) -> int:
        """Women of both sides."""
        return self.management_women + self.worker_women


@dataclass(frozen=True)
class Election:
    """An election of worker representatives; `day` is a calendar day of the country."""

    id: str
    day: date
    freely_elected: bool
    eligible_voters: int
    votes: int
    elected_women: int
    elected_men: int


@dataclass(frozen=True)
class Meeting:
    """A meeting of the committee; `note` is free text."""

    id: str
    day: date
    attendance: Counts
    topics: tuple[Topic, ...]
    note: str
