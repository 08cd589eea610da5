"""An import whose worker is killed goes on where it was and does each row once."""

import signal
from collections.abc import Iterator

import pytest

from .lists import counts, csv_of, row, unique
from .world import World

pytestmark = pytest.mark.stack
ROWS = 25
KILLS = ("work.written=kill:5", "work.committed=kill:9")
"""Before the fifth row is committed; after the ninth of those that were left is, before anybody is told."""


@pytest.fixture
def locks_end(apart: World) -> Iterator[None]:
    """A killed process leaves its transactions open, and their documents locked, until the server ends them.

    The server is that of every other test too, whose transactions may take their time again afterwards.
    """
    admin = apart.client.admin
    usual = admin.command("getParameter", 1, transactionLifetimeLimitSeconds=1)["transactionLifetimeLimitSeconds"]
    admin.command("setParameter", 1, transactionLifetimeLimitSeconds=15)
    yield
    admin.command("setParameter", 1, transactionLifetimeLimitSeconds=usual)


@pytest.mark.usefixtures("locks_end")
def test_each_row_is_done_once_whatever_dies_when(apart: World) -> None:
    numbers = unique(ROWS)
    name = apart.send_file(csv_of([row(number) for number in numbers]))
    waiting = [ROWS]
    for kill in KILLS:
        worker = apart.start("due", FAIL_POINTS=kill)
        assert worker.wait(150) == -signal.SIGKILL
        waiting.append(apart.database.factory_import_rows.count_documents({"outcome": "pending"}))
        apart.database.due_work.update_many({}, {"$set": {"leased_until": None}})
    assert waiting == [ROWS, ROWS - 4, ROWS - 13]
    finishing = apart.start("due")
    assert counts(apart.completed(name)) == (ROWS, 0, 0, 0)
    for number in numbers:
        assert apart.facts(f"bd-{number}") == ["FactoryEnrolled"]
    assert apart.facts(name.split("/")[1]) == ["FactoryImportStarted", "FactoryImportCompleted"]
    finishing.terminate()
