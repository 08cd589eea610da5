"""The messages that were sent to the person."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.notifications.v1.inbox_service_pb2 import ListMessagesResponse
from amplify.notifications.v1.message_pb2 import Message
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get, post
from console.visit import Visit

SHOWN = ("all", "unread", "acknowledge")


def show(visit: Visit) -> Response:
    """A page of messages, the latest first."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "inbox")
    template = "inbox/_messages.html" if visit.partial else "inbox/page.html"
    return visit.show(template, found=found, shown=_shown(visit), kinds=SHOWN)


def _shown(visit: Visit) -> str:
    asked = visit.query.get("show", "")
    return asked if asked in SHOWN else "all"


def _found(visit: Visit, page: str, size: int) -> ListMessagesResponse:
    shown = _shown(visit)
    return visit.services.notifications.messages(
        unread_only=shown == "unread", unacknowledged_only=shown == "acknowledge", page=page, size=size
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Message], str]:
    found = _found(visit, page, size)
    return found.messages, found.next_page_token


LISTING: Listing[Message] = Listing(
    "messages",
    _rows,
    (
        Column("inbox.sent", lambda _, one: one.send_time if one.HasField("send_time") else one.plan_time),
        Column("inbox.subject", lambda _, one: one.subject),
        Column("inbox.text", lambda _, one: one.text),
        Column("inbox.read", lambda _, one: one.read_time if one.HasField("read_time") else None),
    ),
)


def acknowledge(visit: Visit) -> Response:
    """Say that the person has taken notice, so that nobody else need be told."""
    key = visit.path("message")
    if not visit.do({}, lambda: visit.services.notifications.acknowledge(key, visit.form.request_id)):
        return show(visit)
    return visit.go("/inbox", done="acknowledged")


def opened(visit: Visit) -> Response:
    """Note that a message was read, and go to what it is about."""
    key, link = visit.path("message"), visit.form.text("link")
    if not visit.do({}, lambda: visit.services.notifications.mark_read(key, visit.form.request_id)):
        return show(visit)
    return visit.go(link if link.startswith("/") and not link.startswith(("//", "/\\")) else "/inbox")


PAGE = Page(
    "inbox",
    (
        get("/inbox", show),
        get_csv("/inbox.csv", LISTING),
        post("/inbox/{message}/read", opened),
        post("/inbox/{message}/acknowledge", acknowledge),
    ),
    menu=Menu("mail", "/inbox", 80, group="messages"),
)
