"""An advisory visit took place: the advisor logs what it was about, which lines it touched, and whom it met."""

from dataclasses import dataclass

from assessment.domain.advisory_visit import AdvisoryVisit, VisitLog
from assessment.domain.errors import UnknownLine
from assessment.remediation.places import check_topics
from assessment.remediation.storage import advisory_visits, known_lines
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class LogAdvisoryVisit:
    """What happened. `factory_ids` are the factories that the names of the touched lines name, in their order."""

    advisory_visit_id: str
    log: VisitLog
    factory_ids: tuple[str, ...]
    etag: str = ""


def log_advisory_visit(command: LogAdvisoryVisit, caller: Identity) -> AdvisoryVisit:
    """Raises NotFound, Aborted, VisitWrongState, InvalidVisit, UnknownPoint or UnknownLine."""
    visit = advisory_visits.get(filter(caller, "advisory_visit"), command.advisory_visit_id, etag=command.etag)
    visit.log(command.log, caller.subject, clock.now())
    check_topics(command.log.topics, "topics[]")
    known = known_lines(visit.factory_id, command.log.line_ids)
    for index, (factory_id, line_id) in enumerate(zip(command.factory_ids, command.log.line_ids, strict=True)):
        if factory_id != visit.factory_id or line_id not in known:
            raise UnknownLine("this is no line of the factory's improvement plan", f"lines[{index}]")
    advisory_visits.save(visit)
    return visit
