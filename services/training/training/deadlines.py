"""The deadlines of outcomes: due some months after the last day, overdue a month later."""

from chassis.due_work import deadlines
from training.domain.completion import outcomes_due_at, outcomes_overdue_at
from training.domain.session import Session

DUE = "outcomes-due"
OVERDUE = "outcomes-overdue"


def set_outcome_deadlines(session: Session) -> None:
    """Set both, in the unit of work at hand; none where no outcomes are asked for."""
    due_at, overdue_at = outcomes_due_at(session), outcomes_overdue_at(session)
    if due_at and overdue_at:
        deadlines.set(DUE, session.id, due_at, {"session_id": session.id})
        deadlines.set(OVERDUE, session.id, overdue_at, {"session_id": session.id})


def cancel_outcome_deadlines(session_id: str) -> None:
    """Take both back: every outcome is known."""
    deadlines.cancel(DUE, session_id)
    deadlines.cancel(OVERDUE, session_id)
