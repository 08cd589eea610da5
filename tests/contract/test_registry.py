"""Registry and code agree, in both directions: streams, the facts on them, who produces and who consumes them."""

import importlib
import typing

import catalogue
import generate
import pytest
from descriptions import contracts, streams

from chassis import registry

from .declared import SERVICES, consumers, first_file, owned, public_routes, routes, subscriptions


def test_every_event_is_on_exactly_one_stream() -> None:
    carried = [message for stream in streams().values() for message in stream.messages]
    assert sorted(carried) == sorted(set(carried))
    assert set(carried) <= contracts().messages.keys()


def test_a_stream_belongs_to_the_service_that_it_is_named_after() -> None:
    for stream in streams().values():
        assert stream.name.startswith(f"{stream.owner}-")
        assert stream.producers == (stream.owner,), "a kind of aggregate has one owner, so a stream has one producer"
        assert all(message.startswith(f"amplify.{stream.owner.replace('-', '_')}.v1.") for message in stream.messages)


def test_a_stream_is_a_topic_that_is_kept_for_ever() -> None:
    for stream in streams().values():
        assert stream.config["retention.ms"] == "-1"
        assert stream.config["cleanup.policy"] == "delete"
        assert 1 <= stream.partitions <= 64
        assert stream.confidentiality.startswith("CONFIDENTIALITY_")


def test_a_registry_file_is_named_after_its_stream() -> None:
    files = {file.stem for file in (generate.PROTO / "topics").glob("*.yaml")}
    assert files == set(streams())


def test_the_running_code_reads_the_same_registry() -> None:
    afresh = registry.streams.__wrapped__()  # the chassis's tests add a stream of their own to the remembered one
    packaged = {name: (s.owner, s.partitions, s.messages, s.config) for name, s in afresh.items()}
    assert packaged == {name: (s.owner, s.partitions, frozenset(s.messages), s.config) for name, s in streams().items()}


def test_consumers_are_those_of_the_registry() -> None:
    registered = {(stream.name, consumer) for stream in streams().values() for consumer in stream.consumers}
    assert subscriptions() == registered


@pytest.mark.parametrize("service", SERVICES)
def test_a_consumer_reads_no_stream_for_nothing_and_waits_for_no_fact_that_cannot_come(service: str) -> None:
    for consumer in consumers(service):
        handled = {kind.DESCRIPTOR.full_name for kind in (*consumer.projections, *consumer.policies)}
        carried = {name: set(streams()[name].messages) for name in consumer.streams}
        assert handled <= set().union(*carried.values()), consumer.name
        assert all(messages & handled for messages in carried.values()), consumer.name


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_announces_is_what_it_produces(service: str) -> None:
    announced = {kind.DESCRIPTOR.full_name for kind in first_file(service).ANNOUNCES}
    produced = {message for stream in owned(service) for message in stream.messages}
    assert announced == produced


@pytest.mark.parametrize("service", SERVICES)
def test_the_routes_of_a_service_lead_to_its_streams_with_their_messages(service: str) -> None:
    led = {
        (route.stream, typing.get_type_hints(route.translate)["return"].DESCRIPTOR.full_name)
        for route in public_routes(service)
    }
    assert led == {(stream.name, message) for stream in owned(service) for message in stream.messages}


@pytest.mark.parametrize("service", SERVICES)
def test_the_route_of_every_recorded_fact_is_in_the_catalogue(service: str) -> None:
    page = (catalogue.DOCS / "event-catalogue.md").read_text()
    for fact in routes(service).table:
        assert f"| {service} | `{fact.__name__}` |" in page


def test_secret_plans_and_answers_have_no_way_to_a_stream() -> None:
    facts = importlib.import_module("assessment.domain.facts")
    for name in ("AssessmentPlanned", "AssessmentRescheduled", "AssessmentCancelled", "AnswersRecorded"):
        assert catalogue.targets(routes("assessment").table[getattr(facts, name)]) == [("private", "")]
