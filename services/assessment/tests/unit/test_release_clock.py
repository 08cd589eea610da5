"""The report is due at the end of the 28th local day, whatever the country does with its clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.domain.release_clock import local_day, release_clock, start_of_day

ZONES = ["Asia/Dhaka", "Asia/Phnom_Penh", "Asia/Ho_Chi_Minh", "Asia/Amman", "Africa/Cairo", "America/Port-au-Prince"]


@pytest.mark.parametrize(
    ("zone", "last_day", "due_at"),
    [
        ("Asia/Dhaka", date(2026, 11, 24), datetime(2026, 12, 22, 17, 59, 59, tzinfo=UTC)),
        ("Asia/Phnom_Penh", date(2026, 11, 24), datetime(2026, 12, 22, 16, 59, 59, tzinfo=UTC)),
        ("Asia/Ho_Chi_Minh", date(2026, 2, 3), datetime(2026, 3, 3, 16, 59, 59, tzinfo=UTC)),
        ("Asia/Amman", date(2026, 11, 24), datetime(2026, 12, 22, 20, 59, 59, tzinfo=UTC)),
        # Jordan as it was: on 26 March 2021 the clock jumped from midnight to one, so the 25th ended at the jump,
        ("Asia/Amman", date(2021, 2, 25), datetime(2021, 3, 25, 21, 59, 59, tzinfo=UTC)),
        # and on 29 October 2021 it went back from one to midnight: the 29th began twice, first in summer time.
        ("Asia/Amman", date(2021, 9, 30), datetime(2021, 10, 28, 20, 59, 59, tzinfo=UTC)),
        # Egypt goes back on the last Friday of October at midnight: the Thursday has 25 hours.
        ("Africa/Cairo", date(2026, 10, 1), datetime(2026, 10, 29, 21, 59, 59, tzinfo=UTC)),
    ],
)
def test_due_at_the_last_second_of_the_local_day(zone: str, last_day: date, due_at: datetime) -> None:
    assert release_clock([last_day - timedelta(days=1), last_day], zone, 28).due_at == due_at


@given(st.sampled_from(ZONES), st.dates(date(2015, 1, 1), date(2036, 1, 1)), st.integers(1, 60))
def test_the_due_instant_is_in_the_due_day_and_the_next_second_is_not(zone: str, last_day: date, days: int) -> None:
    clock = release_clock([last_day], zone, days)
    assert local_day(clock.due_at + timedelta(seconds=1), zone) == clock.due_day + timedelta(days=1)
    assert clock.due_day == last_day + timedelta(days=days)
    begins = start_of_day(clock.due_day, zone)
    assert local_day(begins, zone) == clock.due_day
    assert local_day(begins - timedelta(seconds=1), zone) == clock.due_day - timedelta(days=1)
    assert begins < clock.due_at


@given(st.sampled_from(ZONES), st.dates(date(2015, 1, 1), date(2036, 1, 1)), st.sampled_from([7, 2]))
def test_reminders_come_at_nine_local_so_many_days_before(zone: str, last_day: date, days_left: int) -> None:
    clock = release_clock([last_day], zone, 28)
    local = clock.reminder_at(days_left).astimezone(ZoneInfo(zone))
    assert (local.date(), local.hour, local.minute) == (clock.due_day - timedelta(days=days_left), 9, 0)


def test_the_last_day_on_site_counts_whatever_the_order() -> None:
    days = [date(2026, 11, 24), date(2026, 11, 20)]
    assert release_clock(days, "Asia/Dhaka", 28).last_on_site_day == date(2026, 11, 24)
