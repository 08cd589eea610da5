"""One training session: its days and people, and the steps that are left until its certificates."""

from collections.abc import Mapping

from google.protobuf.field_mask_pb2 import FieldMask
from starlette.responses import Response

from amplify.training.v1.certificate_pb2 import RevokeReason
from amplify.training.v1.certificate_service_pb2 import (
    IssueCertificatesRequest,
    RevokeCertificateRequest,
)
from amplify.training.v1.participant_pb2 import Participant
from amplify.training.v1.participant_service_pb2 import ListParticipantsResponse
from amplify.training.v1.scheduling_pb2 import CancelSessionRequest, RescheduleSessionRequest, UpdateSessionRequest
from amplify.training.v1.session_pb2 import SessionCancelReason
from amplify.training.v1.session_service_pb2 import CompleteSessionRequest
from console import courses, people
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Page, get, post
from console.pages.sessions.view import OFFICERS, READERS, chosen_days, heads
from console.roles import ASSESSMENT_STAFF, FACTORY
from console.visit import Part, Visit

NAMES = ASSESSMENT_STAFF - {"programme-officer"} | FACTORY
"""Who may see names of people; others see counts."""
CHANGES = {"days": "day_1", "capacity": "capacity", "place": "place"}


def show(visit: Visit) -> Response:
    """The session; its people as far as this person may see them."""
    key = visit.path("session")
    session = visit.services.training.session(key)
    roster = visit.part(lambda: visit.services.training.everybody(key)) if visit.is_a(*NAMES) else Part()
    titles = courses.titles(visit)
    return visit.show(
        "session/page.html",
        session=session,
        key=key,
        title=titles.get(session.course, session.course),
        roster=roster,
        names=dict(people.choices(visit, "training-officer", session.country)),
        heads=heads(session),
        present=_present(roster.value),
        may_issue=_without_certificate(roster.value),
        cancel_reasons=codes(SessionCancelReason),
        revoke_reasons=codes(RevokeReason),
        officer=visit.is_a(*OFFICERS),
    )


def _present(found: ListParticipantsResponse | None) -> Mapping[str, int]:
    """Days present by participant."""
    return {one.name: sum(day.present for day in one.attendance) for one in found.participants} if found else {}


def _without_certificate(found: ListParticipantsResponse | None) -> list[Participant]:
    """Who gets one when it is issued to everybody."""
    people = found.participants if found else ()
    return [one for one in people if one.completed and not one.certificate and not one.certificate_withheld]


def _again(visit: Visit, done: str) -> Response:
    return show(visit) if visit.form.wrong else visit.go(f"/sessions/{visit.path('session')}", done=done)


def complete(visit: Visit) -> Response:
    """Settle who completed it."""
    request = CompleteSessionRequest(name=_name(visit), etag=visit.form.text("etag"), request_id=visit.form.request_id)
    visit.do({}, lambda: visit.services.training.complete(request))
    return _again(visit, "completed")


def cancel(visit: Visit) -> Response:
    """Call it off."""
    request = CancelSessionRequest(
        name=_name(visit),
        reason=SessionCancelReason.ValueType(number(SessionCancelReason, visit.form.text("reason"))),
        etag=visit.form.text("etag"),
        request_id=visit.form.request_id,
    )
    visit.do({"reason": "reason"}, lambda: visit.services.training.cancel(request))
    return _again(visit, "cancelled")


def change(visit: Visit) -> Response:
    """Move it to other days, or change place and places."""
    form, training = visit.form, visit.services.training
    session = training.session(visit.path("session"))
    days = chosen_days(visit, [name for name in form.values if name.startswith("day_")])
    if not form.text("capacity").isdecimal():
        form.wrong_field("capacity", visit.say("kit.reason_NOT_A_NUMBER"))
    if form.wrong:
        return show(visit)
    place, capacity = form.text("place"), int(form.text("capacity"))
    changed = [name for name, value in (("place", place), ("capacity", capacity)) if value != getattr(session, name)]
    if changed:
        request = UpdateSessionRequest(
            name=session.name,
            update_mask=FieldMask(paths=changed),
            place=place,
            capacity=capacity,
            request_id=form.request_id,
        )
        visit.do(CHANGES, lambda: training.update(request))
    if not form.wrong and days != list(session.days):
        moved = RescheduleSessionRequest(name=session.name, days=days, request_id=form.request_id)
        visit.do(CHANGES, lambda: training.reschedule(moved))
    return _again(visit, "changed")


def issue(visit: Visit) -> Response:
    """Issue a certificate to everybody who completed and has none, but those of whom it was revoked for a cause."""
    request = IssueCertificatesRequest(parent=_name(visit), request_id=visit.form.request_id)
    visit.do({}, lambda: visit.services.training.issue(request))
    return _again(visit, "issued")


def revoke(visit: Visit) -> Response:
    """Revoke a certificate."""
    request = RevokeCertificateRequest(
        name=f"certificates/{visit.form.text('certificate')}",
        reason=RevokeReason.ValueType(number(RevokeReason, visit.form.text("reason"))),
        request_id=visit.form.request_id,
    )
    visit.do({"reason": "reason"}, lambda: visit.services.training.revoke(request))
    return _again(visit, "revoked")


def _name(visit: Visit) -> str:
    return f"sessions/{visit.path('session')}"


def _people(visit: Visit, page: str, size: int) -> tuple[list[Participant], str]:
    found = visit.services.training.participants(visit.path("session"), page, size)
    return list(found.participants), found.next_page_token


def best(person: Participant, kind: str) -> int | None:
    """The score of a test; None where there is none."""
    return next((one.score for one in person.test_scores if code_of(one, "kind") == kind), None)


LISTING: Listing[Participant] = Listing(
    "participants",
    _people,
    (
        Column("roster.name", lambda _, one: one.full_name),
        Column("roster.sex", lambda visit, one: visit.coded("roster.sex", code_of(one, "sex"))),
        Column("roster.role", lambda visit, one: visit.coded("roster.role", code_of(one, "role"))),
        Column("roster.employer", lambda _, one: (one.employer.factory or one.employer.organisation).split("/")[-1]),
        Column("factories.status", lambda visit, one: visit.coded("roster.state", code_of(one, "state"))),
        Column("session.days_present", lambda _, one: sum(day.present for day in one.attendance)),
        Column("scores.pre", lambda _, one: best(one, "pre")),
        Column("scores.post", lambda _, one: best(one, "post")),
        Column("session.certificate", lambda _, one: one.certificate.removeprefix("certificates/")),
    ),
)

PAGE = Page(
    "session",
    (
        get("/sessions/{session}", show),
        get_csv("/sessions/{session}/participants.csv", LISTING),
        post("/sessions/{session}/complete", complete),
        post("/sessions/{session}/cancel", cancel),
        post("/sessions/{session}/change", change),
        post("/sessions/{session}/certificates", issue),
        post("/sessions/{session}/revoke", revoke),
    ),
    roles=READERS,
)
