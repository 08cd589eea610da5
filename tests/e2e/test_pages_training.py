"""A training officer walks a session from the catalogue to its certificates, in the browser."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from .looks import assert_open_to_everybody
from .visitor import Visitor

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]
FACTORY = "bd-1007"
PEOPLE = "Amena Khatun, female, worker\nSalma Begum, female, committee_member\nRafiq Uddin, male, supervisor\n"


@pytest.fixture(scope="module")
def today() -> str:
    """The day in Dhaka."""
    return datetime.now(ZoneInfo("Asia/Dhaka")).date().isoformat()


@pytest.fixture(scope="module")
def session(as_: As, today: str) -> str:
    """A session of one day, today, with three places and four people: its path."""
    officer = as_("training-officer")
    officer.speaks("en")
    officer.open(f"/sessions/new?course=harassment-prevention&factory={FACTORY}")
    page = officer.page
    page.get_by_label("Place", exact=True).fill("Training room")
    page.get_by_label("Places").fill("3")
    page.locator("#day_1").fill(today)
    page.get_by_role("main").get_by_role("button", name="Schedule a session").click()
    page.get_by_text("The session is scheduled").wait_for()
    path = page.url.removeprefix(officer.console).partition("?")[0]
    page.get_by_role("main").get_by_role("link", name="Enrol people").first.click()
    page.get_by_label("Paste from a spreadsheet").fill(PEOPLE + "Nobody, female, captain\n")
    page.get_by_role("button", name="Enrol the list").click()
    page.get_by_text("Line 4: sex or role is not one of those below.").wait_for()
    officer.expects("422")
    page.get_by_label("Paste from a spreadsheet").fill(PEOPLE)
    page.get_by_role("button", name="Enrol the list").click()
    page.get_by_text("The people are enrolled.").wait_for()
    officer.open(f"{path}/roster")
    page.get_by_label("Name", exact=True).first.fill("Jorina Akter")
    page.get_by_label("Sex").select_option("female")
    page.get_by_label("Role").select_option("worker")
    page.get_by_label("Works for").select_option("factory")
    page.get_by_role("button", name="Enrol", exact=True).click()
    page.get_by_text("The people are enrolled.").wait_for()
    return path


def test_a_session_goes_from_the_catalogue_to_a_certificate_that_anybody_can_check(
    as_: As, session: str, today: str
) -> None:
    officer = as_("training-officer")
    page = officer.page
    officer.open(session)
    assert officer.main().get_by_text("place 1 in line").count() == 1, "the fourth waits"
    officer.open(f"{session}/attendance")
    page.get_by_label("Salma Begum").uncheck()
    page.get_by_role("button", name="Record the day").click()
    page.get_by_text("It is recorded.").wait_for()
    officer.open(f"{session}/scores")
    if page.get_by_role("button", name="Record the scores").count():
        page.get_by_label("Before: Amena Khatun").fill("8")
        page.get_by_label("After: Amena Khatun").fill("15")
        page.get_by_role("button", name="Record the scores").click()
        page.get_by_text("It is recorded.").wait_for()
    officer.open(session)
    officer.confirm("Complete the session")
    page.get_by_text("The session is complete.").wait_for()
    officer.confirm("Issue 2 certificates")
    page.get_by_text("The certificates are issued.").wait_for()
    number = page.locator("td a[href^='/certificates']").first.inner_text()
    advisor = as_("advisor-1")
    advisor.speaks("en")
    advisor.open("/certificates")
    advisor.page.get_by_label("Number on the certificate").fill(number)
    advisor.page.get_by_label("Holder's name").fill("Somebody Else")
    advisor.page.get_by_role("button", name="Check").click()
    advisor.page.get_by_text("The certificate is not in this name.").wait_for()
    expect(advisor.main().get_by_text("Valid")).to_have_count(1)
    advisor.page.wait_for_load_state()
    assert "Amena" not in advisor.main().inner_text(), "a name is confirmed, never shown"


def test_a_wrong_score_stands_at_its_field_and_changes_nothing(as_: As, session: str) -> None:
    officer = as_("training-officer")
    officer.open(f"{session}/scores")
    field = officer.page.get_by_label("After: Rafiq Uddin")
    if not field.count():
        pytest.fail("the course has no tests: choose another for this story")
    field.evaluate("one => { one.max = 100000; one.value = 9999 }")
    officer.page.get_by_role("button", name="Record the scores").click()
    officer.page.locator(".field-error, .alert-danger").first.wait_for()
    officer.expects("422")
    assert officer.json(f"{session}.json")["roster"]["value"]["participants"]
    scores = [one.get("test_scores") for one in officer.json(f"{session}.json")["roster"]["value"]["participants"]]
    assert 9999 not in [score["score"] for found in scores for score in found or ()]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_training_pages_are_open_to_everybody(as_: As, session: str, language: str) -> None:
    officer = as_("training-officer")
    for path in (
        session,
        f"{session}/attendance",
        f"{session}/roster",
        "/sessions",
        "/sessions/new",
        "/courses",
        "/courses/harassment-prevention",
        "/recommendations",
        "/training",
        f"/factories/{FACTORY}/training",
        "/certificates",
    ):
        assert_open_to_everybody(officer, path, language)
