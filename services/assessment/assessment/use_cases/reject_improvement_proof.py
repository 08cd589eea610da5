"""Another person than the one who gave a proof does not accept it, and the line is planned again."""

from dataclasses import dataclass

from assessment.access import is_staff
from assessment.domain.improvement_line import ImprovementLine, Rejection
from assessment.remediation.deadlines import set_line_deadline
from assessment.remediation.storage import load_line, save_plan
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class RejectImprovementProof:
    """Why, as a code."""

    factory_id: str
    line_id: str
    reason: Rejection
    etag: str = ""


def reject_improvement_proof(command: RejectImprovementProof, caller: Identity) -> ImprovementLine:
    """Raises NotFound, Aborted, LineWrongState, OwnProof or GradeNeedsStaff."""
    visible = filter(caller, "improvement_line")
    plan = load_line(visible, command.factory_id, command.line_id, etag=command.etag)
    staff = is_staff(caller)
    line = plan.reject_proof(command.line_id, command.reason, caller.subject, clock.now(), staff=staff)
    set_line_deadline(line)
    save_plan(plan)
    return line
