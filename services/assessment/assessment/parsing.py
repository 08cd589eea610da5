"""Requests of the contract as commands. Raises Invalid where the contract's own rules cannot say what is wrong."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from google.type.date_pb2 import Date

from amplify.assessment.v1 import assessment_pb2, recording_pb2
from assessment.domain.answers import Finding, Operation, Value
from assessment.domain.plan import Plan
from assessment.enums import to_domain
from chassis.errors import Invalid

EARLIEST, LATEST = 1950, 2100
"""Years a calendar day of a request may lie in."""


def id_of(name: str) -> str:
    """The id in a resource name such as `assessments/{id}` or `assessments/{id}/report`."""
    return name.split("/")[1]


def parse_day(day: Date, field: str) -> date:
    """A whole calendar day of a sane century."""
    try:
        parsed = date(day.year, day.month, day.day)
    except ValueError:
        raise Invalid.field(field, "is not a calendar day with year, month and day") from None
    if not EARLIEST <= parsed.year <= LATEST:
        raise Invalid.field(field, f"lies outside the years {EARLIEST} to {LATEST}")
    return parsed


def parse_days(days: Iterable[Date], field: str) -> tuple[date, ...]:
    """Calendar days, in the order given."""
    return tuple(parse_day(day, f"{field}[{index}]") for index, day in enumerate(days))


def parse_plan(window: assessment_pb2.Window, on_site_days: Iterable[Date]) -> Plan:
    """A plan. Raises Invalid, or InvalidPlan where the days do not go together."""
    first = parse_day(window.first_day, "window.first_day")
    last = parse_day(window.last_day, "window.last_day")
    return Plan(first, last, parse_days(on_site_days, "on_site_days"))


def parse_operations(operations: Iterable[recording_pb2.AnswerOperation], author: str) -> tuple[Operation, ...]:
    """The operations of the calling advisor, their times cut to the milliseconds that the database keeps."""
    parsed = []
    for index, one in enumerate(operations):
        value: Value = _FINDINGS.get(one.finding) or _context_value(one, index)
        time = one.answer_time
        try:
            answered_at = datetime.fromtimestamp(time.seconds + time.nanos // 1_000_000 / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            raise Invalid.field(f"operations[{index}].answer_time", "is not a point in time") from None
        parsed.append(Operation(one.operation_id, one.question_id, value, one.note, answered_at, author))
    return tuple(parsed)


def _context_value(operation: recording_pb2.AnswerOperation, index: int) -> Value:
    kind = operation.WhichOneof("value")
    if kind == "day":
        return parse_day(operation.day, f"operations[{index}].day")
    value: Value = getattr(operation, kind or "")
    return value


_FINDINGS: Mapping[int, Finding] = {value: to_domain(Finding, value) for value in range(1, len(Finding) + 1)}
