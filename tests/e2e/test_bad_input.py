"""What people send wrong: a clear word at the right place, and nothing changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from local_stack.demo import lists

from .visitor import Visitor

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]

FILES = {
    "empty": (b"", "not empty"),
    "another encoding": (lists.files()[lists.WRONG_ENCODING], "UTF-8"),
    "not a list": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "UTF-8"),
    "an unknown column": (b"country,id,name,status,colour\nBD,7001,Teal House,active,blue\n", "column 5"),
    "no rows": (b"country,id,name,status\n", "row"),
    "too large": (b"country,id,name,status\n" + b"BD,7001,Teal House,active\n" * 90_000, "2 MiB"),
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
