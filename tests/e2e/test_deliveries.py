"""What became of messages: staff of a country see where each stands and why, and take the list away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from local_stack.waiting import wait_until

from .visitor import Visitor
from .world import World

pytestmark = pytest.mark.stack
As = Callable[[str], Visitor]


def test_staff_see_what_became_of_each_message(as_: As, world: World) -> None:
    officer = as_("programme-officer")
    officer.speaks("en")

    def told() -> bool:
        officer.open("/deliveries?factory=bd-1005&state=sent")
        return officer.main().locator("tbody tr").filter(has_text="report-released").count() > 0

    wait_until(told, 120)
    rows = officer.main().locator("tbody tr")
    expect(rows.filter(has_text="bd-1005")).to_have_count(rows.count())
    person = rows.filter(has_text="report-released").first.locator("th a")
    name = person.inner_text()
    person.click()
    expect(officer.main().locator("tbody th").filter(has_not_text=name)).to_have_count(0)
    officer.main().get_by_label("Status").select_option("failed")
    expect(officer.main().get_by_text("No such message")).to_be_visible()
    officer.open("/deliveries?factory=nonsense")
    expect(officer.main().get_by_text("No such message")).to_be_visible()
    officer.open("/deliveries?recipient=nonsense")
    expect(officer.main().get_by_text("No such message")).to_be_visible()


def test_the_list_leaves_neither_words_nor_addresses(as_: As, world: World) -> None:
    officer = as_("programme-officer")
    officer.open("/deliveries")
    listed = officer.context.request.get(f"{officer.console}/deliveries.csv").text()
    assert listed.splitlines()[0].lstrip("\ufeff").startswith("Message,Rule,Recipient,Channel,Factory")
    assert len(listed.splitlines()) > 5
    for shown in (listed, officer.page.content()):
        assert "@" not in shown.replace(officer.person.email, "")


def test_another_countrys_messages_are_not_there(as_: As, world: World) -> None:
    manager = as_("country-manager-kh")
    manager.speaks("en")
    manager.open("/deliveries?factory=bd-1005")
    expect(manager.main().get_by_text("No such message")).to_be_visible()
