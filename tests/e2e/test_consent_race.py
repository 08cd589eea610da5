"""Nothing that begins after a withdrawal is acknowledged shows anything: 100 withdrawals, or ten thousand.

`make test` runs the 100 and `make chaos` the ten thousand: reports and lines are got and listed at several
factories by several organisations at once, and each tenth round a stream goes on behind the withdrawal.
"""

import pytest

from local_stack.platform import Platform

from .racing import READS, Place, Race
from .world import Team

pytestmark = pytest.mark.stack
FACTORIES = ("bd-1015", "bd-1016")
ORGANISATIONS = ("delta-bank", "padma-bank")
ROUNDS, ROUNDS_OF_EVERY_SEED = 100, 10_000


@pytest.fixture
def places(team: Team) -> list[Place]:
    """Factories with a released report and a line, each with each organisation."""
    released = {factory: (f"releasedReports/{team.release(factory)}", team.line(factory)) for factory in FACTORIES}
    return [
        Place(factory, organisation, report, f"sharedImprovementLines/{line}")
        for factory, (report, line) in released.items()
        for organisation in ORGANISATIONS
    ]


@pytest.mark.timeout(5400)
def test_no_read_after_a_withdrawal_shows_anything(
    stack: Platform, places: list[Place], pytestconfig: pytest.Config
) -> None:
    every = pytestconfig.getoption("--every-seed", default=False)
    rounds = ROUNDS_OF_EVERY_SEED if every else ROUNDS
    races = [Race(stack, place, rounds // len(places)) for place in places]
    for race in races:
        race.start()
    for race in races:
        race.join()
    assert [error for race in races for error in race.failures] == []
    assert [leak for race in races for leak in race.leaks] == []
    assert sum(race.done for race in races) == rounds
    assert all(race.shown[kind] > 0 for race in races for kind in READS)
