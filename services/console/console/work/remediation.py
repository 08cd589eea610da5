"""Repairs: issues without a plan, actions and progress reports by their due day, proofs to verify, visits to log."""

from amplify.assessment.v1.improvement_plan_service_pb2 import RemediationWork
from console.codes import code_of
from console.roles import ASSESSMENT_STAFF, FACTORY
from console.times import moment
from console.visit import Visit
from console.work.row import Cell, Row

ROLES = ASSESSMENT_STAFF | FACTORY

_PLACES = {
    ("improvement_line", "unplanned"): ("lines_to_plan", "waiting", "/lines?state=open"),
    ("improvement_line", "overdue"): ("lines", "overdue", "/lines?state=overdue"),
    ("improvement_line", "due"): ("lines", "due", "/lines?state=planned"),
    ("improvement_line", "waiting"): ("proofs", "waiting", "/lines?state=proven"),
    ("progress_report", "overdue"): ("progress_reports", "overdue", "/progress-reports?state=overdue"),
    ("progress_report", "due"): ("progress_reports", "due", "/progress-reports?state=open"),
    ("advisory_visit", "overdue"): ("visits", "overdue", "/visits?state=overdue"),
    ("advisory_visit", "due"): ("visits", "due", "/visits?state=planned"),
}
"""Where each kind and status stands: row, column, and the list of what is counted."""


def rows(visit: Visit) -> list[Row]:
    """One row a kind, in the order of the table above; kinds that this console does not know are left out."""
    found: dict[str, dict[str, Cell]] = {}
    counted = {
        (code_of(one, "kind"), code_of(one, "status")): one for one in visit.services.remediation.work(visit.country)
    }
    for place, (kind, column, path) in _PLACES.items():
        if place in counted:
            found.setdefault(kind, {})[column] = _cell(visit, counted[place], path)
    return [Row(kind, **cells) for kind, cells in found.items()]


def _cell(visit: Visit, work: RemediationWork, path: str) -> Cell:
    oldest = moment(work.oldest_time) if work.HasField("oldest_time") else None
    return Cell(work.count, f"{path}&country={visit.country}" if visit.country else path, oldest)
