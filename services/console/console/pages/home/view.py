"""My work: what is overdue, due and waiting in the services that count work, what is next, and what is new."""

from functools import partial

from starlette.responses import Response

from amplify.assessment.v1.assessment_pb2 import Assessment
from console.codes import code_of
from console.page import Menu, Page, get
from console.pages.factory.view import allowed
from console.roles import ASSESSMENT_STAFF
from console.visit import Part, Visit
from console.work import SOURCES, Row
from console.work.assessments import under_way

NEXT = 8
"""Assessments that are listed one by one."""


def show(visit: Visit) -> Response:
    """The page; only the counts when htmx asks."""
    notifications = visit.services.notifications
    if visit.partial:
        return visit.show("home/_work.html", work=work(visit))
    return visit.show(
        "home/page.html",
        work=work(visit),
        unread=visit.part(lambda: notifications.unread().unread, "unread"),
        messages=visit.part(lambda: list(notifications.messages(size=5).messages), "messages"),
        next=visit.part(lambda: _next(visit), "next") if visit.is_a(*ASSESSMENT_STAFF) else None,
        waits=lambda one: waits_for(visit.me.subject, one),
    )


def work(visit: Visit) -> list[Part[list[Row]]]:
    """What waits, each source for itself: one that is down hides no other."""
    mine = [source for source in SOURCES if not source.roles or visit.is_a(*source.roles)]
    return [visit.part(partial(allowed, partial(source.rows, visit)), source.name) for source in mine]


def _next(visit: Visit) -> list[Assessment]:
    """The first of the open assessments: those that wait for the person, then by their release day."""
    found = allowed(lambda: under_way(visit))
    found.sort(key=lambda one: (not waits_for(visit.me.subject, one), one.release_due_time.seconds))
    return found[:NEXT]


def waits_for(person: str, one: Assessment) -> str:
    """What the person has to do about an assessment; empty when it is somebody else's turn."""
    state = code_of(one, "state")
    if state == "submitted" and person == one.team_leader:
        return "review"
    if state == "in_progress" and person in one.advisors:
        return "answer"
    if state == "planned" and person in (one.team_leader, *one.advisors):
        return "visit"
    return ""


PAGE = Page("home", (get("/", show, twin=False), get("/work", show)), menu=Menu("home", "/", 10))
