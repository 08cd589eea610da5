"""The RPCs keep to Google's AIPs as `proto/README.md` states them; held on the descriptors, for every service."""

import importlib
import re
from collections.abc import Iterable, Iterator

import generate
import protovalidate
from buf.validate import validate_pb2
from google.api import resource_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass

READS = ("Get", "List", "Check", "Count", "VerifyCertificate", "Watch")
CREATES = {
    "EnrolFactory": "factory_id",
    "RegisterOrganisation": "organisation_id",
    "GrantConsent": "consent_grant_id",
    "PlaceHold": "hold_id",
    "ImportFactories": "factory_import_id",
    "PlanAssessment": "assessment_id",
    "AddImprovementLine": "line_id",
    "PlanAdvisoryVisit": "advisory_visit_id",
    "FormCommittee": "factory",
    "ScheduleSession": "session_id",
    "ProposeReferral": "referral_id",
}
"""Methods that make a resource, and the field by which the client gives it an id."""

WITHOUT_ETAG = {
    "RecordAnswers": "operations commute, so that colleagues never wait for each other",
    "EnrolParticipants": "people come under ids of the client, so that the same ones may come again",
    "RecordAttendance": "operations commute",
    "RecordTestScores": "operations commute",
    "RecordOutcomes": "operations commute",
    "IssueCertificates": "whoever holds one gets no second one",
    "RedriveParked": "parked facts are no resource that somebody edits",
    "SkipParked": "names the sequence of the fact to skip, or the place of the record",
    "ClearHalt": "a second time changes nothing",
    "ReportBounce": "a mail server reports what came back, and has read nothing",
    "AcknowledgeRetraction": "a second time changes nothing",
}
EMBEDDED = {"FactoryImportRow", "TimelineEntry", "Answer", "ParkedFact"}
"""Named things that nobody updates by themselves, and which therefore need no etag."""


def _files() -> list[FileDescriptor]:
    names = [name.removesuffix(".proto").replace("/", ".") + "_pb2" for name in generate.sources()]
    return [importlib.import_module(name).DESCRIPTOR for name in names]


def _services() -> list[ServiceDescriptor]:
    return [service for file in _files() for service in file.services_by_name.values()]


def _methods() -> list[MethodDescriptor]:
    return [method for service in _services() for method in service.methods]


def _mutations() -> list[MethodDescriptor]:
    return [method for method in _methods() if not method.name.startswith(READS)]


def _resources() -> dict[str, Descriptor]:
    """Messages that are resources, by the pattern of their names."""
    return {
        resource.pattern[0]: message
        for file in _files()
        for message in file.message_types_by_name.values()
        if (resource := message.GetOptions().Extensions[resource_pb2.resource]).type
    }


def _refuses(request: Descriptor, **values: str) -> bool:
    """Whether the contract's own rules refuse the request for one of the fields given."""
    message = GetMessageClass(request)(**values)
    paths = [violation.proto.field for violation in protovalidate.collect_violations(message)]
    return any(path is not None and path.elements[0].field_name in values for path in paths)


def test_there_are_services_to_hold_this_on() -> None:
    assert len(_services()) >= 30
    assert len(_mutations()) >= 20


def test_every_mutation_carries_a_request_id_that_is_a_uuid() -> None:
    for method in _mutations():
        assert "request_id" in method.input_type.fields_by_name, method.full_name
        assert _refuses(method.input_type, request_id="not a uuid"), method.full_name
        assert _refuses(method.input_type, request_id=""), method.full_name
        assert not _refuses(method.input_type, request_id="3f1b9a52-7d2e-4b7c-8c36-5a90e1d4b733"), method.full_name


def test_no_read_carries_a_request_id() -> None:
    reads = [method for method in _methods() if method.name.startswith(READS)]
    assert [one.full_name for one in reads if "request_id" in one.input_type.fields_by_name] == []


def test_every_list_is_paged_and_counted() -> None:
    lists = [method for method in _methods() if method.name.startswith("List")]
    for method in lists:
        assert {"page_size", "page_token"} <= set(method.input_type.fields_by_name), method.full_name
        assert {"next_page_token", "total_size"} <= set(method.output_type.fields_by_name), method.full_name
        rows = method.output_type.fields_by_number[1]
        assert rows.is_repeated, f"{method.full_name} answers with its rows first (AIP-158)"


def test_every_get_names_one_resource_and_answers_with_it() -> None:
    for method in _methods():
        noun = method.name.removeprefix("Get")
        if method.name.startswith("Get") and noun != "Overview":
            assert list(method.input_type.fields_by_name) in (["name"], ["name", "read_mask"]), method.full_name
            assert _refuses(method.input_type, name="somewhere/else"), method.full_name
            assert _type(method.output_type.fields_by_number[1]).rsplit(".", 1)[1] == noun, method.full_name


def test_every_resource_has_its_name_first_and_an_etag() -> None:
    assert len(_resources()) >= 38
    for pattern, message in _resources().items():
        assert message.fields[0].name == "name", message.full_name
        assert message.name in EMBEDDED or "etag" in message.fields_by_name, message.full_name
        context = message.full_name.split(".")[1].replace("_", "-")
        resource = message.GetOptions().Extensions[resource_pb2.resource]
        assert resource.type == f"{context}.amplify/{message.name}"
        assert re.fullmatch(r"[a-z][A-Za-z]*(/\{[a-z_]+\}(/[a-z][A-Za-z]*){0,2})+", pattern), "AIP-122"


def test_whatever_is_shown_changed_or_deleted_by_name_is_a_resource() -> None:
    names = {message.name for message in _resources().values()}
    shown = {method.name.removeprefix("Get") for method in _methods() if method.name.startswith("Get")}
    assert shown - {"Overview"} <= names


def test_a_request_that_names_a_resource_takes_names_of_its_pattern_only() -> None:
    samples = {_sample(pattern): pattern for pattern in _resources()}
    for method in _methods():
        for field in {"name", "parent"} & set(method.input_type.fields_by_name):
            taken = [name for name in samples if not _refuses(method.input_type, **{field: name})]
            assert len(taken) == 1, f"{method.full_name} takes {taken} as {field}"


def _sample(pattern: str) -> str:
    """A name of the pattern, with an id of the kind that its collection has."""
    ids = {
        "factory": "bd-1001",
        "country_programme": "BD",
        "organisation": "north-sea",
        "questionnaire": "bd-1",
        "certificate": "7K3M-9QXT-2HFW-D",
        "product": "safety-remediation-line",
        "receipt": "5f" * 32,
        "environmental_record": "2025",
    }
    uuid = "3f1b9a52-7d2e-4b7c-8c36-5a90e1d4b733"
    return re.sub(r"\{([a-z_]+)\}", lambda found: ids.get(found.group(1), uuid), pattern)


def test_every_change_of_something_that_can_be_read_carries_its_etag() -> None:
    for method in _mutations():
        expected = method.name not in CREATES and method.name not in WITHOUT_ETAG
        assert ("etag" in method.input_type.fields_by_name) == expected, method.full_name


def test_every_create_takes_an_id_from_the_client() -> None:
    creates = {method.name: method for method in _methods() if method.name in CREATES}
    assert creates.keys() == CREATES.keys()
    for name, field in CREATES.items():
        assert _refuses(creates[name].input_type, **{field: ""}), name
        assert _refuses(creates[name].input_type, **{field: "Not An Id"}), name


def test_every_update_has_a_field_mask() -> None:
    updates = [method for method in _methods() if method.name.startswith("Update")]
    assert updates
    for method in updates:
        assert _type(method.input_type.fields_by_name["update_mask"]) == "google.protobuf.FieldMask"


def test_moments_are_named_by_their_type() -> None:
    for field in _fields():
        moment = _type(field) == "google.protobuf.Timestamp"
        assert moment == field.name.endswith(("_time", "_since")), field.full_name


def test_whatever_comes_in_has_a_limit_or_a_form() -> None:
    """Nothing of any size comes in through a text or a list, wherever in a request it stands."""
    unlimited = []
    for field in _incoming(method.input_type for method in _methods()):
        rules = field.GetOptions().Extensions[validate_pb2.field]
        text = rules.repeated.items.string if field.is_repeated else rules.string
        is_text = field.type == FieldDescriptor.TYPE_STRING
        if (field.is_repeated and not rules.repeated.max_items) or (is_text and not text.ListFields()):
            unlimited.append(field.full_name)
    assert unlimited == []


def _incoming(requests: Iterable[Descriptor]) -> Iterator[FieldDescriptor]:
    """Every field of ours that a request may carry, at any depth."""
    seen: set[str] = set()
    waiting = list(requests)
    while waiting:
        message = waiting.pop()
        if message.full_name.startswith("amplify.") and message.full_name not in seen:
            seen.add(message.full_name)
            yield from message.fields
            waiting += [field.message_type for field in message.fields if field.message_type is not None]


def _fields() -> Iterator[FieldDescriptor]:
    for file in _files():
        for message in file.message_types_by_name.values():
            yield from message.fields


def _type(field: FieldDescriptor) -> str:
    return field.message_type.full_name if field.message_type is not None else ""
