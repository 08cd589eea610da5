"""From a finding to its closure in the console: plan, proof, verification, progress report, visit and committee."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from local_stack.waiting import wait_until

from .visitor import Visitor
from .world import Team, World

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]
FACTORY = "/factories/bd-1001"


def today() -> datetime:
    return datetime.now(ZoneInfo("Asia/Dhaka"))


def in_words(visitor: Visitor, words: str) -> None:
    """The page says so, and is there as a whole."""
    expect(visitor.main().get_by_text(words).first).to_be_visible()
    visitor.page.wait_for_load_state()


def taken_up(team: Team, assessment: str) -> None:
    """Wait until the plan has what a report of bd-1001 found: from then on its lines change by what people do alone."""
    told = f"assessments/{assessment}"

    def found() -> bool:
        return any(
            one.assessment == told for one in team.repairing("advisor-1").lines(factory="bd-1001").improvement_lines
        )

    wait_until(found, 120)


def open_line(factory: Visitor) -> str:
    """Open the first line of the plan that has no plan yet; its path."""
    wait_until(lambda: factory.json(f"{FACTORY}/plan.json?state=open")["found"]["value"].get("improvement_lines"), 120)
    factory.open(f"{FACTORY}/plan?state=open")
    factory.page.locator("[data-line=open] th a").first.click()
    factory.page.wait_for_url("**/lines/*")
    return factory.page.url.partition("?")[0].removeprefix(factory.console)


def test_an_issue_is_planned_proven_and_verified_by_another_person(as_: As, team: Team) -> None:
    released = team.release("bd-1001")
    factory, advisor = as_("factory-manager-bd"), as_("advisor-1")
    for person in (factory, advisor):
        person.speaks("en")
    taken_up(team, released)
    line = open_line(factory)

    # A due day in the past is refused at its field, and what was typed stays.
    factory.expects("422")
    factory.page.get_by_label("Root cause").fill("Age was not checked when hiring.")
    factory.page.get_by_label("Action").fill("Check papers of everybody before the first day.")
    factory.page.get_by_label("Owner").fill("Head of personnel")
    factory.page.get_by_label("Due").fill((today() - timedelta(days=1)).date().isoformat())
    factory.page.get_by_role("button", name="Save the plan").click()
    expect(factory.page.locator("#due_day-error")).to_be_visible()
    expect(factory.page.get_by_label("Action")).to_have_value("Check papers of everybody before the first day.")
    factory.page.get_by_label("Due").fill((today() + timedelta(days=30)).date().isoformat())
    factory.page.get_by_role("button", name="Save the plan").click()
    in_words(factory, "The plan is saved")

    # A document needs a reference; nobody verifies a proof of their own.
    factory.page.get_by_label("How strong is it").select_option(label="Document")
    factory.page.get_by_role("button", name="Give a proof").click()
    expect(factory.page.locator("#reference-error")).to_be_visible()
    factory.page.get_by_label("Reference").fill("HR-2026-17")
    factory.page.get_by_role("button", name="Give a proof").click()
    in_words(factory, "You gave this proof")
    expect(factory.page.get_by_role("button", name="Verify")).to_have_count(0)

    # The advisor finds it in the list of proofs to verify, rejects it, and verifies the next one.
    advisor.open("/lines?state=proven&factory=bd-1001")
    expect(advisor.page.locator(f"a[href='{line}']")).to_be_visible()
    advisor.open(line)
    advisor.page.get_by_role("button", name="Reject").click()
    dialog = advisor.page.locator("dialog[open]")
    dialog.get_by_label("Reason").select_option(label="Only part of it is repaired")
    dialog.get_by_role("button", name="Reject").click()
    in_words(advisor, "Only part of it is repaired")
    factory.open(line)
    factory.page.get_by_label("How strong is it").select_option(label="Document")
    factory.page.get_by_label("Reference").fill("HR-2026-18")
    factory.page.get_by_role("button", name="Give a proof").click()
    in_words(factory, "You gave this proof")
    advisor.open(line)
    advisor.confirm("Verify")
    in_words(advisor, "Verified: the issue is closed")
    history = advisor.page.locator(".story li").all_inner_texts()
    assert [words.split("\n")[0].split(" · ")[0] for words in history[:3]] == [
        "Verified and closed", "Proof given", "Proof rejected"
    ]  # fmt: skip


def test_an_issue_that_the_factory_found_by_itself_joins_the_plan(as_: As) -> None:
    factory = as_("factory-manager-bd")
    factory.speaks("en")
    factory.open(f"{FACTORY}/plan")
    factory.page.get_by_role("link", name="Add an issue").click()
    factory.page.get_by_label("Compliance point").select_option(index=5)
    factory.page.get_by_label("Issue").fill("=Two exits were blocked by boxes.")
    factory.page.get_by_role("button", name="Add an issue").click()
    in_words(factory, "The issue is in the plan")

    # The list can be taken away, and a spreadsheet takes none of it for a formula.
    answer = factory.context.request.get(f"{factory.console}{FACTORY}/plan.csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="improvement-lines-')
    text = answer.body().decode()
    assert text.startswith("\ufeffFactory,Country,Cluster")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    total = factory.json(f"{FACTORY}/plan.json")["found"]["value"]["total_size"]
    assert len(rows) == total
    assert "'=Two exits were blocked by boxes." in {row["Issue"] for row in rows}


def test_a_progress_report_is_submitted_once_and_shown_to_the_advisor(as_: As) -> None:
    factory, advisor = as_("factory-manager-bd"), as_("advisor-1")
    for person in (factory, advisor):
        person.speaks("en")
    wait_until(lambda: factory.json("/progress-reports.json?state=open")["found"]["value"].get("progress_reports"), 120)
    factory.open("/progress-reports?state=open")
    factory.page.locator("tbody th a").first.click()
    factory.page.wait_for_url("**/progress-reports/*")
    path = factory.page.url.removeprefix(factory.console)
    factory.expects("422")
    factory.page.get_by_label("Women who work here").fill("-1")
    factory.page.get_by_label("Men who work here", exact=True).fill("12")
    submit(factory)
    expect(factory.page.locator("#women-error")).to_be_visible()
    expect(factory.page.get_by_label("Men who work here", exact=True)).to_have_value("12")
    factory.page.get_by_label("Women who work here").fill("30")
    factory.page.locator("#text_systems").fill("A register of ages is kept.")
    submit(factory)
    in_words(factory, "The progress report is submitted")
    advisor.open(path)
    in_words(advisor, "A register of ages is kept.")
    expect(advisor.page.get_by_role("button", name="Submit the report")).to_have_count(0)


def submit(visitor: Visitor) -> None:
    """Press the button, and agree."""
    visitor.page.locator("main header").get_by_role("button", name="Submit the report").click()
    visitor.page.locator("dialog[open]").get_by_role("button", name="Submit the report").click()


def test_a_visit_and_a_meeting_are_logged_and_stand_in_the_history(as_: As, world: World) -> None:
    advisor = as_("advisor-1")
    advisor.speaks("en")
    advisor.open("/factories/bd-1005")
    advisor.page.get_by_role("link", name="Plan an advisory visit").click()
    advisor.page.get_by_label("Day").fill(today().date().isoformat())
    advisor.page.get_by_role("button", name="Plan the visit").click()
    in_words(advisor, "The visit is planned")
    advisor.page.locator("input[name=lines]").first.check()
    advisor.page.locator("#topics").select_option(index=2)
    advisor.page.locator("#worker_women").fill("7")
    advisor.page.get_by_role("button", name="Log the visit").click()
    in_words(advisor, "The visit is logged")

    advisor.open("/factories/bd-1005/committee")
    if advisor.page.get_by_role("link", name="Record the committee").count():
        advisor.page.get_by_role("link", name="Record the committee").click()
        advisor.page.get_by_label("Formed on").fill((today() - timedelta(days=90)).date().isoformat())
        for name, people in (("management_men", "3"), ("worker_women", "2")):
            advisor.page.locator(f"#{name}").fill(people)
        advisor.page.get_by_role("button", name="Save").click()
        in_words(advisor, "Workers have fewer members than the management")
    advisor.page.get_by_role("link", name="Log a meeting").click()
    advisor.page.get_by_label("Met on").fill(today().date().isoformat())
    advisor.page.locator("#worker_women").fill("2")
    advisor.page.get_by_role("button", name="Save").click()
    in_words(advisor, "The meeting is logged")

    for step in ("ImprovementLineOpened", "AdvisoryVisitLogged", "CommitteeMeetingLogged"):
        path = f"/factories/bd-1005/timeline.json?kind=amplify.assessment.v1.{step}"
        wait_until(lambda path=path: advisor.json(path)["timeline"]["value"].get("timeline_entries"), 120)
    advisor.open("/factories/bd-1005/timeline?kind=assessment")
    for step in ("ImprovementLineOpened", "AdvisoryVisitLogged", "CommitteeMeetingLogged"):
        expect(advisor.page.locator(f"[data-event={step}]").first).to_be_visible()
    expect(advisor.page.locator("[data-event=MessageSent]")).to_have_count(0)


def test_my_work_leads_to_the_lists_that_it_counts(as_: As, world: World) -> None:
    leader = as_("team-leader")
    leader.speaks("en")
    tally = leader.page.locator("[data-work=lines_to_plan] .tally")

    def agree() -> bool:
        leader.open("/work")
        count = int(tally.inner_text().replace(",", ""))
        return count >= 1 and leader.json("/lines.json?state=open")["found"]["value"]["total_size"] == count

    wait_until(agree, 120)
    tally.click()
    leader.page.wait_for_url("**/lines?state=open*")
