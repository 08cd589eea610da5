"""Signing in at a real provider, and what the browser holds afterwards."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from console.signin.sessions import COOKIE, Sessions

pytestmark = pytest.mark.stack


def csrf_of(page: str) -> str:
    return str(re.findall(r'name="csrf" value="([0-9a-f]{64})"', page)[0])


def expire(browser: TestClient, sessions: Sessions, **changes: object) -> None:
    """Let the access token of the browser's session be over."""
    session = sessions.find(browser.cookies[COOKIE], datetime.now(UTC))
    assert session is not None
    sessions.keep(replace(session, access_expires_at=1.0, **changes))  # type: ignore[arg-type]


def test_the_door_sends_to_the_provider_with_a_code_challenge(browser: TestClient) -> None:
    asked = parse_qs(urlsplit(browser.get("/sign-in/start").headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8080/sign-in/callback"]


def test_the_browser_holds_a_key_and_no_token(browser: TestClient, sign_in: Callable[..., str]) -> None:
    sign_in("team-leader")
    held = browser.cookies[COOKIE]
    assert len(held) < 60
    assert "." not in held


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    browser: TestClient, sign_in: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    original = browser.get

    def watch(*args: object, **more: object) -> object:
        answer = original(*args, **more)  # type: ignore[arg-type]
        seen.extend(answer.headers.get_list("set-cookie"))
        return answer

    monkeypatch.setattr(browser, "get", watch)
    sign_in("team-leader")
    cookie = next(one for one in seen if one.startswith(COOKIE))
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()


def test_signing_in_returns_to_the_page_that_was_asked_for(browser: TestClient, sign_in: Callable[..., str]) -> None:
    door = browser.get("/factories?country=BD").headers["location"]
    assert door == "/sign-in?to=/factories%3Fcountry%3DBD"
    assert sign_in("team-leader", to="/factories?country=BD") == "/factories?country=BD"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org"])
def test_signing_in_never_leads_to_another_site(sign_in: Callable[..., str], elsewhere: str) -> None:
    assert sign_in("team-leader", to=elsewhere) == "/"


def test_a_reply_that_was_not_asked_for_signs_nobody_in(browser: TestClient) -> None:
    answer = browser.get("/sign-in/callback?code=abc&state=made-up")
    assert answer.headers["location"] == "/sign-in?trouble=1"
    assert COOKIE not in browser.cookies


def test_a_made_up_or_ended_session_is_sent_to_the_door(
    browser: TestClient, sign_in: Callable[..., str], sessions: Sessions
) -> None:
    browser.cookies.set(COOKIE, "made-up")
    assert browser.get("/").headers["location"] == "/sign-in"
    browser.cookies.clear()
    sign_in("team-leader")
    expire(browser, sessions, ends_at=1.0)
    assert browser.get("/").headers["location"] == "/sign-in"


def test_an_expired_token_is_renewed_without_a_word(
    browser: TestClient, sign_in: Callable[..., str], sessions: Sessions
) -> None:
    sign_in("team-leader")
    expire(browser, sessions)
    assert browser.get("/").status_code == 200
    session = sessions.find(browser.cookies[COOKIE], datetime.now(UTC))
    assert session is not None
    assert session.access_expires_at > datetime.now(UTC).timestamp()


def test_without_renewal_the_person_signs_in_again_and_returns(
    browser: TestClient, sign_in: Callable[..., str], sessions: Sessions
) -> None:
    sign_in("team-leader")
    expire(browser, sessions, refresh_token="")
    assert browser.get("/factories").headers["location"] == "/sign-in?to=/factories"
    partial = browser.get("/factories", headers={"hx-request": "true", "referer": "http://127.0.0.1:8080/factories"})
    assert (partial.status_code, partial.headers["hx-redirect"]) == (401, "/sign-in?to=/factories")


def test_a_form_without_the_token_of_the_session_does_nothing(browser: TestClient, sign_in: Callable[..., str]) -> None:
    sign_in("team-leader")
    assert browser.post("/language", data={"language": "ar"}).status_code == 403
    assert browser.post("/language", data={"language": "ar", "csrf": "0" * 64}).status_code == 403
    assert '<html lang="en"' in browser.get("/").text


def test_a_language_is_kept_with_the_session_and_turns_the_page(
    browser: TestClient, sign_in: Callable[..., str]
) -> None:
    sign_in("team-leader")
    csrf = csrf_of(browser.get("/").text)
    answer = browser.post(
        "/language", data={"language": "ar", "csrf": csrf}, headers={"referer": "http://127.0.0.1:8080/inbox?page=2"}
    )
    assert answer.headers["location"] == "/inbox?page=2"
    page = browser.get("/").text
    assert '<html lang="ar" dir="rtl">' in page
    assert "tabler.rtl.css" in page


def test_signing_out_ends_the_session_here_and_at_the_provider(
    browser: TestClient, sign_in: Callable[..., str], sessions: Sessions
) -> None:
    sign_in("team-leader")
    key = browser.cookies[COOKIE]
    answer = browser.post("/sign-out", data={"csrf": csrf_of(browser.get("/").text)})
    assert "/end_session" in answer.headers["location"]
    assert sessions.find(key, datetime.now(UTC)) is None


def test_the_database_alone_opens_no_session(sign_in: Callable[..., str], sessions: Sessions) -> None:
    sign_in("team-leader")
    (row,) = sessions._rows.find()
    assert b"eyJ" not in bytes(row["sealed"])  # type: ignore[call-overload]
    assert sessions.find(str(row["_id"]), datetime.now(UTC)) is None


def test_every_answer_carries_the_policy_against_scripts_from_elsewhere(browser: TestClient) -> None:
    for path in ("/sign-in", "/nothing-here", "/static/console.js"):
        policy = browser.get(path).headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy


def test_a_page_asks_for_nothing_inline(browser: TestClient, sign_in: Callable[..., str]) -> None:
    sign_in("team-leader")
    page = browser.get("/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
    assert not re.search(r"\s(style|on[a-z]+)=\"", page)
