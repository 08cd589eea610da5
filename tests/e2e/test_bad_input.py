"""What people send wrong: a clear word at the right place, and nothing changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from console.times import calendar_day
from local_stack.demo import lists

from .visitor import Visitor
from .world import Team

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]

FILES = {
    "empty": (b"", "not empty"),
    "another encoding": (lists.files()[lists.WRONG_ENCODING], "UTF-8"),
    "not a list": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "UTF-8"),
    "an unknown column": (b"country,id,name,status,colour\nBD,7001,Teal House,active,blue\n", "column 5"),
    "no rows": (b"country,id,name,status\n", "row"),
    "too large": (b"country,id,name,status\n" + b"BD,7001,Teal House,active\n" * 90_000, "2 MiB"),
    "larger than any form": (b"country,id,name,status\n" + b"BD,7001,Teal House,active\n" * 250_000, "2 MiB"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_factory_list_is_refused_at_its_field(as_: As, tmp_path: Path, name: str) -> None:
    content, words = FILES[name]
    officer = as_("programme-officer")
    officer.speaks("en")
    officer.expects("422")
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    officer.open("/imports/new")
    officer.page.get_by_label("File").set_input_files(file)
    officer.page.get_by_role("button", name="Import").click()
    expect(officer.page.locator("#file-error")).to_contain_text(words)


def test_a_file_larger_than_any_form_is_refused_in_the_language_of_the_reader(as_: As, tmp_path: Path) -> None:
    officer = as_("programme-officer")
    officer.speaks("ar")
    officer.expects("422")
    file = tmp_path / "list.csv"
    file.write_bytes(bytes(5 * 1024 * 1024))
    officer.open("/imports/new")
    officer.page.locator("#file").set_input_files(file)
    officer.page.locator("main form .btn-primary").click()
    expect(officer.page.locator("#file-error")).to_contain_text("الملف أكبر من المسموح")


def test_more_text_than_a_field_takes_is_refused_with_a_page(as_: As) -> None:
    officer = as_("programme-officer")
    officer.speaks("en")
    answer = officer.context.request.post(
        f"{officer.console}/factories/bd-1010/consents", form={"evidence": "x" * 70_000}
    )
    assert answer.status == 413
    assert "More was sent than can be taken at once" in answer.text()


def test_a_wrong_plan_is_refused_at_its_field_and_keeps_what_was_typed(as_: As) -> None:
    leader = as_("team-leader")
    leader.speaks("en")
    leader.expects("422")
    leader.open("/factories/bd-1007/assessments/new")
    leader.page.get_by_label("First advisor").select_option(label="Nasrin Akter")
    leader.page.get_by_label("Second advisor").select_option(label="Nasrin Akter")
    for label in ("The visit may start from", "and until", "First day on site"):
        leader.page.get_by_label(label).fill("1926-05-04")
    leader.page.get_by_role("button", name="Plan the visit").click()
    expect(leader.page.locator(".field-error").first).to_be_visible()
    expect(leader.page.get_by_label("First day on site")).to_have_value("1926-05-04")
    assert leader.page.locator("[aria-invalid=true]").first.get_attribute("aria-describedby")


def test_a_wrong_day_on_site_is_refused_at_its_field_and_the_right_ones_are_handed_in(as_: As, team: Team) -> None:
    advisor = as_("advisor-1")
    advisor.speaks("en")
    advisor.expects("422")
    key = team.answer("bd-1006")
    advisor.open(f"/assessments/{key}")
    advisor.page.locator("main header").get_by_role("button", name="Submit").click()
    dialog, first = advisor.page.locator("dialog[open]"), advisor.page.get_by_label("Day 1 on site")
    planned = calendar_day(team.acting("advisor-1").assessment(key).on_site_days[0]).isoformat()
    expect(first).to_have_value(planned)
    first.fill("2001-01-01")
    dialog.get_by_role("button", name="Submit").click()
    expect(advisor.page.locator("#on_site_1-error")).to_be_visible()
    expect(first).to_have_value("2001-01-01")
    advisor.page.get_by_label("Day 2 on site").fill("")
    first.fill(planned)
    dialog.get_by_role("button", name="Submit").click()
    expect(advisor.main().get_by_text("The answers are with the team leader.")).to_be_visible()


def test_a_consent_in_the_past_is_refused_at_its_field(as_: As) -> None:
    officer = as_("programme-officer")
    officer.speaks("en")
    officer.expects("422")
    officer.open("/factories/bd-1008/consents/new")
    officer.page.get_by_label("Organisation").select_option(label="Fjord Basics · Buyer")
    officer.page.get_by_label("Until").fill("2001-01-01")
    officer.page.get_by_label("Document").fill("Letter of 3 March")
    officer.page.get_by_role("button", name="Give consent").click()
    expect(officer.page.locator("#until-error")).to_be_visible()
    expect(officer.page.get_by_label("Document")).to_have_value("Letter of 3 March")


def test_a_double_click_gives_one_consent(as_: As) -> None:
    officer = as_("programme-officer")
    officer.speaks("en")
    officer.open("/factories/bd-1009/consents/new")
    officer.page.get_by_label("Organisation").select_option(label="Fjord Basics · Buyer")
    officer.page.get_by_label("Document").fill("Letter of 3 March")
    sent: dict[str, str | float | bool] = {
        name: officer.page.locator(f"main form [name={name}]").input_value()
        for name in ("csrf", "request_id", "grant_id", "organisation", "scope", "until", "evidence")
    }
    for _ in range(2):
        answer = officer.context.request.post(
            f"{officer.console}/factories/bd-1009/consents", form=sent, max_redirects=0
        )
        assert answer.status == 303
    officer.open("/factories/bd-1009")
    assert officer.page.locator("[data-grant]").count() == 1


def test_a_form_from_elsewhere_does_nothing(as_: As) -> None:
    officer = as_("programme-officer")
    answer = officer.context.request.post(f"{officer.console}/factories/bd-1010/consents", form={"organisation": "x"})
    assert answer.status == 403
