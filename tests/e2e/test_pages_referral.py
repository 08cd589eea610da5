"""A referral from its proposal to its end in the browser, each step by its button; the bank's part by its program."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from amplify.finance_linkage.v1 import financier_service_pb2 as bank
from amplify.finance_linkage.v1 import referral_states_pb2
from amplify.finance_linkage.v1.finance_profile_service_pb2 import RecordOwnershipRequest
from amplify.programme.v1.consent_grant_pb2 import CONSENT_STATE_LIVE
from amplify.programme.v1.consent_lists_pb2 import ListFactoryConsentsRequest
from local_stack.platform import Platform
from local_stack.waiting import wait_until

from .finance import Calls, new_id, today, usd, withdrawal
from .proposing import propose, wait_until_eligible
from .visitor import Visitor
from .world import Team

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]
FACTORY, MANAGER = "bd-1001", "factory-manager-bd"
STEPS = ("Freeze the evidence", "Send to the financier", "Information is provided", "Close the referral")


@pytest.fixture(scope="module")
def calls(stack: Platform) -> Calls:
    """The bank's calls."""
    return Calls(stack)


@pytest.fixture(scope="module")
def officer(as_: As, team: Team, calls: Calls) -> Visitor:
    """The finance officer, once a report and its owners make the factory eligible."""
    team.release(FACTORY)
    owned = RecordOwnershipRequest(
        name=f"factories/{FACTORY}/financeProfile",
        women_owned_percent=60,
        women_board_percent=60,
        as_of_day=today(),
        evidence="register 12",
        request_id=new_id(),
    )
    calls("finance-officer", owned)
    visitor = as_("finance-officer")
    visitor.speaks("en")
    wait_until_eligible(visitor, FACTORY)
    return visitor


@pytest.fixture(scope="module")
def manager(as_: As) -> Visitor:
    """The manager of the factory."""
    visitor = as_(MANAGER)
    visitor.speaks("en")
    return visitor


@pytest.fixture(autouse=True)
def nothing_left_open(calls: Calls) -> Iterator[None]:
    """Whatever a story lets the bank see is taken back at its end."""
    yield
    asked = ListFactoryConsentsRequest(parent=f"factories/{FACTORY}", state=CONSENT_STATE_LIVE)
    for one in calls(MANAGER, asked).factory_consents:
        if one.consent_grant.organisation == "organisations/delta-bank":
            calls(MANAGER, withdrawal(one.consent_grant.name))


def stands(visitor: Visitor, path: str, state: str) -> None:
    """Open a referral again until its page says where it stands."""

    def shown() -> bool:
        visitor.open(path)
        return state in visitor.main().locator("header").inner_text()

    wait_until(shown, 120)


def offered(visitor: Visitor) -> list[str]:
    """The buttons of the page that change the referral."""
    names = (*STEPS, "Record the outcome", "Stop the referral")
    return [one for one in names if visitor.main().locator("> * button:visible").filter(has_text=one).count()]


def consent(manager: Visitor, path: str) -> None:
    """The factory lets the bank see what it needs, by the way that the referral's page shows."""
    manager.open(path)
    assert offered(manager) == ["Stop the referral"]
    manager.page.get_by_role("link", name="Decide on consent").click()
    manager.page.get_by_role("link", name="Give consent").first.click()
    manager.page.get_by_label("Organisation").select_option(label="Delta Bank · Financier")
    expect(manager.page.get_by_label("What for")).to_be_visible()
    manager.page.get_by_label("May see").select_option("finance")
    expect(manager.page.get_by_label("What for")).to_be_hidden()
    expect(manager.main().get_by_text("Deciding on a referral to finance").first).to_be_visible()
    manager.page.get_by_role("main").get_by_role("button", name="Give consent").click()
    manager.page.wait_for_url("**/consents?done=granted")


def sent(officer: Visitor, manager: Visitor) -> str:
    """A referral that the bank can read; its path."""
    path = propose(officer, FACTORY)
    consent(manager, path)
    for state, step in (("Factory consented", STEPS[0]), ("Evidence frozen", STEPS[1])):
        stands(officer, path, state)
        assert offered(officer) == [step, "Stop the referral"]
        assert officer.confirm(step).status == 303
    stands(officer, path, "Sent")
    assert offered(officer) == ["Stop the referral"]
    return path


def says(calls: Calls, path: str, kind: Any, **fields: Any) -> None:
    """The bank's program says something of the referral."""
    calls("delta-bank-client", kind(name=f"incomingReferrals/{path.split('/')[2]}", request_id=new_id(), **fields))


def test_each_step_to_a_closed_referral_has_a_button_that_works(
    officer: Visitor, manager: Visitor, calls: Calls
) -> None:
    path = sent(officer, manager)
    says(calls, path, bank.AcknowledgeReferralRequest)
    says(calls, path, bank.RequestInformationRequest, kinds=[referral_states_pb2.INFORMATION_KIND_QUOTATIONS])
    stands(officer, path, "Information requested")
    assert offered(officer) == ["Information is provided", "Stop the referral"]
    answer = officer.confirm("Information is provided", fields={"Where the rest is to be found": "letter 4"})
    assert answer.status == 303
    expect(officer.main().get_by_text("letter 4")).to_have_count(1)
    says(calls, path, bank.ApproveReferralRequest, approved_amount=usd(2_500_000))
    says(calls, path, bank.RecordSignatureRequest, signed_on=today())
    says(calls, path, bank.RecordDisbursementRequest, amount=usd(2_500_000), paid_on=today())
    stands(officer, path, "Disbursed")
    assert offered(officer) == ["Record the outcome"], "what is paid stays paid"
    officer.page.get_by_label("Issues closed").fill("2")
    officer.page.get_by_role("button", name="Record the outcome").click()
    officer.page.get_by_text("The outcome is recorded.").wait_for()
    assert offered(officer) == ["Close the referral"]
    assert officer.confirm("Close the referral").status == 303
    stands(officer, path, "Closed")
    assert offered(officer) == []
    manager.open(path)
    assert offered(manager) == []


def test_a_declined_referral_offers_nothing_more(officer: Visitor, manager: Visitor, calls: Calls) -> None:
    path = sent(officer, manager)
    says(calls, path, bank.AcknowledgeReferralRequest)
    says(calls, path, bank.DeclineReferralRequest, reason=referral_states_pb2.DECLINE_REASON_COLLATERAL)
    stands(officer, path, "Financier declined")
    assert offered(officer) == []
    expect(officer.main().get_by_text("collateral")).to_have_count(1)
