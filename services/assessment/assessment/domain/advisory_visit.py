"""A visit by which an advisor helps a factory to repair: planned, perhaps moved, then logged or called off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from assessment.domain import remediation_facts as facts
from assessment.domain.due_days import FURTHEST_DAYS_AHEAD, end_of_day, has_passed
from assessment.domain.errors import InvalidVisit, VisitWrongState
from assessment.domain.fact import VisitFact
from assessment.domain.release_clock import local_day
from assessment.domain.visit_terms import PeopleMet, Topic, VisitCancelReason, VisitMode, VisitState

LONGEST_DAYS_AGO = 366
"""A visit logged later is a slip of the keyboard."""


@dataclass(frozen=True)
class VisitLog:
    """What happened: `day` is a calendar day of the country, `line_ids` are lines of the factory's improvement plan."""

    day: date
    mode: VisitMode
    topics: tuple[Topic, ...]
    line_ids: tuple[str, ...]
    people_met: tuple[PeopleMet, ...]
    note: str

    def __post_init__(self) -> None:
        _once(self.topics, "topics")
        _once(self.line_ids, "lines")
        _once([met.role for met in self.people_met], "people_met")


@dataclass
class AdvisoryVisit:
    """The root. `advisor` is the opaque id of who goes, `due_at` the last second of the planned day, in UTC."""

    id: str
    factory_id: str
    country: str
    time_zone: str
    advisor: str
    planned_day: date
    due_at: datetime
    mode: VisitMode
    topics: list[Topic]
    planned_at: datetime
    state: VisitState = VisitState.PLANNED
    visit_day: date | None = None
    line_ids: list[str] = field(default_factory=list)
    people_met: list[PeopleMet] = field(default_factory=list)
    note: str = ""
    logged_at: datetime | None = None
    cancel_reason: VisitCancelReason | None = None
    recorded: list[object] = field(default_factory=list)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the planned day has passed without a log."""
        return self.state is VisitState.PLANNED and has_passed(self.due_at, now)

    def reschedule(self, day: date, mode: VisitMode, actor: str, now: datetime) -> None:
        """Moves it, or has it held in another way. Raises VisitWrongState or InvalidVisit."""
        self._require_planned()
        check_planned_day(day, local_day(now, self.time_zone))
        if (day, mode) == (self.planned_day, self.mode):
            return
        former, self.planned_day, self.mode = self.planned_day, day, mode
        self.due_at = end_of_day(day, self.time_zone)
        self._record(facts.AdvisoryVisitRescheduled, actor, now, planned_day=day, former_day=former, mode=mode)

    def log(self, log: VisitLog, actor: str, now: datetime) -> None:
        """It took place. Raises VisitWrongState, or InvalidVisit for a day that is not yet or too long ago."""
        self._require_planned()
        today = local_day(now, self.time_zone)
        if log.day > today:
            raise InvalidVisit(f"a visit that took place lies not in the future; today is {today}", "visit_day")
        if (today - log.day).days > LONGEST_DAYS_AGO:
            raise InvalidVisit("a visit is logged within a year", "visit_day")
        self.state, self.logged_at, self.visit_day = VisitState.LOGGED, now, log.day
        self.mode, self.topics, self.note = log.mode, list(log.topics), log.note
        self.line_ids, self.people_met = list(log.line_ids), list(log.people_met)
        self._record(
            facts.AdvisoryVisitLogged,
            actor,
            now,
            visit_day=log.day,
            mode=log.mode,
            topics=log.topics,
            line_ids=log.line_ids,
            people_met=log.people_met,
        )

    def cancel(self, reason: VisitCancelReason, actor: str, now: datetime) -> None:
        """It is called off. Raises VisitWrongState."""
        self._require_planned()
        self.state, self.cancel_reason = VisitState.CANCELLED, reason
        self._record(facts.AdvisoryVisitCancelled, actor, now, planned_day=self.planned_day, reason_code=reason)

    def _require_planned(self) -> None:
        if self.state is not VisitState.PLANNED:
            raise VisitWrongState(f"the visit is {self.state.value}; this needs it to be planned")

    def _record(self, kind: Callable[..., VisitFact], actor: str, now: datetime, **details: object) -> None:
        self.recorded.append(kind(self.factory_id, self.country, actor, now, self.id, self.advisor, **details))


def plan_visit(
    visit_id: str,
    factory_id: str,
    country: str,
    time_zone: str,
    day: date,
    mode: VisitMode,
    topics: tuple[Topic, ...],
    advisor: str,
    now: datetime,
) -> AdvisoryVisit:
    """A new visit of the advisor. Raises InvalidVisit for a day in the past or too far ahead."""
    check_planned_day(day, local_day(now, time_zone))
    _once(topics, "topics")
    due_at = end_of_day(day, time_zone)
    visit = AdvisoryVisit(
        visit_id, factory_id, country, time_zone, advisor, day, due_at, mode, list(topics), planned_at=now
    )
    visit._record(facts.AdvisoryVisitPlanned, advisor, now, planned_day=day, mode=mode, topics=topics)
    return visit


def check_planned_day(day: date, today: date) -> None:
    """Raises InvalidVisit unless the day is today or later, and not more than two years ahead."""
    if day < today:
        raise InvalidVisit(f"a visit is planned for today, {today}, or later", "planned_day")
    if (day - today).days > FURTHEST_DAYS_AHEAD:
        raise InvalidVisit("a visit is planned at most two years ahead", "planned_day")


def _once(values: Sequence[object], field: str) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise InvalidVisit("is named already", f"{field}[{index}]")
