"""The business clock: real time, unless a test has moved it for all processes at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

_offset_file: Path | None = None


def configure(offset_file: Path | None) -> None:
    """Follow the offset in this file from now on. Settings refuse such a file in production."""
    global _offset_file
    _offset_file = offset_file


def offset() -> timedelta:
    """How far the business clock runs ahead of real time; read afresh each time, so that every process agrees."""
    if _offset_file is None:
        return timedelta(0)
    try:
        return timedelta(seconds=float(_offset_file.read_text() or 0))
    except FileNotFoundError:
        return timedelta(0)


def now() -> datetime:
    """Business time, in UTC, cut to milliseconds: what MongoDB keeps of a time."""
    time = datetime.now(UTC) + offset()
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def move(offset_file: Path, seconds: float) -> None:
    """Set the offset for every process that follows the file (atomically: no reader sees half a number)."""
    fresh = offset_file.with_suffix(".new")
    fresh.write_text(str(seconds))
    fresh.replace(offset_file)
