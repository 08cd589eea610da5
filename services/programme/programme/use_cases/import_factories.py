"""Accept a factory list; its rows are worked afterwards, each in a unit of work of its own."""

from dataclasses import dataclass

from chassis import clock
from chassis.database import db
from chassis.due_work import deadlines
from chassis.identity import Identity
from programme.domain.cells import DateFormat
from programme.domain.errors import Problem
from programme.domain.factory_csv import RawRow, read_file
from programme.domain.factory_import import FactoryImport, Outcome, RowResult
from programme.domain.factory_row import FactoryRow, read_row
from programme.import_rows import row_document
from programme.storage import IMPORT_ROWS, factory_imports

ROWS_DUE = "factory-import"
"""Kind of the due work that works an import's rows; its key is the import's id."""


@dataclass(frozen=True)
class ImportFactories:
    """A file as it was sent, and how it writes its dates."""

    import_id: str
    content: bytes
    dates: DateFormat


def import_factories(command: ImportFactories, caller: Identity) -> None:
    """Raises FileRefused for what is no factory list, and AlreadyExists when the id is taken."""
    now = clock.now()
    raw_rows = read_file(command.content)
    countries = tuple(sorted(caller.values("countries")))
    accepted = FactoryImport.start(command.import_id, caller.subject, countries, command.dates, len(raw_rows), now)
    factory_imports.add(accepted)
    judged = _judge(raw_rows, accepted)
    db()[IMPORT_ROWS].insert_many([row_document(accepted.id, raw, result) for raw, result in judged])
    deadlines.set(ROWS_DUE, accepted.id, now)


def _judge(raw_rows: list[RawRow], accepted: FactoryImport) -> list[tuple[RawRow, RowResult]]:
    """What can be said of each row from the file alone: rejected, or waiting for its turn."""
    judged = []
    first_seen: dict[str, int] = {}
    for raw in raw_rows:
        row = (
            (raw.problem,)
            if raw.problem
            else read_row(raw.cells, accepted.dates, accepted.countries, accepted.started_at)
        )
        if not isinstance(row, FactoryRow):
            judged.append((raw, RowResult(Outcome.REJECTED, problems=row)))
        elif row.factory_id in first_seen:
            where = f"row {first_seen[row.factory_id]} has the same country and id"
            problem = Problem("id", "DUPLICATE_ID", where)
            judged.append((raw, RowResult(Outcome.REJECTED, row.factory_id, (problem,))))
        else:
            first_seen[row.factory_id] = raw.number
            judged.append((raw, RowResult(Outcome.PENDING, row.factory_id)))
    return judged
