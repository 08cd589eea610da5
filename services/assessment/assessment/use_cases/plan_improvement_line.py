"""A factory, or its advisor, says why an issue exists, what is done about it, by whom and until when."""

from dataclasses import dataclass

from assessment.domain.improvement_line import ImprovementLine, LinePlan
from assessment.remediation.deadlines import set_line_deadline
from assessment.remediation.storage import load_line, save_plan
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class PlanImprovementLine:
    """The whole plan of the line, as it shall be."""

    factory_id: str
    line_id: str
    plan: LinePlan
    etag: str = ""


def plan_improvement_line(command: PlanImprovementLine, caller: Identity) -> ImprovementLine:
    """Raises NotFound, Aborted, LineWrongState or InvalidDueDay."""
    visible = filter(caller, "improvement_line")
    plan = load_line(visible, command.factory_id, command.line_id, etag=command.etag)
    line = plan.plan_line(command.line_id, command.plan, caller.subject, clock.now())
    set_line_deadline(line)
    save_plan(plan)
    return line
