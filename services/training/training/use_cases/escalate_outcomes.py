"""Outcomes of a session have been due for a month."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from training.domain import completion
from training.storage import sessions


@dataclass(frozen=True)
class EscalateOutcomes:
    """Outcomes of this session are overdue."""

    session_id: str


def escalate_outcomes(command: EscalateOutcomes) -> None:
    """Says nothing once every outcome is known."""
    session = sessions.get(EVERYTHING, command.session_id)
    completion.escalate_outcomes(session, clock.now())
    sessions.save(session)
