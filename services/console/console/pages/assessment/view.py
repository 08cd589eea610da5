"""One assessment: where it stands, what comes next, and the steps that the person may take."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from starlette.responses import Response

from amplify.assessment.v1.assessment_pb2 import Assessment, CancelReason, ReturnReason
from amplify.assessment.v1.assessment_service_pb2 import ReturnAssessmentRequest, SubmitAssessmentRequest
from amplify.assessment.v1.planning_pb2 import CancelAssessmentRequest, RescheduleAssessmentRequest
from chassis import clock
from console import people
from console.codes import code_of, codes, number
from console.page import Page, get, post
from console.pages.plan.view import FIELDS, read_days
from console.roles import ASSESSMENT_STAFF
from console.times import calendar_day, moment
from console.visit import Visit

READERS = ASSESSMENT_STAFF | {"factory-manager"}


def show(visit: Visit) -> Response:
    """The page."""
    one = visit.services.assessment.assessment(visit.path("assessment"))
    key = one.factory.removeprefix("factories/")
    factory = visit.part(lambda: visit.services.programme.factory(key).display_name)
    return visit.show(
        "assessment/page.html",
        one=one,
        id=visit.path("assessment"),
        state=code_of(one, "state"),
        factory_name=factory.value or key,
        names=people.names(visit, one.country),
        leads=one.team_leader == visit.me.subject,
        advises=visit.me.subject in one.advisors,
        cancel_reasons=codes(CancelReason),
        return_reasons=codes(ReturnReason),
        visited_days=_proposed(visit, one),
        planned_days=[calendar_day(each).isoformat() for each in one.on_site_days],
        window=[calendar_day(each).isoformat() for each in (one.window.first_day, one.window.last_day)],
    )


def start(visit: Visit) -> Response:
    """The team is at the factory."""
    return _step(visit, "started", lambda key, etag, once: visit.services.assessment.start(key, etag, once))


def reschedule(visit: Visit) -> Response:
    """Move the visit."""
    window, days = read_days(visit)
    if visit.form.wrong:
        return show(visit)

    def move(key: str, etag: str, once: str) -> None:
        name = f"assessments/{key}"
        visit.services.assessment.reschedule(
            RescheduleAssessmentRequest(name=name, window=window, on_site_days=days, etag=etag, request_id=once)
        )

    return _step(visit, "rescheduled", move)


def cancel(visit: Visit) -> Response:
    """Call the visit off."""
    reason = CancelReason.ValueType(number(CancelReason, visit.form.text("reason")))

    def call_off(key: str, etag: str, once: str) -> None:
        name = f"assessments/{key}"
        visit.services.assessment.cancel(CancelAssessmentRequest(name=name, reason=reason, etag=etag, request_id=once))

    return _step(visit, "cancelled", call_off)


def submit(visit: Visit) -> Response:
    """Hand the answers to the team leader."""

    names = [name for name in sorted(visit.form.values) if name.startswith("on_site_")]
    days = {name: visit.day(name) for name in names if visit.form.text(name) or name == "on_site_1"}
    if visit.form.wrong:
        return show(visit)
    fields = {f"on_site_days[{place}]": name for place, name in enumerate(days)} | {"on_site_days": "on_site_1"}

    def hand_over(key: str, etag: str, once: str) -> None:
        name = f"assessments/{key}"
        visit.services.assessment.submit(
            SubmitAssessmentRequest(name=name, on_site_days=days.values(), etag=etag, request_id=once)
        )

    return _step(visit, "submitted", hand_over, fields)


def send_back(visit: Visit) -> Response:
    """Send the answers back to the advisors."""
    reason = ReturnReason.ValueType(number(ReturnReason, visit.form.text("reason")))

    def back(key: str, etag: str, once: str) -> None:
        name = f"assessments/{key}"
        visit.services.assessment.send_back(
            ReturnAssessmentRequest(name=name, reason=reason, etag=etag, request_id=once)
        )

    return _step(visit, "returned", back)


def release(visit: Visit) -> Response:
    """Release the report."""
    return _step(visit, "released", lambda key, etag, once: visit.services.assessment.release(key, etag, once))


def _proposed(visit: Visit, one: Assessment) -> list[str]:
    """The planned days that have come since the start, to be put right; one more may be added."""
    if not one.HasField("start_time"):
        return []
    zone = ZoneInfo(one.time_zone)
    started, today = moment(one.start_time).astimezone(zone).date(), clock.now().astimezone(zone).date()
    days = [each for each in map(calendar_day, one.on_site_days) if started <= each <= today]
    return [each.isoformat() for each in days or [started]] + [""]


def _step(
    visit: Visit, done: str, command: Callable[[str, str, str], None], fields: Mapping[str, str] = FIELDS
) -> Response:
    key = visit.path("assessment")
    if visit.do(fields, lambda: command(key, visit.form.text("etag"), visit.form.request_id)):
        return visit.go(f"/assessments/{key}", done=done)
    return show(visit)


PAGE = Page(
    "assessment",
    (
        get("/assessments/{assessment}", show),
        post("/assessments/{assessment}/start", start),
        post("/assessments/{assessment}/reschedule", reschedule),
        post("/assessments/{assessment}/cancel", cancel),
        post("/assessments/{assessment}/submit", submit),
        post("/assessments/{assessment}/return", send_back),
        post("/assessments/{assessment}/release", release),
    ),
    roles=READERS,
)
