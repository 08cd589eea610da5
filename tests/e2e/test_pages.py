"""Every page, for somebody who uses it: both languages, both widths, nothing serious for axe, nothing cut off."""

from collections.abc import Callable
from dataclasses import asdict

import pytest

from .looks import assert_open_to_everybody, serious
from .visitor import Visitor
from .world import World

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]

PAGES = (
    ("team-leader", "/"),
    ("team-leader", "/factories"),
    ("team-leader", "/factories?search=nothing-is-called-so"),
    ("team-leader", "/factories/bd-1001"),
    ("team-leader", "/factories/bd-1001/assessments/new"),
    ("team-leader", "/assessments"),
    ("team-leader", "/assessments/{planned}"),
    ("team-leader", "/assessments/{submitted}"),
    ("team-leader", "/assessments/{released}/report"),
    ("team-leader", "/inbox"),
    ("team-leader", "/lines"),
    ("team-leader", "/factories/bd-1005/plan"),
    ("team-leader", "/progress-reports"),
    ("team-leader", "/visits"),
    ("team-leader", "/factories/bd-1005/timeline"),
    ("advisor-1", "/factories/bd-1005/lines/{line}"),
    ("advisor-1", "/factories/bd-1005/plan/new"),
    ("advisor-1", "/visits/{visit}"),
    ("advisor-1", "/factories/bd-1005/committee/form"),
    ("advisor-1", "/preferences"),
    ("programme-officer", "/factories/bd-1005/consents"),
    ("programme-officer", "/suppressions"),
    ("programme-officer", "/deliveries?factory=bd-1005"),
    ("advisor-1", "/assessments/{in_progress}"),
    ("advisor-1", "/assessments/{in_progress}/answers"),
    ("programme-officer", "/imports/new"),
    ("programme-officer", "/factories/bd-1001/consents/new"),
    ("factory-manager-jo", "/factories/jo-4001"),
    ("country-manager-bd", "/holds"),
    ("buyer", "/factories"),
    ("sre", "/operations"),
)


@pytest.mark.parametrize(("who", "path"), PAGES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_is_whole_and_open_to_everybody(as_: As, world: World, who: str, path: str, language: str) -> None:
    assert_open_to_everybody(as_(who), path.format(**asdict(world)), language)


def test_the_door_and_a_page_in_trouble_are_open_to_everybody(as_: As) -> None:
    visitor = as_("team-leader")
    visitor.speaks("en")
    visitor.open("/sign-in")
    assert serious(visitor) == []
    visitor.expects("404")
    visitor.open("/factories/bd-9999", status=404)
    assert serious(visitor) == []
    visitor.open("/no-such-page", status=404)
    assert serious(visitor) == []


def test_pages_answer_as_json_too(as_: As, world: World) -> None:
    leader = as_("team-leader")
    assert leader.json("/factories.json?search=bd-1001")["found"]["value"]["total_size"] == 1
    assert leader.json(f"/assessments/{world.released}/report.json")["report"]["overall"]["non_compliant"] == 1
