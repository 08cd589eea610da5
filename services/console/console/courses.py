"""Names of courses and choices of them, in the reader's language."""

from collections.abc import Mapping

from amplify.training.v1.course_pb2 import Course
from console.visit import Part, Visit


def title(course: Course, visit: Visit) -> str:
    """What a course is called; in English where it has no name in the reader's language, else its code."""
    return named(course.titles, visit) or course.name.removeprefix("courses/")


def named(titles: Mapping[str, str], visit: Visit) -> str:
    """One of several titles by language."""
    return titles.get(visit.language.code) or titles.get("en", "")


def catalogue(visit: Visit) -> Part[list[Course]]:
    """All courses; those that were known last while training is away."""
    return visit.part(visit.services.training.courses, "courses", everywhere=True)


def titles(visit: Visit) -> dict[str, str]:
    """Title by resource name; empty while nothing is known."""
    return {course.name: title(course, visit) for course in catalogue(visit).value or []}


def choices(visit: Visit) -> list[tuple[str, str]]:
    """(code, title) of every course, by title."""
    found = [(course.name.removeprefix("courses/"), title(course, visit)) for course in catalogue(visit).value or []]
    return sorted(found, key=lambda one: one[1])
