"""Golden examples: each parses strictly, and the producing domain makes exactly it."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from descriptions import EXAMPLES, contracts, examples
from google.protobuf.json_format import MessageToDict, ParseDict

from .emitted_assessment import EMITTED as ASSESSMENT
from .emitted_finance_linkage import EMITTED as FINANCE_LINKAGE
from .emitted_notifications import EMITTED as NOTIFICATIONS
from .emitted_programme import EMITTED as PROGRAMME
from .emitted_remediation import EMITTED as REMEDIATION
from .emitted_training import EMITTED as TRAINING

EMITTED = PROGRAMME | ASSESSMENT | REMEDIATION | TRAINING | FINANCE_LINKAGE | NOTIFICATIONS
FILES = sorted(EXAMPLES.glob("*/*.json"))


def _case(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def _kind(event: str) -> Any:
    contract = contracts().events[event].file.removesuffix(".proto").replace("/", ".")
    return getattr(importlib.import_module(f"{contract}_pb2"), event.rsplit(".", 1)[1])


@pytest.mark.parametrize("file", FILES, ids=_case)
def test_it_parses_strictly_and_comes_back_the_same(file: Path) -> None:
    golden = json.loads(file.read_text())
    event = ParseDict(golden, _kind(file.parent.name)(), ignore_unknown_fields=False)
    again = type(event).FromString(event.SerializeToString())
    assert MessageToDict(again, preserving_proto_field_name=True) == golden


@pytest.mark.parametrize("event", contracts().events)
def test_every_event_has_one(event: str) -> None:
    assert examples(event), f"add proto/examples/{event}/<case>.json"


@pytest.mark.parametrize("event", contracts().events)
def test_the_examples_of_an_event_use_every_field_of_it(event: str) -> None:
    used = set().union(*(json.loads(file.read_text()) for file in examples(event)))
    assert {field.full_name.rsplit(".", 1)[1] for field in contracts().events[event].fields} == used


def test_there_is_none_for_what_is_no_event() -> None:
    assert {file.parent.name for file in FILES} == set(contracts().events)


@pytest.mark.parametrize("case", EMITTED, ids="/".join)
def test_its_producer_emits_it(case: tuple[str, str]) -> None:
    event, name = case
    golden = json.loads((EXAMPLES / event / f"{name}.json").read_text())
    message = EMITTED[case]()
    assert message.DESCRIPTOR.full_name == event
    assert MessageToDict(message, preserving_proto_field_name=True) == golden


def test_there_is_none_that_no_producer_emits() -> None:
    assert {(file.parent.name, file.stem) for file in FILES} == set(EMITTED)
