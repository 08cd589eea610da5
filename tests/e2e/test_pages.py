"""Every page, for somebody who uses it: both languages, both widths, nothing serious for axe, nothing cut off."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

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
    ("advisor-1", "/assessments/{in_progress}"),
    ("advisor-1", "/assessments/{in_progress}/answers"),
    ("programme-officer", "/imports/new"),
    ("programme-officer", "/factories/bd-1001/consents/new"),
    ("factory-manager-jo", "/factories/jo-4001"),
    ("buyer", "/factories"),
    ("sre", "/operations"),
)
WIDTHS = (1280, 390)
SERIOUS = {"serious", "critical"}
AXE = Axe()


@pytest.mark.parametrize(("who", "path"), PAGES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_is_whole_and_open_to_everybody(as_: As, world: World, who: str, path: str, language: str) -> None:
    visitor = as_(who)
    visitor.speaks(language)
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 850})
        visitor.open(path.format(**asdict(world)))
        html = visitor.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == (
            language,
            {"en": "ltr", "ar": "rtl"}[language],
        )
        assert visitor.page.locator("h1").inner_text().strip()
        assert visitor.page.locator("main .btn-primary:visible").count() <= 1, "one primary action a page"
        too_wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{path} is cut off at {width}"
        keep_picture(visitor, f"{who}{path.replace('/', '-')}-{language}-{width}")
    assert serious(visitor) == []
    visitor.page.set_viewport_size({"width": 1280, "height": 850})


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
    assert leader.json("/factories.json?search=bd-1001")["found"]["total_size"] == 1
    assert leader.json(f"/assessments/{world.released}/report.json")["report"]["overall"]["non_compliant"] == 1


def serious(visitor: Visitor) -> list[str]:
    """What axe finds that keeps somebody out."""
    found = AXE.run(visitor.page).response["violations"]
    return [
        f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']][:3])}"
        for one in found
        if one["impact"] in SERIOUS
    ]


def keep_picture(visitor: Visitor, name: str) -> None:
    """Keep a picture for human eyes where E2E_PICTURES names a folder."""
    if "E2E_PICTURES" in os.environ:
        visitor.page.screenshot(path=Path(os.environ["E2E_PICTURES"]) / f"{name}.png", full_page=True)
