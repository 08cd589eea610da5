"""Who holds what of a factory since when, and what has ended: to renew, to withdraw, to take away."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.programme.v1.consent_grant_pb2 import ConsentGrant, ConsentState
from amplify.programme.v1.consent_lists_pb2 import FactoryConsent, ListFactoryConsentsResponse
from amplify.programme.v1.consent_service_pb2 import RenewConsentRequest
from console import people
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Page, Tab, get, post
from console.pages.consent.view import until_of
from console.pages.factory.view import CONSENT_KEEPERS
from console.roles import COUNTRY_STAFF, FACTORY
from console.subject import subject
from console.times import last_day
from console.visit import Visit

FILTERS = ("state", "sort")
SORTS = {"latest": "", "expiry": "expire_time", "organisation": "organisation"}
KINDS = {"live": "good", "expired": "off", "withdrawn": "off"}
FIELDS = {"expire_time": "until", "evidence": "evidence"}


def show(visit: Visit) -> Response:
    """The list; only the rows when htmx asks."""
    factory = subject(visit)
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "consents")
    template = "consents/_results.html" if visit.partial else "consents/page.html"
    return visit.show(
        template,
        factory=factory,
        found=found,
        asked=visit.asked(*FILTERS),
        states=codes(ConsentState),
        sorts=list(SORTS),
        kinds=KINDS,
        keeps=visit.is_a(*CONSENT_KEEPERS),
        zone=visit.zone_of(factory.country),
        names=people.names(visit, factory.country),
    )


def _found(visit: Visit, page: str, size: int) -> ListFactoryConsentsResponse:
    asked = visit.asked(*FILTERS)
    return visit.services.programme.factory_consents(
        visit.path("factory"),
        state=number(ConsentState, asked["state"]),
        order_by=SORTS.get(asked["sort"], ""),
        page=page,
        size=size,
    )


def ask_renewal(visit: Visit) -> Response:
    """The form to move the end of a grant."""
    factory, grant = subject(visit), _grant(visit)
    zone = visit.zone_of(factory.country)
    return visit.show("consents/renew.html", factory=factory, grant=grant, now_until=last_day(grant.expire_time, zone))


def renew(visit: Visit) -> Response:
    """Move the end of a grant, or show the form again with what is wrong."""
    key, grant = visit.path("factory"), visit.path("grant")
    until = until_of(visit, visit.zone_of(key.partition("-")[0].upper()))
    request = RenewConsentRequest(
        name=f"consentGrants/{grant}",
        expire_time=until,
        evidence=visit.form.text("evidence"),
        etag=visit.form.text("etag"),
        request_id=visit.form.request_id,
    )
    if not visit.form.wrong and visit.do(FIELDS, lambda: visit.services.programme.renew_consent(request)):
        return visit.go(f"/factories/{key}/consents", done="renewed")
    return ask_renewal(visit)


def withdraw(visit: Visit) -> Response:
    """Take a grant back."""
    grant, form = visit.path("grant"), visit.form
    if visit.do({}, lambda: visit.services.programme.withdraw_consent(grant, form.text("etag"), form.request_id)):
        return visit.go(f"/factories/{visit.path('factory')}/consents", done="withdrawn")
    return show(visit)


def _grant(visit: Visit) -> ConsentGrant:
    return visit.services.programme.grant(visit.path("grant"))


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[FactoryConsent], str]:
    found = _found(visit, page, size)
    return found.factory_consents, found.next_page_token


def _fields(visit: Visit, one: FactoryConsent) -> str:
    return ", ".join(visit.coded("consent.field", path) for path in one.consent_grant.fields)


LISTING: Listing[FactoryConsent] = Listing(
    "consents",
    _rows,
    (
        Column("factory.organisation", lambda _, one: one.organisation_display_name),
        Column("consents.kind", lambda visit, one: visit.coded("consent.kind", code_of(one, "organisation_kind"))),
        Column("consent.scope", lambda visit, one: visit.coded("consent.scope", code_of(one.consent_grant, "scope"))),
        Column("consents.fields", _fields),
        Column("consents.purpose", lambda v, one: v.coded("consent.purpose", code_of(one.consent_grant, "purpose"))),
        Column("consents.since", lambda _, one: one.consent_grant.start_time),
        Column("factory.until", lambda _, one: one.consent_grant.expire_time),
        Column("factories.status", lambda v, one: v.coded("consent.state", code_of(one.consent_grant, "state"))),
        Column(
            "consents.ended",
            lambda _, one: one.consent_grant.end_time if one.consent_grant.HasField("end_time") else None,
        ),
    ),
)

PAGE = Page(
    "consents",
    (
        get("/factories/{factory}/consents", show),
        get_csv("/factories/{factory}/consents.csv", LISTING),
        get("/factories/{factory}/consents/{grant}/renew", ask_renewal, twin=False),
        post("/factories/{factory}/consents/{grant}/renew", renew),
        post("/factories/{factory}/consents/{grant}/withdraw", withdraw),
    ),
    roles=COUNTRY_STAFF | FACTORY,
    tab=Tab("/factories/{factory}/consents", 50),
)
