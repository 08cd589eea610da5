"""One running platform, one browser, and the people who use it; all shared by the session."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from local_stack.layout import Layout
from local_stack.people import directory
from local_stack.platform import Platform
from local_stack.processes import Child

from .visitor import Visitor
from .world import Team, World

PATIENCE_SECONDS = 60
STORY_SECONDS = 900
"""What one story may take, the start of the platform included."""

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give stories the time that they may need on a busy machine."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(STORY_SECONDS))


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Platform:
    """The running platform; E2E_RUN_DIR names the run folder of one that runs already, to work on a page."""
    if "E2E_RUN_DIR" in os.environ:
        layout = Layout(Path(os.environ["E2E_RUN_DIR"]).resolve())
        child = Child("platform", [], layout.run / "platform.log", {"RUN_DIR": str(layout.run)})
        return Platform(layout, child, json.loads(layout.addresses.read_text()))
    started: Platform = request.getfixturevalue("running_platform")
    return started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless browser: the one that CHROMIUM names, or that of the system."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visitors() -> dict[str, Visitor]:
    """Everybody who has signed in so far, by key."""
    return {}


@pytest.fixture(scope="session")
def as_(chromium: Browser, stack: Platform, visitors: dict[str, Visitor]) -> Callable[[str], Visitor]:
    """A person at a browser of their own, signed in; `as_("team-leader")`, by their key in people.yaml."""
    known = {person.key: person for person in directory().people}

    def sign_in(key: str) -> Visitor:
        if key not in visitors:
            context = chromium.new_context(viewport={"width": 1280, "height": 850}, timezone_id="Asia/Dhaka")
            context.set_default_timeout(PATIENCE_SECONDS * 1000)
            visitors[key] = Visitor(context, stack.addresses["console"], known[key])
            visitors[key].sign_in()
        return visitors[key]

    return sign_in


@pytest.fixture(scope="session")
def team(stack: Platform) -> Team:
    """The team of Bangladesh, to bring assessments about without a browser."""
    return Team(stack)


@pytest.fixture(scope="session")
def world(team: Team) -> World:
    """An assessment in each state, and what follows from the released one."""
    return World(
        planned=team.plan("bd-1002"),
        in_progress=team.start("bd-1003"),
        submitted=team.submit("bd-1004"),
        released=team.release("bd-1005"),
        line=team.line("bd-1005"),
        visit=team.visit("bd-1005"),
    )


@pytest.fixture(autouse=True)
def nothing_failed_in_the_browser(visitors: dict[str, Visitor]) -> Iterator[None]:
    """No page of this test raised an error or was refused something by its own policy."""
    yield
    errors = [error for visitor in visitors.values() for error in visitor.take_errors()]
    for visitor in visitors.values():
        visitor.leave()
    assert errors == []
