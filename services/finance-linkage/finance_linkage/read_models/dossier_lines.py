"""Of the improvement plan: where each line stands, by its id, with its last event."""

from collections.abc import Mapping
from typing import Any

from amplify.assessment.v1.improvement_plan_events_pb2 import (
    ImprovementLineConfirmed,
    ImprovementLineOpened,
    ImprovementLinePlanned,
    ImprovementLineProven,
    ImprovementLineReopened,
    ImprovementLineVerified,
    ImprovementProofRejected,
)
from chassis.consumer import Message
from finance_linkage.read_models.dossier_writing import day_text, note, origin

OPEN_STATES = ("open", "planned", "proven")
"""A line that is proven waits for its verification, and is open until then."""


def on_line_opened(fact: ImprovementLineOpened | ImprovementLineReopened, message: Message) -> None:
    """An issue to repair, new or come back."""
    _place(fact, message, "open")


def on_line_planned(fact: ImprovementLinePlanned, message: Message) -> None:
    """Action, owner and due day are set."""
    _place(fact, message, "planned", due_day=day_text(fact.due_day))


def on_line_proven(fact: ImprovementLineProven, message: Message) -> None:
    """Somebody says that it is repaired."""
    _place(fact, message, "proven")


def on_proof_rejected(fact: ImprovementProofRejected, message: Message) -> None:
    """It is not."""
    _place(fact, message, "open")


def on_line_closed(fact: ImprovementLineVerified | ImprovementLineConfirmed, message: Message) -> None:
    """It is repaired."""
    _place(fact, message, "closed")


PROJECTIONS: Mapping[Any, Any] = {
    ImprovementLineOpened: on_line_opened,
    ImprovementLineReopened: on_line_opened,
    ImprovementLinePlanned: on_line_planned,
    ImprovementLineProven: on_line_proven,
    ImprovementProofRejected: on_proof_rejected,
    ImprovementLineVerified: on_line_closed,
    ImprovementLineConfirmed: on_line_closed,
}


def _place(fact: Any, message: Message, state: str, **more: str) -> None:
    line = origin(message) | {"cluster": fact.cluster, "point": fact.point, "state": state, **more}
    note(fact.factory_id, {f"lines.{fact.line_id}.{name}": value for name, value in line.items()})
