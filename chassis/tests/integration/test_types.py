"""What the type checker refuses; among the slow tests, for it takes its time."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.stack

READS = {
    "ledger.accounts.read(EVERYTHING, 'a')": True,
    "ledger.accounts.find(filter(caller, 'account'), {})": True,
    "ledger.accounts.read('a')": False,
    "ledger.accounts.get('a')": False,
    "ledger.accounts.find({'owner': 'me'})": False,
    "ledger.accounts.find(None, {})": False,
    "ledger.accounts.read({}, 'a')": False,
    "ledger.accounts.count({}, {})": False,
}


def test_a_read_without_a_filter_does_not_type_check(tmp_path: Path) -> None:
    """Forgetting it is noticed before anything runs."""
    snippet = tmp_path / "snippet.py"
    head = [
        "import ledger",
        "from chassis.access import EVERYTHING, filter",
        "from chassis.identity import Identity",
        "caller: Identity",
    ]
    snippet.write_text("\n".join([*head, *READS, ""]))
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-m", "mypy", str(snippet)]  # same options as everywhere, or its cache is of no use
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    refused = {
        int(line.split(":")[1]) for line in told.stdout.splitlines() if "snippet.py:" in line and "error" in line
    }
    expected = {number for number, allowed in enumerate(READS.values(), start=len(head) + 1) if not allowed}
    assert refused == expected, told.stdout + told.stderr
