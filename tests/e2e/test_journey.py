"""The main journey: from a factory list to a released report, and everybody told."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from local_stack.demo import lists
from local_stack.platform import Platform
from local_stack.waiting import wait_until

from .visitor import Visitor

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]
FACTORY = "/factories/bd-1001"


def import_list(officer: Visitor, file: Path) -> dict[str, int]:
    """Import a list and wait for the end; how many rows had each outcome."""
    officer.open("/imports/new")
    officer.page.get_by_label("File").set_input_files(file)
    officer.page.get_by_role("button", name="Import").click()
    expect(officer.main().get_by_text("Completed", exact=True)).to_be_visible(timeout=120_000)
    officer.page.wait_for_load_state()
    tiles = officer.page.locator("[data-outcome]").all()
    return {str(one.get_attribute("data-outcome")): int(one.inner_text()) for one in tiles}


def give_consent(factory: Visitor) -> None:
    """Let North Sea Apparel see the reports; a consent of an earlier run on the same stack is withdrawn first."""
    factory.open(f"{FACTORY}/consents")
    live = factory.page.locator("[data-grant=live]")
    for left in reversed(range(live.count())):
        factory.main().get_by_role("button", name="Withdraw").first.click()
        factory.page.locator("dialog[open]").get_by_role("button", name="Withdraw").click()
        expect(factory.main().get_by_text("The consent is withdrawn")).to_be_visible()
        expect(live).to_have_count(left)
    factory.page.get_by_role("link", name="Give consent").click()
    factory.page.get_by_label("Organisation").select_option(label="North Sea Apparel · Buyer")
    factory.page.get_by_role("button", name="Give consent").click()
    expect(factory.main().get_by_text("Consent is given")).to_be_visible()
    expect(factory.page.locator("[data-grant=live]")).to_contain_text("North Sea Apparel")


def plan_visit(leader: Visitor) -> str:
    """Plan a visit for today with both advisors; the assessment's path."""
    today = datetime.now(ZoneInfo("Asia/Dhaka")).date().isoformat()
    leader.open(FACTORY)
    leader.page.get_by_role("link", name="Plan an assessment").click()
    leader.page.get_by_label("First advisor").select_option(label="Nasrin Akter")
    leader.page.get_by_label("Second advisor").select_option(label="Tanvir Hossain")
    for label in ("The visit may start from", "and until", "First day on site"):
        leader.page.get_by_label(label).fill(today)
    leader.page.get_by_role("button", name="Plan the visit").click()
    leader.page.wait_for_url("**/assessments/*?done=planned")
    return leader.page.url.partition("/assessments/")[2].partition("?")[0]


def answer(page: Page, question: str, finding: str) -> None:
    """Choose a finding for a question."""
    page.locator(f"[data-question='{question}'] input[value={finding}]").check()


def answer_context(page: Page) -> None:
    """Give some answer to each question that is not scored."""
    for question in page.locator("[data-question]:not([data-kind=finding])").all():
        kind = question.get_attribute("data-kind")
        if kind == "yes_no":
            question.locator("input[value=yes]").check()
        else:
            question.locator("[data-value]").fill("2026-01-31" if kind == "date" else "42")
            question.locator("[data-value]").blur()


def everything_saved(page: Page) -> None:
    """Wait until nothing waits on the device."""
    expect(page.locator("#waiting")).to_be_hidden(timeout=120_000)
    expect(page.locator("#line")).to_have_text("Everything is saved")


def inbox_has(visitor: Visitor, words: str) -> None:
    """Wait until a message with these words is in the person's inbox."""
    wait_until(lambda: any(re.search(words, one["subject"]) for one in inbox(visitor)), 120)


def inbox(visitor: Visitor) -> list[dict[str, str]]:
    """The person's messages."""
    return list(visitor.json("/inbox.json")["found"]["value"].get("messages", []))


def test_from_a_factory_list_to_a_released_report(as_: As, stack: Platform, tmp_path: Path) -> None:
    # A programme officer imports 300 factories; each wrong row is named, and a second time changes nothing.
    officer = as_("programme-officer")
    file = tmp_path / "factories.csv"
    file.write_bytes(lists.files()[lists.BANGLADESH])
    first = import_list(officer, file)
    assert first["rejected"] == len(lists.WRONG)
    wrong = officer.page.locator("tbody tr").all_inner_texts()
    for row, column, _ in lists.WRONG:
        assert any(str(row) in text and column in text for text in wrong), (row, column)
    second = import_list(officer, file)
    assert (second["created"], second["updated"], second["rejected"]) == (0, 0, len(lists.WRONG))
    assert second["unchanged"] == first["created"] + first["updated"] + first["unchanged"]

    # The factory lets a buyer see its reports.
    factory = as_("factory-manager-bd")
    give_consent(factory)

    # A team leader plans an unannounced visit; nobody but the team can see it.
    leader, manager = as_("team-leader"), as_("country-manager-bd")
    key = plan_visit(leader)
    UUID(key)
    manager.expects("404")
    manager.open(f"/assessments/{key}", status=404)
    factory.expects("404")
    factory.open(f"/assessments/{key}", status=404)

    # Two advisors answer at the same time, each in a browser of their own.
    one, two = as_("advisor-1"), as_("advisor-2")
    one.open(f"/assessments/{key}")
    one.confirm("Start")
    expect(one.main().get_by_text("The visit has started")).to_be_visible()
    one.page.get_by_role("link", name="Answer the questions").click()
    two.open(f"/assessments/{key}/answers")
    ids = [str(each.get_attribute("data-question")) for each in one.page.locator("[data-kind=finding]").all()]
    half = len(ids) // 2
    for mine, theirs in zip(ids[:half], ids[half:], strict=False):
        answer(one.page, mine, "compliant")
        answer(two.page, theirs, "compliant")
    answer(two.page, ids[-1], "compliant")
    answer(one.page, ids[0], "non_compliant")
    answer_context(two.page)
    for person in (one, two):
        everything_saved(person.page)
        expect(person.page.locator("#answered")).to_have_text(str(len(ids)), timeout=120_000)
    expect(two.page.locator(f"[data-question='{ids[0]}'] .said")).to_have_text("Answered by your colleague")

    # They submit, and the team leader releases.
    one.open(f"/assessments/{key}")
    one.confirm("Submit")
    expect(one.main().get_by_text("Under review").first).to_be_visible()
    leader.open(f"/assessments/{key}")
    released = leader.confirm("Release")
    leader.page.get_by_role("link", name="Open the report").click()
    overall = leader.page.locator("#overall").inner_text()
    assert re.fullmatch(r"1 / \d+", overall), overall
    expect(leader.main().get_by_text("Non-compliant", exact=True)).to_be_visible()

    # The factory, its advisor and the entitled buyer are told, by mail and in the app; the buyer without findings.
    buyer = as_("buyer")
    for person in (factory, one, buyer):
        inbox_has(person, r"(?i)report")
    for person in (factory, one):
        wait_until(lambda who=person: told_of(who, f"/assessments/{key}/report"), 120)
    wait_until(lambda: mailed(stack, one, f"/assessments/{key}/report"), 120)
    for person in (factory, buyer):
        assert wait_until(lambda who=person: stack.messages(to=who.person.email), 120)
    told = next(each for each in inbox(buyer) if re.search("(?i)report", each["subject"]))
    assert overall not in told["text"]
    assert "ompliant" not in told["text"]

    # The factory's history shows every step.
    steps = {
        "programme": ["ConsentGranted"],
        "assessment": ["PlanStep", "AssessmentStarted", "AssessmentSubmitted", "ReportReleased"],
        "notifications": ["MessageSent"],
    }
    for service, expected in steps.items():

        def shown(service: str = service, expected: list[str] = expected) -> bool:
            factory.open(f"{FACTORY}/timeline?kind={service}")
            return all(factory.page.locator(f"[data-event={step}]").first.is_visible() for step in expected)

        wait_until(shown, 120)

    # One trace leads from the click to the last effect.
    trace = released.headers["x-trace-id"]
    wait_until(lambda: whole_trace(stack, trace), 120)


def told_of(visitor: Visitor, page: str) -> bool:
    """Whether a message in the person's inbox leads to this page."""
    return any(message["link"] == page for message in inbox(visitor))


def mailed(running: Platform, visitor: Visitor, page: str) -> bool:
    """Whether a mail to the person leads to this page."""
    return any(page in str(message) for message in running.messages(to=visitor.person.email))


def whole_trace(running: Platform, trace: str) -> bool:
    """Whether `make trace` prints every service and the mail."""
    command = [sys.executable, "-m", "local_stack", "trace", trace]
    shown = subprocess.run(
        command, env={**os.environ, **running.child.env}, capture_output=True, text=True, check=False
    )
    wanted = ("console", "assessment", "programme", "notifications", "send")
    return all(one in shown.stdout.lower() for one in wanted)
