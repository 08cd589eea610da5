"""Training: sessions to complete, attendance and outcomes to record, people in line, courses to schedule."""

from amplify.training.v1.session_service_pb2 import WorkCount
from console.codes import code_of
from console.roles import ASSESSMENT_STAFF
from console.times import moment
from console.visit import Visit
from console.work.row import Cell, Row

ROLES = ASSESSMENT_STAFF

_PLACES = {
    "session_to_complete": ("sessions", "due", "/sessions?work=session_to_complete"),
    "attendance_missing": ("attendance", "overdue", "/sessions?work=attendance_missing"),
    "outcomes_due": ("outcomes", "due", "/sessions?work=outcomes_due"),
    "outcomes_overdue": ("outcomes", "overdue", "/sessions?work=outcomes_overdue"),
    "waiting_list": ("waiting_list", "waiting", "/sessions?work=waiting_list"),
    "recommendation_open": ("recommendations", "waiting", "/recommendations?state=open"),
}
"""Where each kind of work stands: row, column, and the list of what is counted."""


def rows(visit: Visit) -> list[Row]:
    """One row a kind; kinds that this console does not know are left out."""
    found: dict[str, dict[str, Cell]] = {}
    counted = {code_of(one, "kind"): one for one in visit.services.training.work(visit.country).counts}
    for code, (kind, column, path) in _PLACES.items():
        if code in counted:
            found.setdefault(kind, {})[column] = _cell(visit, counted[code], path)
    return [Row(kind, **cells) for kind, cells in found.items()]


def _cell(visit: Visit, work: WorkCount, path: str) -> Cell:
    oldest = moment(work.oldest_since) if work.HasField("oldest_since") else None
    return Cell(work.count, f"{path}&country={visit.country}" if visit.country else path, oldest)
