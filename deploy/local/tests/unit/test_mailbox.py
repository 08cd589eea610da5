"""The mailbox keeps what it is sent and shows it, whatever its script, and never runs what it shows."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from local_stack.mailbox.app import mailbox
from local_stack.mailbox.smtp import Fault
from local_stack.mailbox.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def fault() -> Fault:
    return Fault()


@pytest.fixture
def page(store: Store, fault: Fault) -> TestClient:
    return TestClient(mailbox(store, fault))


def message(subject: str = "Hello", text: str = "Good morning", html: str = "") -> bytes:
    made = EmailMessage()
    made["Subject"], made["Message-ID"] = subject, "<1@amplify>"
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return bytes(made)


def test_messages_are_listed_newest_first_and_found_by_recipient(store: Store, page: TestClient) -> None:
    store.keep("amplify@example.org", ["buyer@example.org"], message("First"))
    store.keep("amplify@example.org", ["factory@example.org", "advisor@example.org"], message("Second"))
    assert [one["subject"] for one in page.get("/api/messages").json()] == ["Second", "First"]
    found = page.get("/api/messages", params={"to": "ADVISOR@example.org"}).json()
    assert [(one["subject"], one["message_id"]) for one in found] == [("Second", "<1@amplify>")]
    assert "No messages" in page.get("/", params={"to": "nobody"}).text


def test_arabic_arrives_as_it_was_written(store: Store, page: TestClient) -> None:
    kept = store.keep("amplify@example.org", ["r@example.org"], message("صدر التقرير", "مرحبا", "<p dir=rtl>مرحبا</p>"))
    told = page.get("/api/messages").json()[0]
    assert (told["subject"], told["text"].strip()) == ("صدر التقرير", "مرحبا")
    assert "مرحبا" in page.get(f"/messages/{kept}/html").text
    assert "صدر التقرير" in page.get(f"/messages/{kept}").text


def test_what_a_message_brings_is_shown_in_a_sandbox(store: Store, page: TestClient) -> None:
    kept = store.keep("a@example.org", ["b@example.org"], message("<b>x</b>", html="<script>alert(1)</script>"))
    assert (
        page.get(f"/messages/{kept}/html").headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    )
    assert "<b>x</b>" not in page.get("/").text


def test_an_unknown_message_is_not_found(page: TestClient) -> None:
    assert page.get("/messages/1").status_code == 404
    assert page.get("/messages/..%2Fsecret").status_code == 404


def test_messages_can_be_cleared(store: Store, page: TestClient) -> None:
    store.keep("a@example.org", ["b@example.org"], message())
    assert page.delete("/api/messages").status_code == 204
    assert page.get("/api/messages").json() == []


def test_a_fault_is_used_up(page: TestClient, fault: Fault) -> None:
    page.put("/api/fault", json={"kind": "refuse-for-now", "times": 2})
    assert [fault.take() for _ in range(3)] == ["refuse-for-now", "refuse-for-now", "none"]
    assert page.put("/api/fault", json={"kind": "explode"}).status_code == 400
