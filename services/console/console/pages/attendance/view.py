"""Records who was there on a day of a session: everybody, except those who are ticked off. Late entries are welcome."""

from collections.abc import Sequence

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from starlette.responses import Response

from amplify.training.v1.participant_pb2 import Participant
from amplify.training.v1.recording_pb2 import (
    AttendanceOperation,
    EverybodyPresent,
    OneAttendance,
    RecordAttendanceRequest,
)
from amplify.training.v1.session_pb2 import Session
from chassis import clock
from chassis.ids import new_id
from console import courses
from console.codes import code_of
from console.page import Page, get, post
from console.pages.sessions.view import OFFICERS
from console.times import calendar_day, chosen_day
from console.visit import Visit

MOST = 500
"""So many operations, or absentees of one, a request may have."""
FIELDS = {"operations.day": "day", "operations.record_time": "day"}


def ask(visit: Visit) -> Response:
    """The people of a day with who was there; the first day without attendance, unless the address names one."""
    key = visit.path("session")
    session = visit.services.training.session(key)
    people = [one for one in visit.services.training.everybody(key).participants if code_of(one, "state") == "enrolled"]
    day = _day(session, visit.form.text("day") or visit.query.get("day", ""))
    return visit.show(
        "attendance/page.html",
        session=session,
        key=key,
        title=courses.titles(visit).get(session.course, session.course),
        day_shown=day,
        iso=calendar_day(day).isoformat(),
        days=[(calendar_day(one).isoformat(), one, one not in session.days_without_attendance) for one in session.days],
        people=[(one, _was_there(one, day)) for one in people],
    )


def _day(session: Session, text: str) -> Date:
    chosen = chosen_day(text)
    days: Sequence[Date] = session.days
    named = [one for one in days if chosen and calendar_day(one) == chosen]
    return (named or list(session.days_without_attendance) or list(days))[0]


def _was_there(person: Participant, day: Date) -> bool:
    """What is recorded; present where nothing is, since most are."""
    return next((one.present for one in person.attendance if one.day == day), True)


def record(visit: Visit) -> Response:
    """Record the day: everybody present at first, then each change by itself, so that colleagues' entries stand."""
    key, training = visit.path("session"), visit.services.training
    session = training.session(key)
    day = _day(session, visit.form.text("day"))
    present = set(visit.form.texts("present"))
    people = [one for one in training.everybody(key).participants if code_of(one, "state") == "enrolled"]
    if all(_recorded(visit, request) for request in requests(visit, session.name, operations(people, day, present))):
        left = [one for one in session.days_without_attendance if one != day]
        return visit.go(f"/sessions/{key}" + ("/attendance" if left else ""), done="recorded")
    return ask(visit)


def requests(visit: Visit, session: str, wanted: Sequence[AttendanceOperation]) -> list[RecordAttendanceRequest]:
    """As many as the operations need; each may be repeated, since each operation has an id of its own."""
    return [
        RecordAttendanceRequest(
            parent=session,
            operations=wanted[start : start + MOST],
            request_id=new_id() if start else visit.form.request_id,
        )
        for start in range(0, len(wanted), MOST)
    ]


def _recorded(visit: Visit, request: RecordAttendanceRequest) -> bool:
    return visit.do(FIELDS, lambda: visit.services.training.record_attendance(request))


def operations(people: Sequence[Participant], day: Date, present: set[str]) -> list[AttendanceOperation]:
    """What to record of a day: one operation for a day without any entry, else one for each person that changes."""
    now = Timestamp()
    now.FromMilliseconds(int(clock.now().timestamp() * 1000))
    known = {_id(one): entry.present for one in people for entry in one.attendance if entry.day == day}
    absent = [_id(one) for one in people if _id(one) not in present]
    if not known and len(absent) <= MOST:
        everybody = EverybodyPresent(absent_participant_ids=absent)
        return [AttendanceOperation(operation_id=new_id(), day=day, everybody=everybody, record_time=now)]
    return [
        AttendanceOperation(
            operation_id=new_id(),
            day=day,
            one=OneAttendance(participant_id=_id(one), present=_id(one) in present),
            record_time=now,
        )
        for one in people
        if known.get(_id(one)) != (_id(one) in present)
    ]


def _id(person: Participant) -> str:
    return person.name.split("/")[-1]


PAGE = Page(
    "attendance",
    (get("/sessions/{session}/attendance", ask, twin=False), post("/sessions/{session}/attendance", record)),
    roles=OFFICERS,
)
