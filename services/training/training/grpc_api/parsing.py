"""Requests of the contract as the domain's values. Raises Invalid where the contract's own rules cannot say it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from amplify.training.v1 import enrolment_pb2, recording_pb2
from chassis.errors import Invalid, Violation
from training.domain.attendance import Operation
from training.domain.enrolment import Candidate
from training.domain.errors import InvalidRows
from training.domain.following import OutcomeOperation
from training.domain.outcomes import OutcomeKind
from training.domain.participant import Identity, TestKind
from training.domain.people import Employer, EmployerKind, Role, Sex
from training.domain.recording import Stamp
from training.domain.scores import ScoreOperation
from training.enums import to_domain

EARLIEST, LATEST = 2000, 2100
"""Years a calendar day of a request may lie in."""


@contextmanager
def refusals() -> Iterator[None]:
    """Inside, the domain's refusals of rows become Invalid with a reason for each field."""
    try:
        yield
    except InvalidRows as error:
        violations = tuple(Violation(one.field, one.reason, one.description) for one in error.problems)
        raise Invalid(str(error), reason=error.reason, violations=violations) from None


def id_of(name: str, place: int = 1) -> str:
    """An id in a resource name such as `sessions/{id}/participants/{id}`; empty for an empty name."""
    return name.split("/")[place] if name else ""


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


def parse_time(stamp: Timestamp, field: str) -> datetime:
    """A moment in UTC, cut to the milliseconds that the database keeps."""
    try:
        time = stamp.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise Invalid.field(field, "is not a point in time") from None
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def parse_candidates(rows: Iterable[enrolment_pb2.NewParticipant]) -> tuple[Candidate, ...]:
    """People to be enrolled."""
    return tuple(_candidate(row, f"participants[{index}]") for index, row in enumerate(rows))


def _candidate(row: enrolment_pb2.NewParticipant, path: str) -> Candidate:
    name = " ".join(row.full_name.split())
    if not name:
        raise Invalid.field(f"{path}.full_name", "is blank")
    employer = Employer(
        to_domain(EmployerKind, row.employer.kind), id_of(row.employer.factory), row.employer.organisation.strip()
    )
    identity = Identity(name, to_domain(Sex, row.sex), to_domain(Role, row.role), employer)
    asked_at = parse_time(row.enrol_time, f"{path}.enrol_time") if row.HasField("enrol_time") else None
    return Candidate(row.participant_id.lower(), identity, asked_at)


def parse_attendance(
    operations: Iterable[recording_pb2.AttendanceOperation], author: str, now: datetime
) -> tuple[Operation, ...]:
    """Operations of the calling officer."""
    parsed = []
    for index, one in enumerate(operations):
        path = f"operations[{index}]"
        stamp = _stamp(one, path, author, now)
        day = parse_day(one.day, f"{path}.day")
        if one.WhichOneof("whom") == "one":
            parsed.append(Operation(stamp, day, (one.one.participant_id.lower(), one.one.present)))
        else:
            absent = frozenset(each.lower() for each in one.everybody.absent_participant_ids)
            parsed.append(Operation(stamp, day, absent=absent))
    return tuple(parsed)


def parse_scores(
    operations: Iterable[recording_pb2.TestScoreOperation], author: str, now: datetime
) -> tuple[ScoreOperation, ...]:
    """Scores that the calling officer writes down."""
    return tuple(
        ScoreOperation(
            _stamp(one, f"operations[{index}]", author, now),
            one.participant_id.lower(),
            to_domain(TestKind, one.kind),
            one.score,
        )
        for index, one in enumerate(operations)
    )


_OUTCOMES = {
    "promoted": OutcomeKind.PROMOTION,
    "pay_change_permille": OutcomeKind.PAY_CHANGE,
    "line_efficiency_change_permille": OutcomeKind.LINE_EFFICIENCY,
}


def parse_outcomes(
    operations: Iterable[recording_pb2.OutcomeOperation], author: str, now: datetime
) -> tuple[OutcomeOperation, ...]:
    """Outcomes that the calling officer writes down."""
    parsed = []
    for index, one in enumerate(operations):
        field = one.WhichOneof("value") or ""
        stamp = _stamp(one, f"operations[{index}]", author, now)
        value = int(getattr(one, field))
        parsed.append(OutcomeOperation(stamp, one.participant_id.lower(), _OUTCOMES[field], value))
    return tuple(parsed)


def _stamp(
    one: recording_pb2.AttendanceOperation | recording_pb2.TestScoreOperation | recording_pb2.OutcomeOperation,
    path: str,
    author: str,
    now: datetime,
) -> Stamp:
    return Stamp(one.operation_id.lower(), parse_time(one.record_time, f"{path}.record_time"), now, author)
