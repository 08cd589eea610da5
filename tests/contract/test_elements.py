"""What holds for every element of a contract: a sentence about it, a class for its data, a fitting name."""

import re

import generate
from descriptions import Field, contracts, streams

ORDER = ["PUBLIC", "PROGRAMME", "CONFIDENTIAL", "PERSONAL", "RESTRICTED"]
"""The classes, each with fewer readers than the one before."""

SENTENCE = re.compile(r"[A-Z0-9].{2,}[.:]", re.DOTALL)
FREE_TEXT = re.compile(r"(^|_)(note|text|comment|description|email|phone|address|subject|body)s?($|_)")
PAST_TENSE = re.compile(r"(ed|Frozen|Held|Met|Proven|Sent|Withdrawn|Due|Overdue)$")
LONGEST_FILE = 250


def _short(field: Field) -> str:
    return field.full_name.rsplit(".", 1)[1]


def _fields_of_facts() -> list[Field]:
    reached = {part.full_name: part for event in contracts().events for part in contracts().reached(event)}
    assert len(reached) > len(contracts().events)
    return [field for message in reached.values() for field in message.fields]


def test_each_has_a_sentence() -> None:
    assert len(contracts().elements) > 500
    assert [name for name, one in contracts().elements.items() if not SENTENCE.fullmatch(one.comment)] == []


def test_each_message_states_who_may_see_it() -> None:
    assert [name for name, one in contracts().messages.items() if one.confidentiality not in ORDER] == []


def test_a_field_states_a_class_only_where_it_differs() -> None:
    for message in contracts().messages.values():
        same = [f.full_name for f in message.fields if f.stated and f.confidentiality == message.confidentiality]
        assert same == []


def test_what_belongs_to_people_is_personal_everywhere() -> None:
    fields = [field for message in contracts().messages.values() for field in message.fields]
    personal = [field for field in fields if _short(field) in ("email", "phone", "contact")]
    assert len(personal) >= 4
    assert [one.full_name for one in personal if ORDER.index(one.confidentiality) < ORDER.index("PERSONAL")] == []


def test_what_is_secret_before_the_start_is_restricted() -> None:
    for name in ("Assessment", "PlanAssessmentRequest", "RescheduleAssessmentRequest", "CancelAssessmentRequest"):
        assert contracts().messages[f"amplify.assessment.v1.{name}"].confidentiality == "RESTRICTED"


def test_a_fact_carries_nothing_above_the_class_of_its_stream() -> None:
    for stream in streams().values():
        allowed = ORDER.index(stream.confidentiality.removeprefix("CONFIDENTIALITY_"))
        fields = [field for name in stream.messages for part in contracts().reached(name) for field in part.fields]
        assert [one.full_name for one in fields if ORDER.index(one.confidentiality) > allowed] == []


def test_a_stream_above_the_class_of_the_programme_is_read_by_one_service_and_says_no_more_than_whether() -> None:
    above = [stream for stream in streams().values() if stream.confidentiality != "CONFIDENTIALITY_PROGRAMME"]
    assert [stream.name for stream in above] == ["programme-holds"]
    assert {consumer.partition("/")[0] for stream in above for consumer in stream.consumers} <= {"finance-linkage"}
    said = {
        _short(field) for stream in above for name in stream.messages for field in contracts().messages[name].fields
    }
    assert said == {"factory_id", "country", "place_time", "lift_time"}


def test_a_fact_carries_no_free_text_and_no_name_of_a_person() -> None:
    assert [one.full_name for one in _fields_of_facts() if FREE_TEXT.search(_short(one))] == []
    # The names that facts carry are those of factories, organisations and countries.
    assert {_short(one) for one in _fields_of_facts() if "name" in _short(one).split("_")} == {"display_name"}
    carriers = {one.full_name.split(".")[-2] for one in _fields_of_facts() if _short(one) == "display_name"}
    assert carriers == {"CountryProgrammeRevised", "FactoryProfile", "OrganisationRegistered"}


def test_an_event_is_in_the_past_tense_and_begins_with_its_key() -> None:
    for name, event in contracts().events.items():
        assert PAST_TENSE.search(name), name
        assert event.file.endswith("_events.proto"), name
        assert event.fields[0].number == 1
        assert _short(event.fields[0]).endswith(("_id", "country")), name


def test_whatever_an_events_file_holds_is_carried_by_a_stream_or_part_of_what_is() -> None:
    reached = {part.full_name for event in contracts().events for part in contracts().reached(event)}
    declared = {name for name, one in contracts().messages.items() if one.file.endswith("_events.proto")}
    assert declared - reached == set()


def test_contract_files_are_short() -> None:
    lines = {name: len((generate.PROTO / name).read_text().splitlines()) for name in generate.sources()}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}
