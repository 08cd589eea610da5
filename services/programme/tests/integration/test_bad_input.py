"""Bad input to every RPC: a clear refusal that names field and reason, and nothing changed."""

import pytest
from google.type.date_pb2 import Date

from amplify.programme.v1 import country_programme_service_pb2 as countries
from amplify.programme.v1 import factory_import_service_pb2 as imports
from amplify.programme.v1 import factory_pb2, organisation_pb2
from amplify.programme.v1 import factory_service_pb2 as factories
from amplify.programme.v1 import organisation_service_pb2 as organisations
from amplify.programme.v1 import timeline_service_pb2 as timelines

from .bad_consents import CONSENT_CASES, DENIED, INVALID, LIFTED, MISSING, STALE, STATE, TAKEN, Case
from .sound_requests import (
    CLOSED,
    HEADER,
    ID,
    JUNK,
    KNOWN,
    LATER,
    MERGED,
    NO_IMPORT,
    NO_MEMBER,
    PARTNER,
    REQUESTS,
    UNKNOWN,
    close,
    enrol,
    grant,
    lift,
    place,
    register,
    reinstate,
    send,
    stamp,
    suspend,
    update,
)
from .world import (
    ADVISOR,
    BUYER,
    MANAGER_BD,
    MANAGER_KH,
    OFFICER,
    OFFICER_BD,
    Refused,
    World,
    new_id,
)

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module", autouse=True)
def some_data(world: World) -> None:
    """An active factory, a closed one, a partner, a live grant of the factory to it, an open and a lifted hold."""
    world.enrol("9001")
    world.enrol("9002")
    world.call(OFFICER, factories.CloseFactoryRequest(name=CLOSED, reason=MERGED, request_id=new_id()))
    world.organisation("bad-input-buyer")
    world.call(OFFICER, grant(consent_grant_id=ID))
    world.organisation("bad-input-union", organisation_pb2.ORGANISATION_KIND_UNION)
    for hold_id in (ID, LIFTED):
        world.call(MANAGER_BD, place(hold_id=hold_id))
    world.call(MANAGER_BD, lift(name=f"{KNOWN}/holds/{LIFTED}"))


CASES: dict[str, Case] = CONSENT_CASES | {
    # FactoryService
    "enrol: duplicate id": (OFFICER, lambda: enrol("bd-9001"), TAKEN, "ALREADY_EXISTS", ""),
    "enrol: no name": (OFFICER, lambda: enrol(display_name=" "), INVALID, "REQUIRED", "factory.display_name"),
    "enrol: long name": (OFFICER, lambda: enrol(display_name="x" * 201), INVALID, "", "factory.display_name"),
    "enrol: malformed id": (OFFICER, lambda: enrol("BD 1"), INVALID, "", "factory_id"),
    "enrol: id of another country": (OFFICER, lambda: enrol("kh-1"), INVALID, "COUNTRY_MISMATCH", "factory.country"),
    "enrol: country of others": (OFFICER_BD, lambda: enrol("kh-1", country="KH"), DENIED, "PERMISSION_DENIED", ""),
    "enrol: unknown country": (OFFICER, lambda: enrol("xx-1", country="XX"), DENIED, "PERMISSION_DENIED", ""),
    "enrol: role": (ADVISOR, enrol, DENIED, "PERMISSION_DENIED", ""),
    "enrol: workers": (
        OFFICER,
        lambda: enrol(workers=factory_pb2.Workers(total=10, female=6, male=5)),
        INVALID, "WORKERS_DO_NOT_ADD_UP", "factory.workers.total",
    ),
    "enrol: wrong century": (
        OFFICER, lambda: enrol(cycle_start=Date(year=226, month=2, day=1)),
        INVALID, "DATE_OUT_OF_RANGE", "factory.cycle_start",
    ),
    "enrol: no such day": (
        OFFICER, lambda: enrol(cycle_start=Date(year=2026, month=2, day=30)), INVALID, "", "factory.cycle_start"
    ),
    "enrol: position": (
        OFFICER, lambda: enrol(location=factory_pb2.Location(latitude=91)), INVALID, "", "factory.location.latitude"
    ),
    "enrol: advisor by name": (OFFICER, lambda: enrol(assigned_advisor="A N"), INVALID, "", "factory.assigned_advisor"),
    "enrol: oversize": (OFFICER, lambda: enrol(address="x" * 501), INVALID, "", "factory.address"),
    "enrol: four customers": (
        OFFICER, lambda: enrol(customers=[factory_pb2.Customer(name="c")] * 4), INVALID, "", "factory.customers"
    ),
    "enrol: no request id": (
        OFFICER, lambda: factories.EnrolFactoryRequest(factory_id="bd-1", factory=enrol().factory), INVALID, "",
        "request_id",
    ),
    "update: unknown": (OFFICER, lambda: update("address", name=UNKNOWN), MISSING, "NOT_FOUND", ""),
    "update: country": (MANAGER_KH, lambda: update("address"), MISSING, "NOT_FOUND", ""),
    "update: role": (ADVISOR, lambda: update("address"), DENIED, "PERMISSION_DENIED", ""),
    "update: stale etag": (OFFICER, lambda: update("address", etag='"77"'), STALE, "STALE_ETAG", ""),
    "update: no mask": (OFFICER, update, INVALID, "", "update_mask"),
    "update: mask names nothing": (OFFICER, lambda: update("colour"), INVALID, "", "update_mask"),
    "update: mask names the status": (OFFICER, lambda: update("status"), INVALID, "", "update_mask"),
    "update: name emptied": (OFFICER, lambda: update("display_name"), INVALID, "REQUIRED", "factory.display_name"),
    "update: year": (
        OFFICER, lambda: update("start_year_in_country", start_year_in_country=1808),
        INVALID, "OUT_OF_RANGE", "factory.start_year_in_country",
    ),
    "suspend: unknown": (OFFICER, lambda: suspend(UNKNOWN), MISSING, "NOT_FOUND", ""),
    "suspend: closed": (OFFICER, lambda: suspend(CLOSED), STATE, "FACTORY_WRONG_STATE", "name"),
    "suspend: no reason": (OFFICER, lambda: suspend(reason=0), INVALID, "", "reason"),
    "suspend: reason of no list": (OFFICER, lambda: suspend(reason=NO_MEMBER), INVALID, "", "reason"),
    "suspend: stale etag": (OFFICER, lambda: suspend(etag='"77"'), STALE, "STALE_ETAG", ""),
    "suspend: country": (MANAGER_KH, suspend, MISSING, "NOT_FOUND", ""),
    "reinstate: active": (OFFICER, reinstate, STATE, "FACTORY_WRONG_STATE", "name"),
    "reinstate: unknown": (OFFICER, lambda: reinstate(UNKNOWN), MISSING, "NOT_FOUND", ""),
    "reinstate: stale etag": (OFFICER, lambda: reinstate(etag="x"), STALE, "STALE_ETAG", ""),
    "close: closed": (OFFICER, lambda: close(CLOSED), STATE, "FACTORY_WRONG_STATE", "name"),
    "close: unknown": (OFFICER, lambda: close(UNKNOWN), MISSING, "NOT_FOUND", ""),
    "close: name": (OFFICER, lambda: close("bd-9001"), INVALID, "", "name"),
    "close: stale etag": (OFFICER, lambda: close(etag='"77"'), STALE, "STALE_ETAG", ""),
    "get factory: unknown": (OFFICER, lambda: factories.GetFactoryRequest(name=UNKNOWN), MISSING, "NOT_FOUND", ""),
    "get factory: name": (OFFICER, lambda: factories.GetFactoryRequest(name="../x"), INVALID, "", "name"),
    "list factories: token": (
        OFFICER, lambda: factories.ListFactoriesRequest(page_token=JUNK), INVALID, "INVALID_PAGE_TOKEN", "page_token"
    ),
    "list factories: size": (
        OFFICER, lambda: factories.ListFactoriesRequest(page_size=-1), INVALID, "", "page_size"
    ),
    "list factories: long search": (
        OFFICER, lambda: factories.ListFactoriesRequest(search="x" * 101), INVALID, "", "search"
    ),
    # OrganisationService, CountryProgrammeService
    "register: duplicate": (OFFICER, lambda: register("bad-input-buyer"), TAKEN, "ALREADY_EXISTS", ""),
    "register: id": (OFFICER, lambda: register("Not A Slug"), INVALID, "", "organisation_id"),
    "register: name": (OFFICER, lambda: register(display_name=" "), INVALID, "TEXT_LENGTH", "display_name"),
    "register: kind": (OFFICER, lambda: register(kind=0), INVALID, "", "kind"),
    "register: role": (MANAGER_KH, register, DENIED, "PERMISSION_DENIED", ""),
    "get organisation: unknown": (
        OFFICER, lambda: organisations.GetOrganisationRequest(name="organisations/none"), MISSING, "NOT_FOUND", ""
    ),
    "get organisation: of others": (
        BUYER, lambda: organisations.GetOrganisationRequest(name=PARTNER), MISSING, "NOT_FOUND", ""
    ),
    "list organisations: kind": (
        OFFICER, lambda: organisations.ListOrganisationsRequest(kind=NO_MEMBER), INVALID, "", "kind"
    ),
    "get country programme: unknown": (
        OFFICER, lambda: countries.GetCountryProgrammeRequest(name="countryProgrammes/XX"), MISSING, "NOT_FOUND", ""
    ),
    "list country programmes: token": (
        OFFICER, lambda: countries.ListCountryProgrammesRequest(page_token=JUNK),
        INVALID, "INVALID_PAGE_TOKEN", "page_token",
    ),
    # FactoryImportService, TimelineService
    "import: empty": (OFFICER, lambda: send(b""), INVALID, "FILE_EMPTY", "csv"),
    "import: encoding": (OFFICER, lambda: send(HEADER + b"BD,1,Caf\xe9,active\n"), INVALID, "FILE_NOT_UTF8", "csv"),
    "import: oversize": (OFFICER, lambda: send(b"x" * (2 * 1024 * 1024 + 1)), INVALID, "FILE_TOO_LARGE", "csv"),
    "import: rows": (OFFICER, lambda: send(HEADER + b"BD,1,a,active\n" * 2001), INVALID, "TOO_MANY_ROWS", "csv"),
    "import: no CSV": (OFFICER, lambda: send(HEADER + b'"open'), INVALID, "FILE_MALFORMED", "csv"),
    "import: column": (OFFICER, lambda: send(b"country,colour\nBD,red\n"), INVALID, "UNKNOWN_COLUMN", "csv"),
    "import: date format": (OFFICER, lambda: send(HEADER, date_format=NO_MEMBER), INVALID, "", "date_format"),
    "import: id": (OFFICER, lambda: send(HEADER, factory_import_id="x"), INVALID, "", "factory_import_id"),
    "import: role": (ADVISOR, lambda: send(HEADER), DENIED, "PERMISSION_DENIED", ""),
    "get import: unknown": (OFFICER, lambda: imports.GetFactoryImportRequest(name=NO_IMPORT), MISSING, "NOT_FOUND", ""),
    "list imports: token": (
        OFFICER, lambda: imports.ListFactoryImportsRequest(page_token=JUNK),
        INVALID, "INVALID_PAGE_TOKEN", "page_token",
    ),
    "list rows: unknown": (
        OFFICER, lambda: imports.ListFactoryImportRowsRequest(parent=NO_IMPORT), MISSING, "NOT_FOUND", ""
    ),
    "list rows: outcome": (
        OFFICER, lambda: imports.ListFactoryImportRowsRequest(parent=NO_IMPORT, outcome=NO_MEMBER),
        INVALID, "", "outcome",
    ),
    "timeline: unknown": (
        OFFICER, lambda: timelines.ListTimelineEntriesRequest(parent=UNKNOWN), MISSING, "NOT_FOUND", ""
    ),
    "timeline: country": (
        MANAGER_KH, lambda: timelines.ListTimelineEntriesRequest(parent=KNOWN), MISSING, "NOT_FOUND", ""
    ),
    "timeline: service": (
        OFFICER, lambda: timelines.ListTimelineEntriesRequest(parent=KNOWN, services=["assessment", "weather"]),
        INVALID, "UNKNOWN_VALUE", "services[1]",
    ),
    "timeline: kind": (
        OFFICER, lambda: timelines.ListTimelineEntriesRequest(parent=KNOWN, events=["amplify.programme.v1.HoldPlaced"]),
        INVALID, "UNKNOWN_VALUE", "events[0]",
    ),
    "timeline: period": (
        OFFICER, lambda: timelines.ListTimelineEntriesRequest(
            parent=KNOWN, start_time=stamp(LATER), end_time=stamp(LATER)
        ),
        INVALID, "END_BEFORE_START", "end_time",
    ),
    "timeline: token": (
        OFFICER, lambda: timelines.ListTimelineEntriesRequest(parent=KNOWN, page_token=JUNK),
        INVALID, "INVALID_PAGE_TOKEN", "page_token",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_by_field_and_reason_and_changes_nothing(world: World, case: str) -> None:
    person, request, code, reason, field = CASES[case]
    before = world.everything()
    with pytest.raises(Refused) as refusal:
        world.call(person, request())
    refused = refusal.value
    assert refused.code == code
    assert refused.description
    if field:
        assert field in refused.fields, refused
    if reason:
        assert reason == (refused.fields[field] if field else refused.reason)
    assert refused.reason
    assert world.everything() == before


@pytest.mark.parametrize("method", REQUESTS)
def test_without_a_good_token_nothing_is_answered(world: World, method: str) -> None:
    expired = world.issuer.token(OFFICER, "programme-officer", countries=["BD"], exp=1)
    elsewhere = world.issuer.token(OFFICER, "programme-officer", countries=["BD"], iss="http://elsewhere")
    before = world.everything()
    for token, reason in (
        ("", "TOKEN_MISSING"),
        ("not.a.token", "TOKEN_INVALID"),
        (expired, "TOKEN_INVALID"),
        (elsewhere, "TOKEN_INVALID"),
    ):
        with pytest.raises(Refused) as refusal:
            world.call(OFFICER, REQUESTS[method](), token=token)
        assert (refusal.value.code, refusal.value.reason) == ("UNAUTHENTICATED", reason)
    assert world.everything() == before


def test_every_method_is_among_them(world: World) -> None:
    served = {name for stub in world.stubs for name in vars(stub)}
    assert served == set(REQUESTS)


def test_a_request_id_with_another_request_is_refused(world: World) -> None:
    request = suspend()
    world.call(OFFICER, request)
    before = world.everything()
    request.reason = factory_pb2.SUSPEND_REASON_OTHER
    with pytest.raises(Refused) as refusal:
        world.call(OFFICER, request)
    assert (refusal.value.code, refusal.value.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")
    assert world.everything() == before
    world.call(OFFICER, reinstate())


def test_a_page_token_of_another_list_is_refused(world: World) -> None:
    first = world.call(OFFICER, factories.ListFactoriesRequest(page_size=1))
    with pytest.raises(Refused) as refusal:
        world.call(OFFICER, factories.ListFactoriesRequest(page_size=1, page_token=first.next_page_token, country="KH"))
    assert refusal.value.fields == {"page_token": "INVALID_PAGE_TOKEN"}


def test_nothing_that_was_sent_is_logged(world: World) -> None:
    secrets = ("Very private contact", "very private evidence", "a very private cause")
    world.enrol(contact=factory_pb2.Contact(name=secrets[0]))
    with pytest.raises(Refused):
        world.call(OFFICER, grant(scope=2, evidence=secrets[1], factory=UNKNOWN))
    factory = world.enrol().name
    world.call(MANAGER_BD, place(parent=factory, cause_text=secrets[2]))
    with pytest.raises(Refused):
        world.call(OFFICER, place(parent=factory, cause_text=secrets[2]))
    name = world.send_file(b"country,id,name,status\nBD,9300,=Very private contact,active\n")
    world.completed(name)
    logs = "".join(path.read_text() for path in world.folder.rglob("*") if path.is_file())
    assert "started" in logs
    assert not [secret for secret in secrets if secret in logs]
