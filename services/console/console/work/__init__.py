"""What waits for a person: one module a service. To have work of another shown, add a module and its line below.

A module says whom it is for (`ROLES`, empty for everybody) and what waits, `rows(visit) -> list[Row]`, from counts of
its service. The service leaves out what is not for the person.
"""

from console.work import assessments, finance, messages, remediation, training
from console.work.row import Cell, Row, Source

SOURCES: tuple[Source, ...] = (
    Source("assessments", assessments.ROLES, assessments.rows),
    Source("remediation", remediation.ROLES, remediation.rows),
    Source("training", training.ROLES, training.rows),
    Source("finance", finance.ROLES, finance.rows),
    Source("messages", messages.ROLES, messages.rows),
)

__all__ = ["SOURCES", "Cell", "Row", "Source"]
