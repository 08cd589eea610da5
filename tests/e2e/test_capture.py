"""Answering in a factory: without a network, through a reload, beside a colleague, and from the keyboard."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Route, expect

from .visitor import Visitor
from .world import Team

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]


@pytest.fixture
def sheet(as_: As, team: Team) -> Visitor:
    """The first advisor before the empty sheet of a visit."""
    advisor = as_("advisor-1")
    advisor.speaks("en")
    advisor.open(f"/assessments/{team.start('bd-1006')}/answers")
    return advisor


def question(sheet: Visitor, place: int) -> Locator:
    """A scored question by its place on the sheet."""
    return sheet.page.locator("[data-kind=finding]").nth(place)


def test_an_answer_given_without_a_network_survives_a_reload_and_is_sent_later(sheet: Visitor, team: Team) -> None:
    sheet.expects("ERR_|Failed to load")
    sheet.page.route("**/answers", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    question(sheet, 0).get_by_label("Non-compliant").check()
    expect(question(sheet, 0).locator(".said")).to_have_text("Kept on this device, waiting to be sent")
    expect(sheet.page.locator("#line")).to_contain_text("No connection")
    sheet.page.reload()
    expect(question(sheet, 0).get_by_label("Non-compliant")).to_be_checked()
    expect(sheet.page.locator("#waiting")).to_be_visible()
    sheet.page.unroute("**/answers")
    sheet.page.reload()
    expect(question(sheet, 0).locator(".said")).to_have_text("Saved", timeout=120_000)
    expect(sheet.page.locator("#waiting")).to_be_hidden()
    key = sheet.page.url.split("/")[-2]
    assert len(team.acting("team-leader").answers(key)) == 1


def test_the_colleagues_answers_appear_and_mine_stay(sheet: Visitor, as_: As) -> None:
    colleague = as_("advisor-2")
    colleague.speaks("en")
    colleague.page.goto(sheet.page.url)
    question(sheet, 0).get_by_label("Not applicable").check()
    question(colleague, 1).get_by_label("Not assessed").check()
    expect(question(sheet, 1).locator(".said")).to_have_text("Answered by your colleague", timeout=120_000)
    expect(question(sheet, 1).get_by_label("Not assessed")).to_be_checked()
    expect(question(sheet, 0).get_by_label("Not applicable")).to_be_checked()
    expect(question(colleague, 0).get_by_label("Not applicable")).to_be_checked(timeout=120_000)


def test_a_sheet_is_answered_from_the_keyboard(sheet: Visitor) -> None:
    keyboard = sheet.page.keyboard
    keyboard.press("j")
    keyboard.press("2")
    keyboard.press("j")
    keyboard.press("1")
    keyboard.press("n")
    keyboard.type("Two fire doors were locked.")
    keyboard.press("Tab")
    expect(sheet.page.locator("#answered")).to_have_text("2")
    expect(question(sheet, 0).get_by_label("Compliant", exact=True)).to_be_checked()
    expect(question(sheet, 1).locator(".said")).to_have_text("Saved", timeout=120_000)
    sheet.page.reload()
    expect(question(sheet, 1).locator("textarea")).to_have_value("Two fire doors were locked.")


def test_an_answer_that_is_refused_says_why_at_its_question(sheet: Visitor) -> None:
    sheet.expects("422")
    sheet.page.evaluate("clockOffset += 3600 * 1000")
    question(sheet, 0).get_by_label("Compliant", exact=True).check()
    expect(question(sheet, 0).locator(".said")).to_contain_text("future", timeout=120_000)
    expect(sheet.page.locator("#waiting")).to_be_hidden()


def test_long_notes_in_any_script_are_sent_when_the_network_is_back(sheet: Visitor, team: Team) -> None:
    sheet.expects("ERR_|Failed to load")
    notes = ["\u0995" * 2000] * 5 + ["\u0627" * 2000] * 7
    sheet.context.set_offline(True)
    for place, note in enumerate(notes):
        question(sheet, place).get_by_label("Compliant", exact=True).check()
        question(sheet, place).locator("summary").click()
        question(sheet, place).locator("textarea").fill(note)
        question(sheet, place).locator("textarea").blur()
    expect(sheet.page.locator("#line")).to_contain_text("No connection")
    sheet.context.set_offline(False)
    expect(sheet.page.locator("#waiting")).to_be_hidden(timeout=120_000)
    expect(sheet.page.locator("#line")).to_have_text("Everything is saved")
    kept = team.acting("team-leader").answers(sheet.page.url.split("/")[-2])
    assert sorted(answer.note for answer in kept) == sorted(notes)


def keep_on_device(sheet: Visitor, number: Locator, value: str) -> None:
    """As if an answer with this value had been kept here, in a form that no service reads."""
    place = {"question_id": number.get_attribute("data-question"), "kind": "count", "value": value, "note": "Counted."}
    operation = {**place, "operation_id": str(uuid4()), "answered_at": "2026-03-01T08:30:00.250Z"}
    sheet.page.evaluate("one => { queue.add(one); schedule(0); }", operation)


def test_an_unreadable_answer_is_named_at_its_question_kept_and_can_be_mended(sheet: Visitor, team: Team) -> None:
    sheet.expects("422")
    number = sheet.page.locator("[data-kind=count]").first
    keep_on_device(sheet, number, "many")
    question(sheet, 0).get_by_label("Compliant", exact=True).check()
    expect(number.locator(".said")).to_contain_text("could not be read", timeout=120_000)
    expect(question(sheet, 0).locator(".said")).to_have_text("Saved", timeout=120_000)
    sheet.page.reload()
    expect(number.locator(".said")).to_contain_text("could not be read")
    expect(number.locator("textarea")).to_have_value("Counted.")
    number.locator("[data-value]").fill("5.0")
    number.locator("[data-value]").blur()
    expect(number.locator(".said")).to_have_text("Saved", timeout=120_000)
    expect(sheet.page.locator("#line")).to_have_text("Everything is saved")
    kept = team.acting("team-leader").answers(sheet.page.url.split("/")[-2])
    assert [answer.count for answer in kept if answer.WhichOneof("value") == "count"] == [5]


def test_a_refusal_that_names_no_answer_holds_up_only_the_one_at_fault(sheet: Visitor, team: Team) -> None:
    sheet.expects("400")
    fault = question(sheet, 2).get_attribute("data-question") or ""

    def answer(route: Route) -> None:
        if route.request.method == "POST" and fault in (route.request.post_data or ""):
            route.fulfill(status=400, content_type="text/plain", body="Bad")
        else:
            route.continue_()

    sheet.page.route("**/answers", answer)
    for place in range(5):
        question(sheet, place).get_by_label("Compliant", exact=True).check()
    expect(question(sheet, 2).locator(".said")).to_have_attribute("data-kind", "wrong", timeout=120_000)
    for place in (0, 1, 3, 4):
        expect(question(sheet, place).locator(".said")).to_have_text("Saved", timeout=120_000)
    sheet.page.unroute("**/answers")
    assert len(team.acting("team-leader").answers(sheet.page.url.split("/")[-2])) == 4


def test_what_is_not_an_answer_is_refused_whole(sheet: Visitor, team: Team) -> None:
    key, csrf = sheet.page.url.split("/")[-2], sheet.page.locator("#sheet").get_attribute("data-csrf") or ""
    for operations in ("", "{}", "[]", '[{"kind": "finding"}]', f'[{{"operation_id": "{uuid4()}"}}]', "nonsense"):
        answer = sheet.context.request.post(
            f"{sheet.console}/assessments/{key}/answers",
            headers={"x-csrf-token": csrf},
            form={"operations": operations},
        )
        assert answer.status in (400, 422)
        assert answer.json()["refused"]
    assert team.acting("team-leader").answers(key) == []


def test_the_team_leader_reads_and_cannot_answer(sheet: Visitor, as_: As) -> None:
    leader = as_("team-leader")
    leader.speaks("en")
    leader.page.goto(sheet.page.url)
    expect(leader.main().get_by_text("Only the visit's advisors can give them")).to_be_visible()
    expect(question(leader, 0).get_by_label("Compliant", exact=True)).to_be_disabled()


def test_what_no_source_confirms_is_marked(sheet: Visitor) -> None:
    expect(question(sheet, 0).locator(".unconfirmed")).to_have_text("legal reference unconfirmed")
