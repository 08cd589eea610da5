"""Every role sees its own: another country, another factory and a secret visit are as if they were not there."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from playwright.sync_api import expect

from .visitor import Visitor
from .world import World

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("country-manager-kh", "/factories/bd-1001", 404),
        ("country-manager-kh", "/assessments/{released}", 404),
        ("country-manager-kh", "/assessments/{released}/report", 404),
        ("country-manager-bd", "/assessments/{planned}", 404),
        ("factory-manager-jo", "/factories/bd-1001", 404),
        ("factory-manager-jo", "/factories", 403),
        ("factory-manager-bd", "/assessments/{in_progress}", 404),
        ("financier", "/factories/bd-1001", 404),
        ("financier", "/assessments", 403),
        ("team-leader", "/operations", 403),
        ("team-leader", "/imports/new", 403),
        ("sre", "/factories", 403),
        ("sre", "/lines", 403),
        ("buyer", "/factories/bd-1005/plan", 403),
        ("country-manager-kh", "/factories/bd-1005/lines/{line}", 404),
        ("factory-manager-jo", "/progress-reports/{released}", 404),
        ("factory-manager-jo", "/visits/{visit}", 404),
        ("team-leader", "/suppressions", 403),
        ("team-leader", "/deliveries", 403),
    ],
)
def test_what_is_not_for_somebody_is_not_there(as_: As, world: World, who: str, path: str, status: int) -> None:
    visitor = as_(who)
    visitor.expects(str(status))
    visitor.open(path.format(**asdict(world)), status)


def test_a_country_manager_lists_the_own_country_only(as_: As) -> None:
    manager = as_("country-manager-kh")
    found = manager.json("/factories.json")["found"]["value"]["factories"]
    assert {one["country"] for one in found} == {"KH"}


def test_the_menu_has_no_door_that_would_not_open(as_: As) -> None:
    for who in ("team-leader", "factory-manager-bd", "buyer", "sre", "finance-officer", "ministry"):
        visitor = as_(who)
        visitor.open("/")
        for path in [one.get_attribute("href") for one in visitor.page.locator("aside nav a").all()]:
            answer = visitor.context.request.get(f"{visitor.console}{path}")
            assert answer.status == 200, f"{path} for {who}: {answer.status}"


def test_a_planned_visit_is_marked_as_a_secret_of_its_team(as_: As, world: World) -> None:
    leader = as_("team-leader")
    leader.speaks("en")
    leader.open(f"/assessments/{world.planned}")
    expect(leader.main().get_by_text("Only the team may know of this visit")).to_be_visible()
    leader.open("/factories/bd-1002")
    expect(leader.page.locator("[data-event=PlanStep]")).to_have_count(0)
