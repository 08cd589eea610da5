"""Local time to read, UTC to be sure."""

from datetime import UTC, date, datetime

from console.texts import LANGUAGES
from console.times import day, when

AT = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)


def test_a_moment_is_read_in_the_zone_of_its_place_and_keeps_utc_on_hover() -> None:
    said = when(AT, "Asia/Dhaka", LANGUAGES["en"])
    assert "2 Mar 2026, 02:30" in said
    assert "Dhaka" in said
    assert 'title="2026-03-01 20:30:00 UTC"' in said
    assert 'datetime="2026-03-01T20:30:00+00:00"' in said


def test_months_have_the_name_of_the_language() -> None:
    assert "مارس" in when(AT, "Asia/Amman", LANGUAGES["ar"])


def test_a_day_belongs_to_no_zone() -> None:
    assert day(date(2026, 3, 1), LANGUAGES["en"]) == '<time datetime="2026-03-01">1 Mar 2026</time>'
