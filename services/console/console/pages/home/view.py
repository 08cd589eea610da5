"""The start page: what waits for the person, and what is new."""

from starlette.responses import Response

from amplify.assessment.v1.assessment_pb2 import Assessment, AssessmentState
from console.codes import code_of
from console.page import Menu, Page, get
from console.pages.factory.view import allowed
from console.roles import ASSESSMENT_STAFF
from console.visit import Visit

OPEN = (
    AssessmentState.ASSESSMENT_STATE_PLANNED,
    AssessmentState.ASSESSMENT_STATE_IN_PROGRESS,
    AssessmentState.ASSESSMENT_STATE_SUBMITTED,
)


def show(visit: Visit) -> Response:
    """The page."""
    assessment = visit.services.assessment
    return visit.show(
        "home/page.html",
        unread=visit.part(visit.services.notifications.unread),
        messages=visit.part(lambda: list(visit.services.notifications.messages(size=5).messages)),
        work=visit.part(lambda: allowed(lambda: list(assessment.assessments(states=OPEN).assessments)))
        if visit.is_a(*ASSESSMENT_STAFF)
        else None,
        waits=lambda one: waits_for(visit.me.subject, one),
    )


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


PAGE = Page("home", (get("/", show, twin=False),), menu=Menu("home", "/", 10))
