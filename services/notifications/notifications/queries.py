"""What can be asked of the inbox, and of the names of colleagues."""

from typing import Any

from chassis.access import filter
from chassis.identity import Identity
from chassis.paging import Page
from notifications.domain.message import State
from notifications.storage import messages, recipients

LATEST_FIRST = (("settled_at", -1), ("_id", 1))
BY_NAME = (("particulars.name", 1), ("_id", 1))


def inbox(caller: Identity, unread_only: bool, page_size: int, page_token: str) -> Page:
    """One page of the caller's delivered inbox messages as stored, the latest first. Raises Invalid for a bad page."""
    return messages.find(
        filter(caller, "message"),
        _inbox(unread_only),
        sort=LATEST_FIRST,
        page_size=page_size,
        page_token=page_token,
    )


def count_inbox(caller: Identity, *, unread_only: bool) -> int:
    """How many there are."""
    return messages.count(filter(caller, "message"), _inbox(unread_only))


def colleagues(caller: Identity, role: str, country: str, page_size: int, page_token: str) -> tuple[Page, int]:
    """A page of those who hold a role in a country of the caller's, by name, and how many there are.

    Raises Invalid for a bad page.
    """
    visible = filter(caller, "colleague")
    query = {"particulars.roles": role, "particulars.countries": country}
    page = recipients.find(visible, query, sort=BY_NAME, page_size=page_size, page_token=page_token)
    return page, recipients.count(visible, query)


def _inbox(unread_only: bool) -> dict[str, Any]:
    delivered: dict[str, Any] = {"channel": "inbox", "state": State.SENT.value}
    return delivered | ({"read_at": None} if unread_only else {})
