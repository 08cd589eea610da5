"""The catalogue: which courses there are, for whom, how long, and for which compliance points."""

from starlette.responses import Response

from amplify.training.v1.course_pb2 import Course
from console import courses
from console.page import Menu, Page, get
from console.roles import ASSESSMENT_STAFF, FACTORY
from console.visit import Visit

READERS = ASSESSMENT_STAFF | FACTORY


def show(visit: Visit) -> Response:
    """All courses by title; a few dozen, so that nothing needs a filter."""
    found = courses.catalogue(visit)
    listed = sorted(((courses.title(one, visit), one) for one in found.value or []), key=lambda pair: pair[0])
    return visit.show("courses/page.html", found=found, courses=listed)


def show_one(visit: Visit) -> Response:
    """One course whole, with where each of its figures is known from."""
    course: Course = visit.services.training.course(visit.path("course"))
    return visit.show(
        "courses/course.html",
        course=course,
        title=courses.title(course, visit),
        modules=[courses.named(one.titles, visit) for one in course.modules],
        tool=visit.tool(visit.me.countries[0] if visit.me.countries else "BD"),
    )


PAGE = Page(
    "courses",
    (get("/courses", show), get("/courses/{course}", show_one)),
    roles=READERS,
    menu=Menu("school", "/courses", 52, group="training"),
)
