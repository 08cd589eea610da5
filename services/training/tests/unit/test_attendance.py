"""Attendance commutes: whatever the order and the repetition of operations, the same holds."""

import itertools
from datetime import date, timedelta

import pytest

from training.domain import facts
from training.domain.attendance import Operation, record_attendance
from training.domain.enrolment import enrol
from training.domain.errors import InvalidRows
from training.domain.people import total
from training.domain.records import MOST_CORRECTIONS
from training.domain.roster import Roster
from training.domain.session import Session

from .builders import DAYS, NOW, OFFICER, candidate, stamp, with_people

FIRST = DAYS[0]
AFTER = NOW + timedelta(hours=5)


def everybody(name: str, minutes: int = 0, *absent: str) -> Operation:
    """Everybody was there but some, written down so many minutes later."""
    return Operation(stamp(name, NOW + timedelta(minutes=minutes), AFTER), FIRST, absent=frozenset(absent))


def single(name: str, minutes: int, person: str, present: bool) -> Operation:
    """Somebody was there, or not."""
    return Operation(stamp(name, NOW + timedelta(minutes=minutes), AFTER), FIRST, (person, present))


def held(roster: Roster) -> dict[str, object]:
    """What holds of whom, and what does not any more."""
    return {
        person.id: [(one.operation_id, one.value) for one in (kept.record, *kept.superseded)]
        for person in roster
        if (kept := person.attendance.get(FIRST))
    }


def test_any_order_and_repetition_gives_the_same() -> None:
    operations = [
        everybody("o1", 1, "a"),
        single("o2", 2, "a", True),
        single("o3", 3, "a", False),
        everybody("o4", 2, "b"),
    ]
    outcomes = []
    for order in itertools.permutations(operations):
        made, roster = with_people("a", "b")
        for operation in (*order, *order[:2]):
            record_attendance(made, roster, [operation], OFFICER, AFTER)
        outcomes.append((held(roster), made.open_days))
    assert outcomes == [outcomes[0]] * len(outcomes)
    assert outcomes[0][0]["a"] == [("o3", 0), ("o4", 1), ("o2", 1), ("o1", 0)]
    assert outcomes[0][0]["b"] == [("o4", 0), ("o1", 1)]


def test_everybody_is_who_had_a_place_when_it_was_written_down() -> None:
    made, roster = with_people("a", capacity=3)
    enrol(made, roster, [candidate("walk-in")], may_wait=False, actor=OFFICER, now=NOW + timedelta(hours=2))
    record_attendance(made, roster, [everybody("o1", 5)], OFFICER, AFTER)
    assert set(held(roster)) == {"a"}
    assert FIRST in made.open_days, "of the one who came later it is not known"
    record_attendance(made, roster, [everybody("o2", 180)], OFFICER, AFTER)
    assert set(held(roster)) == {"a", "walk-in"}
    assert FIRST not in made.open_days


def test_a_fact_tells_the_counts_of_the_day_and_whether_it_is_late() -> None:
    made, roster = with_people("a", "b")
    record_attendance(made, roster, [single("o1", 0, "a", True)], OFFICER, AFTER)
    told = made.recorded[-1]
    assert isinstance(told, facts.AttendanceRecorded)
    assert (total(told.present), told.absent, told.missing, told.late) == (1, 0, 1, False)
    late = Operation(stamp("o2", NOW + timedelta(days=5)), DAYS[1], absent=frozenset({"b"}))
    record_attendance(made, roster, [late], OFFICER, NOW + timedelta(days=5))
    told = made.recorded[-1]
    assert isinstance(told, facts.AttendanceRecorded)
    assert (told.day, total(told.present), told.absent, told.missing, told.late) == (DAYS[1], 1, 1, 0, True)


def test_what_changes_nothing_is_not_told() -> None:
    made, roster = with_people("a")
    record_attendance(made, roster, [single("o2", 2, "a", True)], OFFICER, AFTER)
    made.recorded.clear()
    assert record_attendance(made, roster, [single("o2", 2, "a", True)], OFFICER, AFTER) == 0
    assert record_attendance(made, roster, [single("o1", 1, "a", False)], OFFICER, AFTER) == 0
    assert made.recorded == []
    assert held(roster)["a"] == [("o2", 1), ("o1", 0)], "what came late is history"


def refused(made: Session, roster: Roster, operation: Operation) -> list[str]:
    """The reasons for which an operation is refused, which changes nothing."""
    before = held(roster)
    with pytest.raises(InvalidRows) as error:
        record_attendance(made, roster, [operation], OFFICER, operation.stamp.entered_at)
    assert held(roster) == before
    return [one.reason for one in error.value.problems]


@pytest.mark.parametrize("zone", ["Asia/Dhaka", "Pacific/Kiritimati"])
def test_a_day_begins_where_the_session_is(zone: str) -> None:
    made, roster = with_people("a")
    made.plan = type(made.plan)(**{**made.plan.__dict__, "time_zone": zone})
    evening = NOW.replace(hour=20)  # the third of March in both
    operation = Operation(stamp("o1", evening), date(2026, 3, 3), ("a", True))
    assert record_attendance(made, roster, [operation], OFFICER, evening) == 1
    ahead = Operation(stamp("o2", evening), date(2026, 3, 4), ("a", True))
    assert refused(made, roster, ahead) == ["DAY_IN_FUTURE"]


def test_wrong_operations() -> None:
    made, roster = with_people("a")
    other_day = Operation(stamp("o"), date(2026, 3, 9), ("a", True))
    assert refused(made, roster, other_day) == ["DAY_NOT_OF_SESSION"]
    assert refused(made, roster, Operation(stamp("o"), FIRST, ("x", True))) == ["PARTICIPANT_NOT_ENROLLED"]
    before = Operation(stamp("o", NOW - timedelta(days=1), NOW), FIRST, ("a", True))
    assert refused(made, roster, before) == ["RECORD_TIME_INVALID"]
    ahead = Operation(stamp("o", NOW + timedelta(minutes=1), NOW), FIRST, ("a", True))
    assert refused(made, roster, ahead) == ["RECORD_TIME_INVALID"]


def test_an_operation_says_the_same_each_time_and_corrections_end() -> None:
    made, roster = with_people("a")
    record_attendance(made, roster, [single("o0", 0, "a", True)], OFFICER, AFTER)
    assert refused(made, roster, single("o0", 0, "a", False)) == ["TRAINING_OPERATION_ID_REUSED"]
    for number in range(1, MOST_CORRECTIONS):
        record_attendance(made, roster, [single(f"o{number}", number, "a", bool(number % 2))], OFFICER, AFTER)
    assert refused(made, roster, single("last", 60, "a", True)) == ["ATTENDANCE_CORRECTED_TOO_OFTEN"]
