"""An import whose worker is killed goes on where it was and does each row once."""

import signal

import pytest

from .lists import counts, csv_of, row, unique
from .world import World

pytestmark = pytest.mark.stack
ROWS = 25


@pytest.mark.parametrize("point", ["work.written=kill:5", "work.committed=kill:9"])
def test_each_row_is_done_once_whatever_dies_when(apart: World, point: str) -> None:
    numbers = unique(ROWS)
    name = apart.send_file(csv_of([row(number) for number in numbers]))
    worker = apart.start("due", FAIL_POINTS=point)
    assert worker.wait(120) == -signal.SIGKILL
    apart.database.due_work.update_many({}, {"$set": {"leased_until": None}})
    waiting = apart.database.factory_import_rows.count_documents({"outcome": "pending"})
    assert 0 < waiting < ROWS
    apart.start("due")
    assert counts(apart.completed(name, seconds=90)) == (ROWS, 0, 0, 0)
    for number in numbers:
        assert apart.facts(f"bd-{number}") == ["FactoryEnrolled"]
    assert apart.facts(name.split("/")[1]) == ["FactoryImportStarted", "FactoryImportCompleted"]
