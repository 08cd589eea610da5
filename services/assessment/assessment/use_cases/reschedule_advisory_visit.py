"""A planned advisory visit is moved, or held in another way."""

from dataclasses import dataclass
from datetime import date

from assessment.domain.advisory_visit import AdvisoryVisit
from assessment.domain.visit_terms import VisitMode
from assessment.remediation.storage import advisory_visits
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class RescheduleAdvisoryVisit:
    """The day and the mode from now on."""

    advisory_visit_id: str
    planned_day: date
    mode: VisitMode
    etag: str = ""


def reschedule_advisory_visit(command: RescheduleAdvisoryVisit, caller: Identity) -> AdvisoryVisit:
    """Raises NotFound, Aborted, VisitWrongState or InvalidVisit."""
    visit = advisory_visits.get(filter(caller, "advisory_visit"), command.advisory_visit_id, etag=command.etag)
    visit.reschedule(command.planned_day, command.mode, caller.subject, clock.now())
    advisory_visits.save(visit)
    return visit
