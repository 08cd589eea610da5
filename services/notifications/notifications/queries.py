"""What can be asked of the inbox, of the names of colleagues, and of what became of messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis import paging
from chassis.access import EVERYTHING, filter
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.paging import Page
from notifications import topics
from notifications.domain import message
from notifications.domain.message import State
from notifications.storage import messages, recipients
from notifications.topics import Topic

LATEST_FIRST = (("settled_at", -1), ("_id", 1))
LATEST_PLANNED = (("planned_at", -1), ("_id", 1))
BY_NAME = (("particulars.name", 1), ("_id", 1))
UNSETTLED = sorted(state.value for state in message.UNSETTLED)


@dataclass(frozen=True)
class Narrow:
    """Which of the caller's messages: only those not read, only those that wait for an acknowledgement."""

    unread: bool = False
    unacknowledged: bool = False


def inbox(caller: Identity, narrow: Narrow, page_size: int, page_token: str) -> Page:
    """One page of the caller's delivered inbox messages as stored, the latest first. Raises Invalid for a bad page."""
    return messages.find(
        filter(caller, "message"), _inbox(narrow), sort=LATEST_FIRST, page_size=page_size, page_token=page_token
    )


def count_inbox(caller: Identity, narrow: Narrow) -> int:
    """How many there are."""
    return messages.count(filter(caller, "message"), _inbox(narrow))


def colleagues(caller: Identity, role: str, country: str, page_size: int, page_token: str) -> tuple[Page, int]:
    """A page of those who hold a role in a country of the caller's, by name, and how many there are.

    Raises Invalid for a bad page.
    """
    visible = filter(caller, "colleague")
    query = {"particulars.roles": role, "particulars.countries": country}
    page = recipients.find(visible, query, sort=BY_NAME, page_size=page_size, page_token=page_token)
    return page, recipients.count(visible, query)


def deliveries(caller: Identity, query: Mapping[str, str], page_size: int, page_token: str) -> tuple[Page, int]:
    """A page of messages in the caller's countries as stored, the latest planned first, and how many there are.

    `query` holds values that stored fields must have. Raises Invalid for a bad page.
    """
    visible = filter(caller, "delivery")
    asked = {name: {"$in": UNSETTLED} if value == State.PLANNED else value for name, value in query.items()}
    page = messages.find(visible, asked, sort=LATEST_PLANNED, page_size=page_size, page_token=page_token)
    return page, messages.count(visible, asked)


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """How recipients are addressed, by id; staff who see a delivery see to whom it went."""
    query = {"$and": [EVERYTHING.query, {"_id": {"$in": sorted(set(ids))}}]}
    rows = recipients.collection.find(query, {"particulars.name": 1})
    return {row["_id"]: row["particulars"]["name"] for row in rows}


def suppressions(caller: Identity, include_counting: bool, page_size: int, page_token: str) -> tuple[Page, int]:
    """A page of recipients with a suppressed address, by name, and how many there are; also those whose bounces are
    only counted so far, if asked. Raises Invalid for a bad page."""
    visible = filter(caller, "suppression")
    query: dict[str, Any] = {"bounces.channel": {"$gt": ""}}
    if not include_counting:
        query["bounces.suppressed"] = {"$gt": ""}
    page = recipients.find(visible, query, sort=BY_NAME, page_size=page_size, page_token=page_token)
    return page, recipients.count(visible, query)


def topics_page(page_size: int, page_token: str) -> tuple[list[Topic], str, int]:
    """A page of the topics, the token of the next page and how many there are. Raises Invalid for a bad page."""
    every = list(topics.every())
    first = next((place for place, one in enumerate(every) if one.name == page_token), None) if page_token else 0
    if first is None:
        raise Invalid.field("page_token", "is not a token that this list returned", reason="INVALID_PAGE_TOKEN")
    after = first + paging.size(page_size)
    return every[first:after], every[after].name if after < len(every) else "", len(every)


def _inbox(narrow: Narrow) -> dict[str, Any]:
    delivered: dict[str, Any] = {"channel": "inbox", "state": State.SENT.value}
    if narrow.unread:
        delivered["read_at"] = None
    if narrow.unacknowledged:
        delivered |= {"acknowledge_by": {"$ne": None}, "acknowledged_at": None}
    return delivered
