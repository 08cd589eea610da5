"""What the demonstration puts in, and the calls that put it there. Every call may be repeated: ids are fixed."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import grpc

from amplify.notifications.v1.recipient_pb2 import Recipient
from amplify.notifications.v1.recipient_service_pb2 import PutRecipientRequest
from amplify.notifications.v1.recipient_service_pb2_grpc import RecipientServiceStub
from amplify.programme.v1.factory_import_pb2 import FACTORY_IMPORT_STATE_COMPLETED
from amplify.programme.v1.factory_import_service_pb2 import GetFactoryImportRequest, ImportFactoriesRequest
from amplify.programme.v1.factory_import_service_pb2_grpc import FactoryImportServiceStub
from amplify.programme.v1.organisation_pb2 import OrganisationKind
from amplify.programme.v1.organisation_service_pb2 import RegisterOrganisationRequest
from amplify.programme.v1.organisation_service_pb2_grpc import OrganisationServiceStub
from local_stack.demo import lists
from local_stack.people import Person

ORGANISATIONS = (
    ("north-sea-apparel", "North Sea Apparel", OrganisationKind.ORGANISATION_KIND_BUYER),
    ("fjord-basics", "Fjord Basics", OrganisationKind.ORGANISATION_KIND_BUYER),
    ("delta-bank", "Delta Bank", OrganisationKind.ORGANISATION_KIND_FINANCIER),
    ("padma-bank", "Padma Bank", OrganisationKind.ORGANISATION_KIND_FINANCIER),
    ("bd-ministry-of-labour", "Ministry of Labour, Bangladesh", OrganisationKind.ORGANISATION_KIND_MINISTRY),
)
IMPORT_SECONDS = 60.0
_CALL_SECONDS = 10.0
_NAMES = uuid.UUID("7d1f3c52-4b0e-5e8a-9c66-2f0a4d8e1b70")

Token = Callable[[str], str]


class NotSeeded(Exception):
    """A service refused something of the demonstration; the text names it."""


def request_id(*parts: str) -> str:
    """The same UUID for the same request at every start, so that a repetition has no effect."""
    return str(uuid.uuid5(_NAMES, "/".join(parts)))


def organisations(programme: grpc.Channel, token: Token) -> None:
    """Register the partners, as the programme officer would."""
    register = OrganisationServiceStub(programme).RegisterOrganisation
    for organisation_id, name, kind in ORGANISATIONS:
        request = RegisterOrganisationRequest(
            organisation_id=organisation_id,
            display_name=name,
            kind=kind,
            request_id=request_id("organisation", organisation_id),
        )
        _call(register, request, token("programme-officer"), or_already=True)


def recipients(notifications: grpc.Channel, token: Token, people: tuple[Person, ...]) -> None:
    """Tell notifications where to reach everybody, as an operator would."""
    put = RecipientServiceStub(notifications).PutRecipient
    for person in people:
        request = PutRecipientRequest(recipient=recipient(person), request_id=request_id("recipient", person.sub))
        _call(put, request, token("sre"))


def factories(programme: grpc.Channel, token: Token) -> None:
    """Import the forty factories, as the programme officer would, and wait until every row has its outcome."""
    imports = FactoryImportServiceStub(programme)
    name = request_id("import", lists.ENROLLED)
    request = ImportFactoriesRequest(
        factory_import_id=name, csv=lists.enrolled(), request_id=request_id("import request", lists.ENROLLED)
    )
    _call(imports.ImportFactories, request, token("programme-officer"), or_already=True)
    end = time.monotonic() + IMPORT_SECONDS
    while time.monotonic() < end:
        asked = GetFactoryImportRequest(name=f"factoryImports/{name}")
        found = _call(imports.GetFactoryImport, asked, token("programme-officer")).factory_import
        if found.state == FACTORY_IMPORT_STATE_COMPLETED:
            if found.rejected:
                raise NotSeeded(f"{found.rejected} of the {found.rows} factories were refused")
            return
        time.sleep(0.2)
    raise NotSeeded(f"the import of factories is not complete after {IMPORT_SECONDS:.0f} s")


def recipient(person: Person) -> Recipient:
    """A person as notifications knows them."""
    return Recipient(
        name=f"recipients/{person.sub}",
        display_name=person.name,
        email=person.email,
        language=person.locale,
        time_zone=person.time_zone,
        roles=[person.role],
        countries=list(person.countries),
        organisations=[f"organisations/{person.organisation}"] if person.organisation else [],
        factories=[f"factories/{person.factory}"] if person.factory else [],
    )


def _call(method: Callable[..., Any], request: Any, token: str, *, or_already: bool = False) -> Any:
    try:
        return method(request, timeout=_CALL_SECONDS, metadata=[("authorization", f"Bearer {token}")])
    except grpc.RpcError as error:
        if or_already and error.code() is grpc.StatusCode.ALREADY_EXISTS:
            return None
        raise NotSeeded(f"{type(request).__name__}: {error.code().name} {error.details()}") from None
