"""The messages that were sent to the person."""

from starlette.responses import Response

from console.page import Menu, Page, get, post
from console.visit import Visit


def show(visit: Visit) -> Response:
    """A page of messages, the latest first."""
    unread_only = visit.query.get("show") == "unread"
    found = visit.services.notifications.messages(unread_only=unread_only, page=visit.query.get("page", ""))
    template = "inbox/_messages.html" if visit.partial else "inbox/page.html"
    return visit.show(template, found=found, unread_only=unread_only)


def opened(visit: Visit) -> Response:
    """Note that a message was read, and go to what it is about."""
    key, link = visit.path("message"), visit.form.text("link")
    if not visit.do({}, lambda: visit.services.notifications.mark_read(key, visit.form.request_id)):
        return show(visit)
    return visit.go(link if link.startswith("/") and not link.startswith(("//", "/\\")) else "/inbox")


PAGE = Page(
    "inbox",
    (get("/inbox", show), post("/inbox/{message}/read", opened)),
    menu=Menu("mail", "/inbox", 40),
)
