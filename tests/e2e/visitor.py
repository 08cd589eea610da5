"""A person at a browser: signs in, opens pages, and remembers what went wrong on them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response

from local_stack.people import Person


@dataclass
class Visitor:
    """One person in a browser context of their own."""

    context: BrowserContext
    console: str
    person: Person
    page: Page = field(init=False)
    errors: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    language: str = ""

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(self) -> None:
        """Through the provider's page, as everybody does."""
        self.page.goto(f"{self.console}/sign-in")
        self.page.get_by_role("link", name="Sign in").click()
        self.page.get_by_role("button", name=self.person.name).click()
        self.page.wait_for_url(f"{self.console}/**")

    def open(self, path: str, status: int = 200) -> Response:
        """Open a page of the console."""
        answer = self.page.goto(f"{self.console}{path}")
        assert answer is not None
        assert answer.status == status, f"{path} for {self.person.key}: {answer.status}"
        return answer

    def leave(self) -> None:
        """Close the page at hand, so that it asks for nothing any more; what that breaks off is no error of a page."""
        if self.page.url != "about:blank":
            self.page.goto("about:blank")
        self.errors.clear()

    def speaks(self, language: str) -> None:
        """Switch the interface to a language, if it is in another."""
        if self.language == language:
            return
        self.page.set_viewport_size({"width": 1280, "height": 850})
        self.open("/")
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.locator(f"button[name=language][value={language}]").click()
            self.page.wait_for_selector(f"html[lang={language}]")
        self.language = language

    def confirm(self, button: str, answer: str = "", fields: Mapping[str, str] | None = None) -> Response:
        """Press a button that asks first, fill in fields by their labels, and agree; the answer to the form sent."""
        self.page.locator("main header").get_by_role("button", name=button).click()
        dialog = self.page.locator("dialog[open]")
        for label, text in (fields or {}).items():
            dialog.get_by_label(label).fill(text)
        with self.page.expect_response(lambda one: one.request.method == "POST") as sent:
            dialog.get_by_role("button", name=answer or button).click()
        self.page.wait_for_load_state()
        return sent.value

    def main(self) -> Locator:
        """The content of the page, without menu and banner."""
        return self.page.locator("main")

    def json(self, path: str) -> Any:
        """The JSON of a page."""
        answer = self.context.request.get(f"{self.console}{path}", headers={"accept": "application/json"})
        return answer.json()

    def expects(self, pattern: str) -> None:
        """Errors like this are part of the test."""
        self.expected.append(pattern)

    def take_errors(self) -> list[str]:
        """What went wrong since it was last asked, but for what was expected."""
        found = [one for one in self.errors if not any(re.search(pattern, one) for pattern in self.expected)]
        self.errors.clear()
        self.expected.clear()
        return found

    def _heard(self, message: ConsoleMessage) -> None:
        where = str(message.location.get("url", ""))
        if message.type == "error" and where.startswith(self.console):
            self.errors.append(f"{message.text} at {where}")
