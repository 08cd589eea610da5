"""The domain's enumerations and the contracts' say the same, member by member, in both directions."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from descriptions import contracts

import assessment.enums
import finance_linkage.enums
import programme.enums
import training.enums
from amplify.notifications.v1 import delivery_pb2, message_pb2
from amplify.platform.v1 import operations_pb2
from chassis import parking
from notifications import channels
from notifications.domain.bounces import Suppressed
from notifications.domain.message import Reason, State

from .declared import SERVICES

UNSETTLED = {"SENDING"}
"""A message that is on its way is shown as planned."""

COMPUTED = {
    "SourceConfirmation": "whether there is a source",
    "QuestionType": "whether the answer is a finding",
    "DigestFrequency": "whether there is a weekday",
}
"""Enumerations that the domain has no twin of, since they say what another field already tells."""


def _pairs() -> Iterator[tuple[str, set[str], Any, str]]:
    """(name, members of the domain, the contract's enumeration, its prefix)."""
    tables = (programme.enums.PAIRS, assessment.enums.PAIRS, training.enums.PAIRS, finance_linkage.enums.PAIRS)
    for table in tables:
        for kind, (wrapper, prefix) in table.items():
            yield f"{kind.__module__}.{kind.__name__}", _names(kind), wrapper, prefix
    yield "messages' reasons", _names(Reason), message_pb2.FailureReason, "FAILURE_REASON"
    yield "messages' states", _names(State) - UNSETTLED, message_pb2.MessageState, "MESSAGE_STATE"
    yield "reasons of suppression", _names(Suppressed), delivery_pb2.SuppressionReason, "SUPPRESSION_REASON"
    yield "channels", {name.upper() for name in channels.names()}, message_pb2.Channel, "CHANNEL"


def _names(kind: Iterable[Enum]) -> set[str]:
    return {member.name for member in kind}


PAIRS = list(_pairs())


@pytest.mark.parametrize(("name", "members", "wrapper", "prefix"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_they_have_the_same_members(name: str, members: set[str], wrapper: Any, prefix: str) -> None:
    values = {value.removeprefix(f"{prefix}_") for value in wrapper.keys()} - {"UNSPECIFIED"}  # noqa: SIM118
    assert values == members


def test_no_other_enumeration_is_left_out() -> None:
    compared = {str(pair[2].DESCRIPTOR.full_name) for pair in PAIRS}
    declared = {name for name, element in contracts().elements.items() if element.kind == "enum"}
    expected = {name for name in declared if not name.startswith("amplify.platform.")}
    assert {name for name in expected - compared if name.rsplit(".", 1)[1] not in COMPUTED} == {
        f"amplify.{service}.v1.ErrorReason" for service in SERVICES
    }


def test_a_fact_is_parked_for_the_reasons_that_operators_are_told() -> None:
    given = set(re.findall(r'Trouble\("([a-z-]+)"', Path(parking.__file__).read_text()))
    told = {name.removeprefix("PARKING_REASON_") for name in operations_pb2.ParkingReason.keys()}  # noqa: SIM118
    assert {reason.upper().replace("-", "_") for reason in given} == told - {"UNSPECIFIED"}
