"""What a person's clock shows, also in the nights in which it is moved."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from notifications.domain.local_time import moment, next_moment
from notifications.domain.preferences import Digest, QuietHours

OSLO = "Europe/Oslo"
"""Moves its clock from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October 2026."""
NIGHT = QuietHours("22:00", "07:00")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "wall", "at"),
    [
        (date(2026, 3, 28), time(2, 30), "2026-03-28T01:30"),
        (date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        (date(2026, 3, 29), time(3, 0), "2026-03-29T01:00"),
        (date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        (date(2026, 10, 25), time(3, 0), "2026-10-25T02:00"),
    ],
    ids=["ordinary", "skipped", "after the skip", "twice", "after the repetition"],
)
def test_a_wall_time_has_one_moment_on_any_day(day: date, wall: time, at: str) -> None:
    assert moment(day, wall, OSLO) == utc(at)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23T17:00", "2026-11-24T01:00"),
        ("2026-11-24T00:59", "2026-11-24T01:00"),
        ("2026-11-24T01:00", None),
        ("2026-11-23T15:59", None),
        ("2026-11-23T16:00", "2026-11-24T01:00"),
    ],
)
def test_quiet_hours_run_over_midnight_on_the_persons_clock(now: str, until: str | None) -> None:
    found = NIGHT.until(utc(now), "Asia/Dhaka")
    assert found == (utc(until) if until else None)


def test_a_night_in_which_the_clock_is_moved_is_shorter_or_longer() -> None:
    spring, autumn = utc("2026-03-28T22:30"), utc("2026-10-24T22:30")
    assert NIGHT.until(spring, OSLO) == utc("2026-03-29T05:00")
    assert NIGHT.until(autumn, OSLO) == utc("2026-10-25T06:00")


def test_quiet_hours_that_end_in_a_repeated_hour_end_once() -> None:
    quiet = QuietHours("22:00", "02:30")
    assert quiet.until(utc("2026-10-25T00:15"), OSLO) == utc("2026-10-25T00:30")
    assert quiet.until(utc("2026-10-25T01:15"), OSLO) is None, "the second 02:15 of that night is not quiet again"


def test_quiet_hours_within_a_day() -> None:
    noon = QuietHours("12:00", "13:00")
    assert noon.until(utc("2026-11-23T06:30"), "Asia/Dhaka") == utc("2026-11-23T07:00")
    assert noon.until(utc("2026-11-23T07:00"), "Asia/Dhaka") is None
    assert noon.until(utc("2026-11-23T18:30"), "Asia/Dhaka") is None


def test_the_end_of_quiet_hours_is_never_quiet_whatever_the_night() -> None:
    at = utc("2026-01-01T00:00")
    for _ in range(24 * 366 // 5):
        until = NIGHT.until(at, OSLO)
        if until is not None:
            assert at < until <= at + timedelta(hours=10)
            assert NIGHT.until(until, OSLO) is None
        at += timedelta(hours=5)


def test_a_digest_goes_once_a_day_and_once_a_week() -> None:
    daily, weekly = Digest("email", 2), Digest("email", 8, 1)
    assert daily.next(utc("2026-10-24T12:00"), OSLO) == utc("2026-10-25T00:00")
    assert daily.next(utc("2026-10-25T00:00"), OSLO) == utc("2026-10-26T01:00")
    assert daily.next(utc("2026-03-28T12:00"), OSLO) == utc("2026-03-29T01:00")
    assert weekly.next(utc("2026-11-23T03:00"), "Asia/Dhaka") == utc("2026-11-30T02:00")
    assert weekly.next(utc("2026-11-23T01:59"), "Asia/Dhaka") == utc("2026-11-23T02:00")
    assert next_moment(utc("2026-11-23T01:59"), time(8), "Asia/Dhaka") == utc("2026-11-23T02:00")
