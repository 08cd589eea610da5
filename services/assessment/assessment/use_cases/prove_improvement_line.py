"""Somebody gives a proof that an issue is repaired, with a grade that says how strong it is."""

from dataclasses import dataclass

from assessment.domain.improvement_line import Grade, ImprovementLine, Proof
from assessment.remediation.deadlines import set_line_deadline
from assessment.remediation.storage import load_line, save_plan
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class ProveImprovementLine:
    """`reference` says where the evidence is; `note` is free text."""

    factory_id: str
    line_id: str
    grade: Grade
    reference: str
    note: str
    etag: str = ""


def prove_improvement_line(command: ProveImprovementLine, caller: Identity) -> ImprovementLine:
    """Raises NotFound, Aborted, LineWrongState or ReferenceMissing."""
    visible = filter(caller, "improvement_line")
    plan = load_line(visible, command.factory_id, command.line_id, etag=command.etag)
    proof = Proof(command.grade, command.reference, command.note, caller.subject, clock.now())
    line = plan.prove_line(command.line_id, proof)
    set_line_deadline(line)
    save_plan(plan)
    return line
