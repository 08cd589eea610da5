"""The console has words for what the contracts and the services name: steps of the history, audiences, reasons."""

import pytest

from amplify.notifications.v1.message_pb2 import FailureReason, MessageState
from chassis.registry import streams
from console.codes import Enumeration, codes
from console.pages.timeline.events import EVENTS, full_name
from console.texts import knows
from notifications.audiences import AUDIENCES
from programme.read_models.timeline_steps import PROJECTIONS

TOLD = sorted(
    message for stream in streams().values() if "programme/timeline" in stream.consumers for message in stream.messages
)
KNOWN = {full_name(service, event): event for service, events in EVENTS.items() for event in events}


@pytest.mark.parametrize("message", TOLD)
def test_a_step_of_the_history_has_a_sentence_and_a_shape(message: str) -> None:
    event = message.rpartition(".")[2]
    assert knows(f"timeline.event_{event}"), f"timeline.event_{event} is not in pages/timeline/texts.yaml"
    assert KNOWN.get(message) == event, f"{message} is not in pages/timeline/events.py"


def test_every_step_that_is_told_has_a_sentence() -> None:
    told = {kind.DESCRIPTOR.full_name for kind in PROJECTIONS}
    assert {name for name in told if not knows(f"timeline.event_{name.rpartition('.')[2]}")} == set()


def test_every_audience_of_a_message_has_words() -> None:
    assert {one for one in AUDIENCES if not knows(f"timeline.audience_{one}")} == set()


@pytest.mark.parametrize(("kind", "prefix"), [(MessageState, "state"), (FailureReason, "reason")])
def test_what_became_of_a_message_has_words(kind: Enumeration, prefix: str) -> None:
    assert {one for one in codes(kind) if not knows(f"deliveries.{prefix}_{one}")} == set()
