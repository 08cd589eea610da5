"""A finance officer proposes referrals in the browser, once the factory is eligible."""

from local_stack.waiting import wait_until

from .visitor import Visitor

PRODUCT = "Trade finance for enterprises that women own"


def wait_until_eligible(officer: Visitor, factory: str) -> None:
    """Open the factory's finance page until it says that the factory is eligible for the product."""

    def is_eligible() -> bool:
        officer.open(f"/factories/{factory}/eligibility")
        rows = officer.main().locator("ul.grants li").filter(has_text=PRODUCT)
        return rows.count() == 1 and "Not eligible" not in rows.inner_text() and "Eligible" in rows.inner_text()

    wait_until(is_eligible, 120)


def fill(officer: Visitor, factory: str) -> None:
    """Open the form for a referral of the factory, and fill all but the amount."""
    officer.open(f"/referrals/new?factory={factory}")
    officer.page.get_by_label("Product").select_option(label=PRODUCT)
    officer.page.get_by_label("Financier").select_option("organisations/delta-bank")


def submit(officer: Visitor, amount: str) -> None:
    """Send the form that is open with this amount."""
    officer.page.get_by_label("Amount").fill(amount)
    officer.page.get_by_role("main").get_by_role("button", name="Propose a referral").click()


def propose(officer: Visitor, factory: str) -> str:
    """Propose to refer the factory to delta-bank for 25,000.50 dollars; the path of the referral."""
    fill(officer, factory)
    return submitted(officer)


def submitted(officer: Visitor) -> str:
    """Send the form that is open with an amount that fits; the path of the referral."""
    submit(officer, "25000.50")
    officer.page.get_by_text("The referral is proposed").wait_for()
    return officer.page.url.removeprefix(officer.console).partition("?")[0]
