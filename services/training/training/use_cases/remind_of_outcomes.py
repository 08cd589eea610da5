"""The day has come on which outcomes of a session are due."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from training.domain import completion
from training.storage import sessions


@dataclass(frozen=True)
class RemindOfOutcomes:
    """Outcomes of this session are due."""

    session_id: str


def remind_of_outcomes(command: RemindOfOutcomes) -> None:
    """Says nothing once every outcome is known."""
    session = sessions.get(EVERYTHING, command.session_id)
    completion.remind_of_outcomes(session, clock.now())
    sessions.save(session)
