"""The ways a message can go; each is a folder here with a `transport.py`, found by name, so it can be added or deleted.

A transport module offers a constant and a function,

    DISTURBS: bool                      whether it rings at somebody, so that quiet hours and digests concern it
    open_channel(settings) -> Channel

and nothing outside its folder knows more of it than the `Channel` below.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Protocol

from notifications.domain.message import Content


@dataclass(frozen=True)
class Envelope:
    """One message ready to go: `message_id` is the same at every attempt, so a provider or reader can tell a repeat."""

    message_id: str
    name: str
    address: str
    content: Content
    now: datetime


class Refused(Exception):
    """The provider refused for good; trying again would be refused again. `reason` is a `Reason`, `status_code` the
    provider's enhanced status code (RFC 3463), if it gave one."""

    def __init__(self, reason: str, status_code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.status_code = status_code


class TryLater(Exception):
    """A passing trouble. `may_have_gone`: the provider had it all and its answer was lost, so a repeat is possible."""

    def __init__(self, reason: str, *, may_have_gone: bool = False, status_code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.may_have_gone = may_have_gone
        self.status_code = status_code


class Channel(Protocol):
    """A way to reach a person."""

    def send(self, envelope: Envelope) -> None:
        """Hand the message over; returning means it was accepted. Raises Refused or TryLater; blocks for seconds.

        Called outside any transaction, by several threads.
        """


def names() -> list[str]:
    """The channels there are."""
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg)


def transport(name: str) -> ModuleType:
    """The transport module of a channel."""
    return importlib.import_module(f"{__name__}.{name}.transport")


@cache
def disturbs(name: str) -> bool:
    """Whether messages by this channel ring at somebody."""
    return bool(transport(name).DISTURBS)
