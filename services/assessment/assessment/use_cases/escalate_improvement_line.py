"""The due day of a line of an improvement plan has passed."""

from dataclasses import dataclass
from datetime import date

from assessment.remediation.storage import load_line, save_plan
from chassis import clock
from chassis.access import EVERYTHING


@dataclass(frozen=True)
class EscalateImprovementLine:
    """The line, and the due day that has passed."""

    factory_id: str
    line_id: str
    due_day: date


def escalate_improvement_line(command: EscalateImprovementLine) -> None:
    """Says nothing once the line is proven or planned anew."""
    plan = load_line(EVERYTHING, command.factory_id, command.line_id)
    plan.say_overdue(command.line_id, command.due_day, clock.now())
    save_plan(plan)
