"""The factory that a page is about, as far as programme says at the moment."""

import re
from dataclasses import dataclass

from amplify.programme.v1.factory_pb2 import Factory
from console.codes import code_of
from console.visit import Part, Visit

_ID = re.compile(r"[a-z]{2}-[a-z0-9]{1,40}")
_NOBODY = "xx-0"
"""Has the form of a factory's id and is none."""


@dataclass(frozen=True)
class Subject:
    """A factory by its id; the rest is empty while programme is away and it was never shown to this person."""

    id: str
    record: Part[Factory]

    @property
    def name(self) -> str:
        """What people call it; its number while that is not known."""
        return self.record.value.display_name if self.record.value else self.id

    @property
    def country(self) -> str:
        """Its country, which its number begins with."""
        return self.id.partition("-")[0].upper()

    @property
    def status(self) -> str:
        """Code of its status; empty while that is not known."""
        return code_of(self.record.value, "status") if self.record.value else ""


def subject(visit: Visit, factory: str = "") -> Subject:
    """The factory with an id, or that the address names; raises Refused where the person may not know of it.

    While programme is away nobody says that, and every other part of the page still asks its own service.
    """
    key = factory or visit.path("factory")
    record = visit.part(lambda: visit.services.programme.factory(key), f"factories/{key}", everywhere=True)
    return Subject(key, record)


def factory_filter(text: str) -> str:
    """The factory that a filter asks for, by its number; one that does not exist where the text is no number."""
    key = text.strip().lower()
    return key if not key or _ID.fullmatch(key) else _NOBODY
