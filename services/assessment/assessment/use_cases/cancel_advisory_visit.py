"""A planned advisory visit is called off."""

from dataclasses import dataclass

from assessment.domain.advisory_visit import AdvisoryVisit
from assessment.domain.visit_terms import VisitCancelReason
from assessment.remediation.storage import advisory_visits
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class CancelAdvisoryVisit:
    """Why, as a code."""

    advisory_visit_id: str
    reason: VisitCancelReason
    etag: str = ""


def cancel_advisory_visit(command: CancelAdvisoryVisit, caller: Identity) -> AdvisoryVisit:
    """Raises NotFound, Aborted or VisitWrongState."""
    visit = advisory_visits.get(filter(caller, "advisory_visit"), command.advisory_visit_id, etag=command.etag)
    visit.cancel(command.reason, caller.subject, clock.now())
    advisory_visits.save(visit)
    return visit
