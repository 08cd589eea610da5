"""What a tally of the measurements records."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Begun:
    """A tally began."""

    text: str
