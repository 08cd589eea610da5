"""Courses that are recommended to factories because of what an assessment found."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.training.v1.recommendation_pb2 import DismissReason, Recommendation, RecommendationState
from amplify.training.v1.recommendation_service_pb2 import (
    DismissRecommendationRequest,
    ListRecommendationsRequest,
    ListRecommendationsResponse,
)
from console import courses
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get, post
from console.roles import ASSESSMENT_STAFF
from console.subject import factory_filter
from console.visit import Visit

FILTERS = ("state", "course", "country", "factory")


def show(visit: Visit) -> Response:
    """A page of the list, open ones unless others are asked for."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "recommendations")
    return visit.show(
        "recommendations/_results.html" if visit.partial else "recommendations/page.html",
        found=found,
        asked=visit.asked(*FILTERS) | {"state": _state(visit)},
        titles=courses.titles(visit),
        courses=courses.choices(visit),
        states=codes(RecommendationState),
        reasons=codes(DismissReason),
        tool=visit.tool(visit.me.countries[0] if visit.me.countries else "BD"),
    )


def _state(visit: Visit) -> str:
    return visit.query.get("state", "open")


def _found(visit: Visit, page: str, size: int) -> ListRecommendationsResponse:
    asked = visit.asked(*FILTERS)
    factory = factory_filter(asked["factory"])
    return visit.services.training.recommendations(
        ListRecommendationsRequest(
            page_size=size,
            page_token=page,
            factory=f"factories/{factory}" if factory else "",
            country=visit.country,
            course=f"courses/{asked['course']}" if asked["course"] else "",
            state=RecommendationState.ValueType(number(RecommendationState, _state(visit))),
        )
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Recommendation], str]:
    found = _found(visit, page, size)
    return found.recommendations, found.next_page_token


def dismiss(visit: Visit) -> Response:
    """Close one without a session."""
    request = DismissRecommendationRequest(
        name=f"recommendations/{visit.path('recommendation')}",
        reason=DismissReason.ValueType(number(DismissReason, visit.form.text("reason"))),
        request_id=visit.form.request_id,
    )
    if visit.do({}, lambda: visit.services.training.dismiss(request)):
        return visit.go("/recommendations", done="dismissed")
    return show(visit)


LISTING: Listing[Recommendation] = Listing(
    "recommendations",
    _rows,
    (
        Column("sessions.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("courses.course", lambda visit, one: courses.titles(visit).get(one.course, one.course)),
        Column("factories.status", lambda visit, one: visit.coded("recommendations.state", code_of(one, "state"))),
        Column("recommendations.since", lambda _, one: one.recommend_time),
        Column("recommendations.points", lambda _, one: ", ".join(point.point for point in one.points)),
    ),
)

PAGE = Page(
    "recommendations",
    (
        get("/recommendations", show),
        get_csv("/recommendations.csv", LISTING),
        post("/recommendations/{recommendation}/dismiss", dismiss),
    ),
    roles=ASSESSMENT_STAFF,
    menu=Menu("list-check", "/recommendations", 51, group="training"),
)
