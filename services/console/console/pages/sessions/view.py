"""Training sessions: those that the person may see, and scheduling a new one."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from google.type.date_pb2 import Date
from starlette.responses import Response

from amplify.training.v1.scheduling_pb2 import ScheduleSessionRequest
from amplify.training.v1.session_pb2 import Session, SessionState
from amplify.training.v1.session_service_pb2 import ListSessionsRequest, ListSessionsResponse, WorkKind
from console import courses, people
from console.codes import code_of, codes, number
from console.forms import Form
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get, post
from console.roles import ASSESSMENT_STAFF, FACTORY
from console.subject import factory_filter
from console.times import chosen_day, day_message
from console.visit import Visit

READERS = ASSESSMENT_STAFF | FACTORY
OFFICERS = frozenset({"training-officer"})
FILTERS = ("course", "state", "work", "country", "factory", "from", "until")
MOST_DAYS = 10
FIELDS = {
    "course": "course",
    "country": "country",
    "factory": "factory",
    "invited_factories": "factory",
    "place": "place",
    "days": "day_1",
    "trainers": "trainer",
    "capacity": "capacity",
}


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "sessions")
    return visit.show(
        "sessions/_results.html" if visit.partial else "sessions/page.html",
        found=found,
        asked=visit.asked(*FILTERS),
        titles=courses.titles(visit),
        courses=courses.choices(visit),
        states=codes(SessionState),
        kinds=[code for code in codes(WorkKind) if code != "recommendation_open"],
    )


def _found(visit: Visit, page: str, size: int) -> ListSessionsResponse:
    asked = visit.asked(*FILTERS)
    state, factory = number(SessionState, asked["state"]), factory_filter(asked["factory"])
    return visit.services.training.sessions(
        ListSessionsRequest(
            page_size=size,
            page_token=page,
            country=visit.country,
            factory=f"factories/{factory}" if factory else "",
            course=f"courses/{asked['course']}" if asked["course"] else "",
            states=[SessionState.ValueType(state)] if state else [],
            work=WorkKind.ValueType(number(WorkKind, asked["work"])),
            earliest_day=day_asked(asked["from"]),
            latest_day=day_asked(asked["until"]),
        )
    )


def day_asked(text: str) -> Date | None:
    """A day of the query; none for anything else."""
    chosen = chosen_day(text)
    return day_message(chosen) if chosen else None


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Session], str]:
    found = _found(visit, page, size)
    return found.sessions, found.next_page_token


def heads(session: Session) -> int:
    """How many have a place."""
    return sum(one.count for one in session.enrolled)


LISTING: Listing[Session] = Listing(
    "sessions",
    _rows,
    (
        Column("sessions.session", lambda _, one: one.name.removeprefix("sessions/")),
        Column("courses.course", lambda visit, one: courses.titles(visit).get(one.course, one.course)),
        Column("kit.country", lambda _, one: one.country),
        Column("sessions.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("sessions.first_day", lambda _, one: one.days[0]),
        Column("sessions.last_day", lambda _, one: one.days[-1]),
        Column("factories.status", lambda visit, one: visit.coded("sessions.state", code_of(one, "state"))),
        Column("sessions.capacity", lambda _, one: one.capacity),
        Column("sessions.enrolled", lambda _, one: heads(one)),
        Column("sessions.waiting", lambda _, one: one.waiting_count),
        Column("sessions.completed", lambda _, one: sum(count.count for count in one.completed)),
        Column("sessions.certificates", lambda _, one: one.certificate_count),
    ),
)


def ask(visit: Visit) -> Response:
    """The form for a new session; a link from a course or a recommendation fills some of it."""
    form: Form = visit.form
    country = form.text("country", visit.me.countries[0] if visit.me.countries else "")
    course = form.text("course", visit.query.get("course", ""))
    found = [one for one in courses.catalogue(visit).value or [] if one.name == f"courses/{course}"]
    return visit.show(
        "sessions/new.html",
        courses=courses.choices(visit),
        course=course,
        usual=str(found[0].default_capacity) if found else "",
        days=min(max(found[0].days if found else 1, 1), MOST_DAYS),
        most=MOST_DAYS,
        factory=visit.query.get("factory", ""),
        trainers=list(
            (dict(people.choices(visit, "training-officer", country)) | {visit.me.subject: visit.me.name}).items()
        ),
        session_id=form.text("session_id", str(uuid4())),
    )


def schedule(visit: Visit) -> Response:
    """Schedule it, or show the form again with what is wrong."""
    form = visit.form
    days = chosen_days(visit, [f"day_{place}" for place in range(1, MOST_DAYS + 1)])
    factory = form.text("factory").lower()
    if not form.text("capacity").isdecimal():
        form.wrong_field("capacity", visit.say("kit.reason_NOT_A_NUMBER"))
    if form.wrong:
        return ask(visit)
    request = ScheduleSessionRequest(
        session_id=form.text("session_id"),
        course=f"courses/{form.text('course')}",
        country=form.text("country", visit.me.countries[0] if visit.me.countries else ""),
        factory=f"factories/{factory}" if factory else "",
        place=form.text("place"),
        days=days,
        trainers=form.texts("trainer"),
        capacity=int(form.text("capacity")),
        request_id=form.request_id,
    )
    if visit.do(FIELDS, lambda: visit.services.training.schedule(request)):
        return visit.go(f"/sessions/{form.text('session_id')}", done="scheduled")
    return ask(visit)


def chosen_days(visit: Visit, names: Sequence[str]) -> list[Date]:
    """The days in these fields, in order; empty fields are left out, and what is no day is noted at its field."""
    days: set[date] = set()
    for name in names:
        text = visit.form.text(name)
        chosen = chosen_day(text)
        if chosen:
            days.add(chosen)
        elif text:
            visit.form.wrong_field(name, visit.say("plan.choose_day"))
    if not days:
        visit.form.wrong_field(names[0], visit.say("plan.choose_day"))
    return [day_message(one) for one in sorted(days)]


PAGE = Page(
    "sessions",
    (
        get("/sessions", show),
        get_csv("/sessions.csv", LISTING),
        get("/sessions/new", ask, twin=False),
        post("/sessions", schedule),
    ),
    roles=READERS,
    menu=Menu("calendar-event", "/sessions", 50, group="training"),
)
