"""A finance officer learns in the browser what a factory is eligible for and why, and proposes a referral."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from local_stack.waiting import wait_until

from .looks import assert_open_to_everybody
from .proposing import PRODUCT, fill, submit, submitted, wait_until_eligible
from .visitor import Visitor
from .world import World

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]
FACTORY = "bd-1005"


@pytest.fixture(scope="module")
def referral(as_: As, world: World) -> str:
    """A referral of the factory with the released report, proposed through the page: its path."""
    assert world.released
    officer = as_("finance-officer")
    officer.speaks("en")
    page = officer.page

    wait_until_eligible(officer, FACTORY)
    page.locator("ul.grants li").filter(has_text=PRODUCT).get_by_role("link", name="Why").click()
    page.get_by_role("heading", name="Conditions").wait_for()
    expect(page.get_by_text("The same inputs give this very receipt.")).to_have_count(1)
    fill(officer, FACTORY)
    submit(officer, "a lot")
    page.get_by_text("Write an amount in digits").wait_for()
    officer.expects("422")
    submit(officer, "-5000")
    page.locator(".field-error").first.wait_for()
    return submitted(officer)


def test_a_proposed_referral_waits_for_the_factory_and_can_be_stopped(as_: As, referral: str) -> None:
    officer = as_("finance-officer")
    officer.open(referral)
    assert officer.main().get_by_text("Waiting for the factory").count() == 1
    assert officer.main().get_by_text("USD 25,000.50").count() == 1

    def is_counted() -> bool:
        officer.open("/")
        return officer.main().locator("tr[data-work=referrals_factory]").count() == 1

    wait_until(is_counted, 120)
    officer.open(referral)
    officer.main().get_by_role("button", name="Stop the referral").click()
    dialog = officer.page.locator("dialog[open]")
    dialog.get_by_label("Reason").select_option("not_needed")
    dialog.get_by_role("button", name="Stop the referral").click()
    officer.page.get_by_text("The referral is stopped.").wait_for()
    expect(officer.main().get_by_text("No longer needed")).to_have_count(1)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_finance_pages_are_open_to_everybody(as_: As, referral: str, language: str) -> None:
    officer = as_("finance-officer")
    for path in (
        referral,
        "/referrals",
        "/referrals/new",
        "/eligibility",
        "/products",
        "/products/safety-remediation-line",
        f"/factories/{FACTORY}/eligibility",
        f"/factories/{FACTORY}/environment",
        f"/factories/{FACTORY}/finance-profile",
    ):
        assert_open_to_everybody(officer, path, language)
