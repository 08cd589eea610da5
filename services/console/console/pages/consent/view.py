"""Gives an organisation consent to see something of a factory, and takes it back."""

from datetime import date, timedelta
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.responses import Response

from amplify.programme.v1.consent_grant_pb2 import ConsentScope
from amplify.programme.v1.consent_service_pb2 import GrantConsentRequest
from chassis import clock
from console.codes import codes, number
from console.page import Page, get, post
from console.pages.factory.view import CONSENT_KEEPERS
from console.pages.factory.view import show as show_factory
from console.times import end_of
from console.visit import Visit

FIELDS = {"organisation": "organisation", "scope": "scope", "expire_time": "until", "evidence": "evidence"}
USUAL_DAYS = 365


def ask(visit: Visit) -> Response:
    """The form."""
    factory = visit.services.programme.factory(visit.path("factory"))
    return visit.show(
        "consent/page.html",
        factory=factory,
        id=visit.path("factory"),
        organisations=visit.services.programme.organisations(),
        scopes=codes(ConsentScope),
        usual_end=(clock.now() + timedelta(days=USUAL_DAYS)).date().isoformat(),
        grant_id=visit.form.text("grant_id", str(uuid4())),
    )


def give(visit: Visit) -> Response:
    """Give it, or show the form again with what is wrong."""
    key = visit.path("factory")
    zone = visit.zone_of(visit.services.programme.factory(key).country)
    until = _until(visit, zone)
    if not visit.form.text("organisation"):
        visit.form.wrong_field("organisation", visit.say("consent.choose"))
    if visit.form.wrong or until is None:
        return ask(visit)
    request = GrantConsentRequest(
        consent_grant_id=visit.form.text("grant_id"),
        factory=f"factories/{key}",
        organisation=visit.form.text("organisation"),
        scope=ConsentScope.ValueType(number(ConsentScope, visit.form.text("scope"))),
        expire_time=until,
        evidence=visit.form.text("evidence"),
        request_id=visit.form.request_id,
    )
    if visit.do(FIELDS, lambda: visit.services.programme.grant_consent(request)):
        return visit.go(f"/factories/{key}", done="granted")
    return ask(visit)


def withdraw(visit: Visit) -> Response:
    """Take it back."""
    grant, form = visit.path("grant"), visit.form
    if visit.do({}, lambda: visit.services.programme.withdraw_consent(grant, form.text("etag"), form.request_id)):
        return visit.go(f"/factories/{visit.path('factory')}", done="withdrawn")
    return show_factory(visit)


def _until(visit: Visit, zone: str) -> Timestamp | None:
    """The end of the chosen day at the factory."""
    try:
        return end_of(date.fromisoformat(visit.form.text("until")), zone)
    except ValueError:
        visit.form.wrong_field("until", visit.say("consent.choose_day"))
        return None


PAGE = Page(
    "consent",
    (
        get("/factories/{factory}/consents/new", ask, twin=False),
        post("/factories/{factory}/consents", give),
        post("/factories/{factory}/consents/{grant}/withdraw", withdraw),
    ),
    roles=frozenset(CONSENT_KEEPERS),
)
