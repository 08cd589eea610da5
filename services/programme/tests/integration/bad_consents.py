"""Bad consents and holds: who sends which request, and the code, reason and field of its refusal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from amplify.programme.v1 import consent_lists_pb2 as lists
from amplify.programme.v1 import consent_service_pb2 as consents
from amplify.programme.v1 import hold_service_pb2 as holds

from .sound_requests import (
    ID,
    JUNK,
    KNOWN,
    LATER,
    NO_MEMBER,
    NOWHERE,
    PARTNER,
    REPORTS,
    UNKNOWN,
    grant,
    lift,
    place,
    renew,
    stamp,
    withdraw,
)
from .world import BUYER, FACTORY, FINANCE, MANAGER_BD, MANAGER_KH, OFFICER, SERVICE, new_id

Case = tuple[str, Callable[[], Any], str, str, str]
INVALID, MISSING, STATE = "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION"
LIFTED = "22222222-2222-4222-8222-222222222222"
DENIED, STALE, TAKEN = "PERMISSION_DENIED", "ABORTED", "ALREADY_EXISTS"


CONSENT_CASES: dict[str, Case] = {
    "grant: unknown factory": (OFFICER, lambda: grant(factory=UNKNOWN), MISSING, "NOT_FOUND", ""),
    "grant: unknown organisation": (
        OFFICER, lambda: grant(organisation="organisations/none"), INVALID, "INVALID_FIELD", "organisation"
    ),
    "grant: in the past": (
        OFFICER, lambda: grant(scope=2, start_time=stamp(datetime(2020, 1, 1, tzinfo=UTC))),
        INVALID, "TIME_IN_THE_PAST", "start_time",
    ),
    "grant: end before start": (
        OFFICER, lambda: grant(scope=2, start_time=stamp(LATER), expire_time=stamp(LATER - timedelta(days=1))),
        INVALID, "END_BEFORE_START", "expire_time",
    ),
    "grant: too far ahead": (
        OFFICER, lambda: grant(scope=2, expire_time=stamp(LATER + timedelta(days=200))),
        INVALID, "TOO_FAR_AHEAD", "expire_time",
    ),
    "grant: ends in the past": (
        OFFICER, lambda: grant(scope=2, expire_time=stamp(datetime(2020, 1, 1, tzinfo=UTC))),
        INVALID, "END_BEFORE_START", "expire_time",
    ),
    "grant: path of another scope": (
        OFFICER, lambda: grant(scope=2, fields=["lines", "overall"]), INVALID, "UNKNOWN_FIELD", "fields[1]"
    ),
    "grant: path twice": (OFFICER, lambda: grant(scope=2, fields=["lines", "lines"]), INVALID, "", "fields"),
    "grant: reference": (OFFICER, lambda: grant(scope=2, reference="any text"), INVALID, "", "reference"),
    "grant: purpose": (OFFICER, lambda: grant(scope=2, purpose=NO_MEMBER), INVALID, "", "purpose"),
    "grant: finance for another purpose": (
        OFFICER, lambda: grant(scope=3, purpose=4), INVALID, "PURPOSE_NOT_FITTING", "purpose"
    ),
    "grant: union without purpose": (
        OFFICER, lambda: grant(organisation="organisations/bad-input-union"), INVALID, "REQUIRED", "purpose"
    ),
    "grant: no end": (OFFICER, lambda: grant(expire_time=None), INVALID, "", "expire_time"),
    "grant: no time": (OFFICER, lambda: grant(expire_time=Timestamp(seconds=10**15)), INVALID, "", "expire_time"),
    "grant: no evidence": (OFFICER, lambda: grant(scope=2, evidence=" "), INVALID, "EVIDENCE_REQUIRED", "evidence"),
    "grant: twice": (OFFICER, grant, STATE, "CONSENT_ALREADY_LIVE", "scope"),
    "grant: duplicate id": (OFFICER, lambda: grant(consent_grant_id=ID, scope=2), TAKEN, "ALREADY_EXISTS", ""),
    "grant: id": (OFFICER, lambda: grant(consent_grant_id="x"), INVALID, "", "consent_grant_id"),
    "grant: scope": (OFFICER, lambda: grant(scope=0), INVALID, "", "scope"),
    "grant: country": (MANAGER_KH, grant, MISSING, "NOT_FOUND", ""),
    "grant: role": (BUYER, grant, DENIED, "PERMISSION_DENIED", ""),
    "renew: shorter": (
        OFFICER, lambda: renew(expire_time=stamp(LATER - timedelta(days=1))), INVALID, "NOT_LATER", "expire_time"
    ),
    "renew: the same end": (OFFICER, lambda: renew(expire_time=stamp(LATER)), INVALID, "NOT_LATER", "expire_time"),
    "renew: too far ahead": (
        OFFICER, lambda: renew(expire_time=stamp(LATER + timedelta(days=200))), INVALID, "TOO_FAR_AHEAD", "expire_time"
    ),
    "renew: no end": (OFFICER, lambda: renew(expire_time=None), INVALID, "", "expire_time"),
    "renew: no evidence": (OFFICER, lambda: renew(evidence=" "), INVALID, "EVIDENCE_REQUIRED", "evidence"),
    "renew: stale etag": (OFFICER, lambda: renew(etag='"77"'), STALE, "STALE_ETAG", ""),
    "renew: unknown": (OFFICER, lambda: renew(name=NOWHERE), MISSING, "NOT_FOUND", ""),
    "renew: factory of others": (FACTORY, renew, MISSING, "NOT_FOUND", ""),
    "renew: role": (BUYER, renew, DENIED, "PERMISSION_DENIED", ""),
    "live: role": (
        OFFICER, lambda: lists.ListLiveConsentsRequest(organisation=PARTNER), DENIED, "PERMISSION_DENIED", ""
    ),
    "live: organisation": (SERVICE, lists.ListLiveConsentsRequest, INVALID, "", "organisation"),
    "live: token": (
        SERVICE, lambda: lists.ListLiveConsentsRequest(organisation=PARTNER, page_token=JUNK),
        INVALID, "INVALID_PAGE_TOKEN", "page_token",
    ),
    "factory consents: order": (
        OFFICER, lambda: lists.ListFactoryConsentsRequest(parent=KNOWN, order_by="colour"), INVALID, "", "order_by"
    ),
    "factory consents: factory of others": (
        FACTORY, lambda: lists.ListFactoryConsentsRequest(parent=KNOWN), MISSING, "NOT_FOUND", ""
    ),
    "factory consents: role": (
        BUYER, lambda: lists.ListFactoryConsentsRequest(parent=KNOWN), DENIED, "PERMISSION_DENIED", ""
    ),
    # HoldService: nobody but the country's managers learns whether there is a hold, or a factory.
    "place: role": (OFFICER, place, DENIED, "PERMISSION_DENIED", ""),
    "place: finance": (FINANCE, place, DENIED, "PERMISSION_DENIED", ""),
    "place: country": (MANAGER_KH, place, MISSING, "NOT_FOUND", ""),
    "place: unknown": (MANAGER_BD, lambda: place(parent=UNKNOWN), MISSING, "NOT_FOUND", ""),
    "place: no cause": (MANAGER_BD, lambda: place(cause=0), INVALID, "", "cause"),
    "place: other cause untold": (MANAGER_BD, lambda: place(cause=9), INVALID, "REQUIRED", "cause_text"),
    "place: twice": (MANAGER_BD, lambda: place(hold_id=ID), TAKEN, "HOLD_EXISTS", "hold_id"),
    "place: long": (MANAGER_BD, lambda: place(cause_text="x" * 2001), INVALID, "", "cause_text"),
    "lift: role": (FINANCE, lift, DENIED, "PERMISSION_DENIED", ""),
    "lift: country": (MANAGER_KH, lift, MISSING, "NOT_FOUND", ""),
    "lift: unknown": (MANAGER_BD, lambda: lift(name=f"{KNOWN}/holds/{new_id()}"), MISSING, "NOT_FOUND", ""),
    "lift: twice": (MANAGER_BD, lambda: lift(name=f"{KNOWN}/holds/{LIFTED}"), STATE, "HOLD_NOT_OPEN", "name"),
    "lift: no ground": (MANAGER_BD, lambda: lift(lift_text=" "), INVALID, "REQUIRED", "lift_text"),
    "lift: stale etag": (MANAGER_BD, lambda: lift(etag='"77"'), STALE, "STALE_ETAG", ""),
    "holds: role": (FINANCE, lambda: holds.ListHoldsRequest(parent=KNOWN), DENIED, "PERMISSION_DENIED", ""),
    "holds: service": (SERVICE, lambda: holds.ListHoldsRequest(parent=KNOWN), DENIED, "PERMISSION_DENIED", ""),
    "holds: token": (
        MANAGER_BD, lambda: holds.ListHoldsRequest(parent=KNOWN, page_token=JUNK),
        INVALID, "INVALID_PAGE_TOKEN", "page_token",
    ),
    "withdraw: unknown": (OFFICER, lambda: withdraw(name=NOWHERE), MISSING, "NOT_FOUND", ""),
    "withdraw: stale etag": (OFFICER, lambda: withdraw(etag='"77"'), STALE, "STALE_ETAG", ""),
    "withdraw: factory of others": (FACTORY, withdraw, MISSING, "NOT_FOUND", ""),
    "get grant: unknown": (OFFICER, lambda: consents.GetConsentGrantRequest(name=NOWHERE), MISSING, "NOT_FOUND", ""),
    "list grants: token": (
        OFFICER, lambda: consents.ListConsentGrantsRequest(page_token=JUNK),
        INVALID, "INVALID_PAGE_TOKEN", "page_token",
    ),
    "check: scope": (
        OFFICER, lambda: consents.CheckConsentRequest(factory=KNOWN, organisation=PARTNER), INVALID, "", "scope"
    ),
    "check: country": (
        MANAGER_KH, lambda: consents.CheckConsentRequest(factory=KNOWN, organisation=PARTNER, scope=REPORTS),
        DENIED, "PERMISSION_DENIED", "",
    ),
}  # fmt: skip
