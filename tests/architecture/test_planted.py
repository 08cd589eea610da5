"""Every planted bug still has the place where it is planted: `make planted` takes too long for each change."""

import pytest

from local_stack.layout import ROOT
from tests.chaos.planted_bugs import BUGS, Bug


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_can_be_planted(bug: Bug) -> None:
    text = (ROOT / bug.package / bug.file).read_text(encoding="utf-8")
    assert text.count(bug.old) == 1, f"{bug.package}/{bug.file} has changed; so must tests/chaos/planted_bugs.py"
