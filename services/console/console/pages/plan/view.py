"""Plans an unannounced visit: known to nobody but its team until it starts."""

from datetime import date
from uuid import uuid4

from google.type.date_pb2 import Date
from starlette.responses import Response

from amplify.assessment.v1.assessment_pb2 import Window
from amplify.assessment.v1.planning_pb2 import PlanAssessmentRequest
from console import people
from console.page import Page, get, post
from console.times import day_message
from console.visit import Visit

FIELDS = {
    "advisors": "advisor_1",
    "window": "first_day",
    "window.first_day": "first_day",
    "window.last_day": "last_day",
    "on_site_days": "day_1",
    "team_leader": "advisor_1",
}


def ask(visit: Visit) -> Response:
    """The form."""
    factory = visit.services.programme.factory(visit.path("factory"))
    return visit.show(
        "plan/page.html",
        factory=factory,
        id=visit.path("factory"),
        advisors=people.choices(visit, "enterprise-advisor", factory.country),
        assessment_id=visit.form.text("assessment_id", str(uuid4())),
    )


def plan(visit: Visit) -> Response:
    """Plan it, or show the form again with what is wrong."""
    key = visit.form.text("assessment_id")
    window, days = read_days(visit)
    advisors = [visit.form.text(name) for name in ("advisor_1", "advisor_2")]
    for place, advisor in enumerate(advisors, 1):
        if not advisor:
            visit.form.wrong_field(f"advisor_{place}", visit.say("plan.choose_advisor"))
    if visit.form.wrong:
        return ask(visit)
    request = PlanAssessmentRequest(
        assessment_id=key,
        factory=f"factories/{visit.path('factory')}",
        team_leader=visit.me.subject,
        advisors=advisors,
        window=window,
        on_site_days=days,
        request_id=visit.form.request_id,
    )
    if visit.do(FIELDS, lambda: visit.services.assessment.plan(request)):
        return visit.go(f"/assessments/{key}", done="planned")
    return ask(visit)


def read_days(visit: Visit) -> tuple[Window, list[Date]]:
    """Window and days on site of the form; what is not a day is noted at its field."""
    days = {name: _day(visit, name) for name in ("first_day", "last_day", "day_1")}
    if visit.form.text("day_2"):
        days["day_2"] = _day(visit, "day_2")
    window = Window(first_day=days["first_day"], last_day=days["last_day"])
    on_site = [days[name] for name in ("day_1", "day_2") if name in days]
    return window, [one for one in on_site if one is not None]


def _day(visit: Visit, name: str) -> Date | None:
    try:
        return day_message(date.fromisoformat(visit.form.text(name)))
    except ValueError:
        visit.form.wrong_field(name, visit.say("plan.choose_day"))
        return None


PAGE = Page(
    "plan",
    (get("/factories/{factory}/assessments/new", ask, twin=False), post("/factories/{factory}/assessments", plan)),
    roles=frozenset({"team-leader"}),
)
