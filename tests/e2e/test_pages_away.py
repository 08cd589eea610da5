"""A service that does not answer leaves a notice in its part of a page; everything else is served."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from local_stack import status
from local_stack.platform import Platform
from local_stack.waiting import wait_until

from .visitor import Visitor
from .world import World

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]
PATIENCE_SECONDS = 12.0
"""One call that waits for its whole deadline, and some that do not."""


@contextmanager
def away(stack: Platform, service: str) -> Iterator[None]:
    """The service hangs: it takes connections and answers nobody."""
    page = status.read(stack.layout.state)
    assert page is not None
    pid = next(part.pid for part in page.parts if part.name == service)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_pages_serve_what_they_can_while_assessment_hangs(
    as_: As, visitors: dict[str, Visitor], stack: Platform, world: World
) -> None:
    leader, buyer = as_("team-leader"), as_("buyer")
    for anybody in visitors.values():
        anybody.page.goto("about:blank")  # pages of other tests that ask by themselves would be refused meanwhile
    for person in (leader, buyer):
        person.speaks("en")
    calm = time.monotonic()
    for path in ("/work", "/factories", "/factories/bd-1005"):
        leader.open(path)
    calm = time.monotonic() - calm
    with away(stack, "assessment"):
        start = time.monotonic()
        # What was shown before is shown again, and says of when it is.
        leader.open("/factories/bd-1005")
        notice = leader.page.locator("[data-down=assessment]")
        expect(notice).to_contain_text("Assessment has not answered since")
        expect(notice).to_contain_text("What you see here was right at")
        expect(leader.main().get_by_role("heading", name="Record")).to_be_visible()
        expect(leader.page.locator("[data-event]").first).to_be_visible()
        expect(leader.page.locator(f"a[href='/assessments/{world.released}']").first).to_be_visible()
        # What was never shown is missing, and the rest is right.
        leader.open("/factories/bd-1005/plan?state=proven")
        expect(leader.page.locator("[data-down=assessment]").first).to_contain_text("This part is missing meanwhile")
        leader.open("/work")
        expect(leader.page.locator("[data-down=assessment]").first).to_be_visible()
        expect(leader.main().get_by_role("heading", name="Inbox")).to_be_visible()
        leader.open("/factories")
        expect(leader.page.locator("[data-down]")).to_have_count(0)
        # A page about a thing of that service alone says since when it is away.
        leader.expects("503")
        leader.open(f"/assessments/{world.planned}", status=503)
        assert time.monotonic() - start < PATIENCE_SECONDS + 5 * 2 + 2 * calm

    def whole() -> bool:
        leader.open("/factories/bd-1005")
        return leader.page.locator("[data-down]").count() == 0

    wait_until(whole, 120)
