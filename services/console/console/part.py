"""A part of a page that the rest can do without, because the service behind it may be away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Generic[T]):
    """A part of a page: its value, or the name of the service that does not answer at the moment.

    `since` is when it was first found not to answer; with it may come the value that was last shown, right at `as_of`.
    """

    value: T | None = None
    down: str = ""
    since: datetime | None = None
    as_of: datetime | None = None
