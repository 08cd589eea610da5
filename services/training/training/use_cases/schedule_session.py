"""A training officer schedules a session of a course."""

from dataclasses import dataclass
from datetime import date

from chassis import clock
from chassis.access import filter, may
from chassis.errors import NotFound
from chassis.identity import Identity
from training.domain.errors import UnknownCourse
from training.domain.session import Plan, Session
from training.read_models import country_programmes, factories
from training.storage import courses, sessions


@dataclass(frozen=True)
class ScheduleSession:
    """`session_id` is chosen by the client; an empty factory is none, a capacity of 0 the course's."""

    session_id: str
    course_id: str
    country: str
    factory_id: str
    invited_factories: tuple[str, ...]
    place: str
    days: tuple[date, ...]
    trainers: tuple[str, ...]
    capacity: int


def schedule_session(command: ScheduleSession, caller: Identity) -> Session:
    """Raises Denied, UnknownCourse, UnknownFactory, FactoryNotActive, InvalidDays, or AlreadyExists for a taken id."""
    may(caller, "ScheduleSession", {"country": command.country})
    try:
        course = courses.get(filter(caller, "course"), command.course_id)
    except NotFound:
        raise UnknownCourse("there is no such course", "course") from None
    visible = filter(caller, "factory")
    if command.factory_id:
        factories.active(visible, command.factory_id, command.country, "factory")
    for index, factory_id in enumerate(command.invited_factories):
        factories.active(visible, factory_id, command.country, f"invited_factories[{index}]")
    plan = Plan(
        command.country,
        country_programmes.time_zone(command.country),
        command.factory_id,
        tuple(sorted(set(command.invited_factories) - {command.factory_id})),
        command.place,
        command.days,
        command.trainers,
        command.capacity or course.definition.default_capacity,
    )
    session = Session.schedule(command.session_id, course, plan, caller.subject, clock.now())
    sessions.add(session)
    return session
