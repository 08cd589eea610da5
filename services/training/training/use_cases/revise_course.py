"""Take over what the catalogue says of a course; asked for by `migrate`, not by a caller."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from chassis.errors import NotFound
from training.domain.course import Course, Definition
from training.storage import courses


@dataclass(frozen=True)
class ReviseCourse:
    """One course as the file has it now."""

    course_id: str
    definition: Definition


def commands(definitions: Mapping[str, Definition]) -> list[ReviseCourse]:
    """One command a course, so that each is a unit of work of its own."""
    return [ReviseCourse(course_id, definition) for course_id, definition in definitions.items()]


def revise_course(command: ReviseCourse) -> None:
    """Publishes a course that is new or changed; an equal one changes nothing."""
    now = clock.now()
    try:
        course = courses.get(EVERYTHING, command.course_id)
    except NotFound:
        courses.add(Course.define(command.course_id, command.definition, now))
        return
    course.revise(command.definition, now)
    courses.save(course)
