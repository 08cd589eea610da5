"""Another person than the one who gave a proof accepts it, and the line is closed."""

from dataclasses import dataclass

from assessment.access import is_staff
from assessment.domain.improvement_line import ImprovementLine
from assessment.remediation.storage import load_line, save_plan
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class VerifyImprovementLine:
    """Accepts the present proof of the line."""

    factory_id: str
    line_id: str
    etag: str = ""


def verify_improvement_line(command: VerifyImprovementLine, caller: Identity) -> ImprovementLine:
    """Raises NotFound, Aborted, LineWrongState, OwnProof or GradeNeedsStaff."""
    visible = filter(caller, "improvement_line")
    plan = load_line(visible, command.factory_id, command.line_id, etag=command.etag)
    line = plan.verify_line(command.line_id, caller.subject, clock.now(), staff=is_staff(caller))
    save_plan(plan)
    return line
