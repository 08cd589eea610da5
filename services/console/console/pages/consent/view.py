"""Gives an organisation consent to see something of a factory."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.responses import Response

from amplify.programme.v1.consent_grant_pb2 import ConsentPurpose, ConsentScope
from amplify.programme.v1.consent_service_pb2 import GrantConsentRequest
from chassis import clock
from console.codes import codes, number
from console.page import Page, get, post
from console.pages.factory.view import CONSENT_KEEPERS
from console.subject import subject
from console.times import chosen_day, end_of
from console.visit import Visit

FIELDS = {
    "organisation": "organisation",
    "scope": "scope",
    "purpose": "purpose",
    "fields": "fields",
    "expire_time": "until",
    "evidence": "evidence",
}
USUAL_DAYS = 365
PARTS: Mapping[str, tuple[str, ...]] = {
    "reports": ("overall", "clusters", "points", "points.status", "points.findings"),
    "improvement_plan": ("lines", "lines.state", "lines.due_day", "lines.action", "lines.proofs", "progress_reports"),
    "finance": ("eligibility", "report", "improvement_lines", "environment", "training", "company"),
    "training": ("sessions", "attendance", "certificates", "outcomes"),
    "environment": ("energy", "water", "chemicals", "higg_fem"),
}
"""The parts of each scope that may be opened one by one, as the contract of `ConsentGrant.fields` lists them."""
ONLY_PURPOSES: Mapping[str, str] = {"finance": "finance_referral"}
"""Scopes that are opened for one purpose alone, as the contract says at `GrantConsentRequest.purpose`: no choice."""


def ask(visit: Visit) -> Response:
    """The form."""
    return visit.show(
        "consent/page.html",
        factory=subject(visit),
        organisations=visit.services.programme.organisations(),
        scopes=codes(ConsentScope),
        purposes=codes(ConsentPurpose),
        parts=PARTS,
        only_purposes=ONLY_PURPOSES,
        usual_end=(clock.now() + timedelta(days=USUAL_DAYS)).date().isoformat(),
        grant_id=visit.form.text("grant_id", str(uuid4())),
    )


def give(visit: Visit) -> Response:
    """Give it, or show the form again with what is wrong."""
    key, form = visit.path("factory"), visit.form
    scope = form.text("scope")
    until = until_of(visit, visit.zone_of(key.partition("-")[0].upper()))
    if not form.text("organisation"):
        form.wrong_field("organisation", visit.say("consent.choose"))
    request = GrantConsentRequest(
        consent_grant_id=form.text("grant_id"),
        factory=f"factories/{key}",
        organisation=form.text("organisation"),
        scope=ConsentScope.ValueType(number(ConsentScope, scope)),
        purpose=ConsentPurpose.ValueType(number(ConsentPurpose, ONLY_PURPOSES.get(scope) or form.text("purpose"))),
        fields=[path for path in form.texts(f"fields_{scope}") if path in PARTS.get(scope, ())],
        expire_time=until,
        evidence=form.text("evidence"),
        request_id=form.request_id,
    )
    if not form.wrong and visit.do(FIELDS, lambda: visit.services.programme.grant_consent(request)):
        return visit.go(f"/factories/{key}/consents", done="granted")
    return ask(visit)


def until_of(visit: Visit, zone: str) -> Timestamp | None:
    """The end of the chosen day at the factory; what is no day is noted at the field."""
    chosen = chosen_day(visit.form.text("until"))
    if chosen is None:
        visit.form.wrong_field("until", visit.say("kit.choose_day"))
        return None
    return end_of(chosen, zone)


PAGE = Page(
    "consent",
    (
        get("/factories/{factory}/consents/new", ask, twin=False),
        post("/factories/{factory}/consents", give),
    ),
    roles=frozenset(CONSENT_KEEPERS),
)
