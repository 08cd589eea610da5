"""The committee of one factory: members by side and sex, elections and meetings; people are counted, never named."""

from collections.abc import Callable
from uuid import uuid4

from starlette.responses import Response

from amplify.assessment.v1.committee_pb2 import Committee, CommitteeCounts
from amplify.assessment.v1.committee_service_pb2 import (
    ChangeCommitteeMembersRequest,
    FormCommitteeRequest,
    LogCommitteeMeetingRequest,
    RecordCommitteeElectionRequest,
)
from console.clients.troubles import Refused
from console.codes import codes_of
from console.page import Page, Tab, get, post
from console.pages.advisory_visit.view import read_topics
from console.roles import AT_WORK, REMEDIATION_READERS
from console.subject import subject
from console.visit import Visit

COUNTS = ("management_women", "management_men", "worker_women", "worker_men")
FIELDS = {
    **{f"{group}.{name}": name for group in ("members", "attendance") for name in COUNTS},
    **{name: name for name in ("formed_day", "election_day", "eligible_voters", "votes", "elected_women")},
    **{name: name for name in ("elected_men", "meeting_day", "topics", "note")},
    "members": "management_women",
    "attendance": "management_women",
}
FORMS = ("form", "members", "election", "meeting")


def show(visit: Visit) -> Response:
    """The page; an invitation to record the committee where there is none."""
    factory = subject(visit)
    found = visit.part(lambda: _committee(visit, factory.id), "committee")
    return visit.show(
        "committee/page.html",
        factory=factory,
        found=found,
        works=visit.is_a(*AT_WORK),
        tool=visit.tool(factory.country),
        warnings=codes_of(found.value, "warnings") if found.value else [],
        sides=("management", "worker"),
    )


def _committee(visit: Visit, factory: str) -> Committee | None:
    try:
        return visit.services.remediation.committee(factory)
    except Refused as refusal:
        if refusal.code.name == "NOT_FOUND":
            return None
        raise


def ask(visit: Visit) -> Response:
    """One of the forms, by its name in the address."""
    factory, which = subject(visit), visit.path("form")
    committee = _committee(visit, factory.id)
    if which not in FORMS or (committee is None) != (which == "form"):
        return visit.go(f"/factories/{factory.id}/committee")
    return visit.show(
        "committee/form.html",
        factory=factory,
        which=which,
        committee=committee,
        counts=COUNTS,
        entry_id=visit.form.text("entry_id", str(uuid4())),
        tool=visit.tool(factory.country),
    )


def record(visit: Visit) -> Response:
    """Carry out a form, or show it again with what is wrong."""
    key, which = visit.path("factory"), visit.path("form")
    known = {"form": _form, "members": _members, "election": _election, "meeting": _meeting}
    if which not in known:
        return visit.go(f"/factories/{key}/committee")
    command = known[which](visit, key)
    if not visit.form.wrong and visit.do(FIELDS, command):
        return visit.go(f"/factories/{key}/committee", done=which)
    return ask(visit)


def _form(visit: Visit, factory: str) -> Callable[[], None]:
    request = FormCommitteeRequest(
        factory=f"factories/{factory}",
        formed_day=visit.day("formed_day"),
        members=_counts(visit),
        request_id=visit.form.request_id,
    )
    return lambda: visit.services.remediation.form_committee(request)


def _members(visit: Visit, factory: str) -> Callable[[], None]:
    request = ChangeCommitteeMembersRequest(
        name=f"factories/{factory}/committee",
        members=_counts(visit),
        etag=visit.form.text("etag"),
        request_id=visit.form.request_id,
    )
    return lambda: visit.services.remediation.change_members(request)


def _election(visit: Visit, factory: str) -> Callable[[], None]:
    request = RecordCommitteeElectionRequest(
        name=f"factories/{factory}/committee",
        election_id=visit.form.text("entry_id"),
        election_day=visit.day("election_day"),
        freely_elected=visit.form.text("freely_elected") == "yes",
        eligible_voters=visit.whole("eligible_voters"),
        votes=visit.whole("votes"),
        elected_women=visit.whole("elected_women"),
        elected_men=visit.whole("elected_men"),
        etag=visit.form.text("etag"),
        request_id=visit.form.request_id,
    )
    return lambda: visit.services.remediation.record_election(request)


def _meeting(visit: Visit, factory: str) -> Callable[[], None]:
    request = LogCommitteeMeetingRequest(
        name=f"factories/{factory}/committee",
        meeting_id=visit.form.text("entry_id"),
        meeting_day=visit.day("meeting_day"),
        attendance=_counts(visit),
        topics=read_topics(visit),
        note=visit.form.text("note"),
        etag=visit.form.text("etag"),
        request_id=visit.form.request_id,
    )
    return lambda: visit.services.remediation.log_meeting(request)


def _counts(visit: Visit) -> CommitteeCounts:
    return CommitteeCounts(**{name: visit.whole(name) for name in COUNTS})


PAGE = Page(
    "committee",
    (
        get("/factories/{factory}/committee", show),
        get("/factories/{factory}/committee/{form}", ask, twin=False),
        post("/factories/{factory}/committee/{form}", record),
    ),
    roles=REMEDIATION_READERS,
    tab=Tab("/factories/{factory}/committee", 40),
)
