"""How a page has to look to everybody: whole at both widths, in its language, with nothing serious for axe."""

import json
import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from .visitor import Visitor

WIDTHS = (1280, 390)
SERIOUS = {"serious", "critical"}
AXE = Axe()


def assert_open_to_everybody(visitor: Visitor, path: str, language: str) -> None:
    """Open a page in a language at both widths and look at it; keeps pictures where E2E_PICTURES names a folder."""
    visitor.speaks(language)
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 850})
        visitor.open(path)
        html = visitor.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == (
            language,
            {"en": "ltr", "ar": "rtl"}[language],
        )
        assert visitor.page.locator("h1").inner_text().strip()
        assert visitor.page.locator("main .btn-primary:visible").count() <= 1, "one primary action a page"
        too_wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{path} is cut off at {width}"
        keep_picture(visitor, f"{visitor.person.key}{path.replace('/', '-')}-{language}-{width}")
    assert serious(visitor) == []
    visitor.page.set_viewport_size({"width": 1280, "height": 850})


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
