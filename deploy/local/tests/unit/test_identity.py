"""The development provider signs in by one click, and refuses what a real one would refuse."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from starlette.testclient import TestClient

from local_stack.identity.app import provider
from local_stack.identity.grants import challenge_of
from local_stack.identity.keys import signing_key
from local_stack.identity.tokens import Issuer
from local_stack.people import directory

URL = "http://127.0.0.1:9000"
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-0123456789"
ASKED = {
    "client_id": "console",
    "redirect_uri": "http://127.0.0.1:8080/sign-in/callback",
    "response_type": "code",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
    "state": "s1",
    "nonce": "n1",
}


@pytest.fixture(scope="module")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("identity")


@pytest.fixture
def browser(key_folder: Path) -> TestClient:
    issuer = Issuer(URL, signing_key(key_folder), 900)
    return TestClient(provider(issuer, directory()), base_url=URL, follow_redirects=False)


def click(browser: TestClient, person: str, **changes: str) -> str:
    answer = browser.post("/authorize", data={**ASKED, **changes, "person": person})
    assert answer.status_code == 303, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["s1"]
    return str(query["code"][0])


def redeem(browser: TestClient, code: str, **changes: str) -> Any:
    form = {
        "grant_type": "authorization_code",
        "client_id": "console",
        "code": code,
        "redirect_uri": ASKED["redirect_uri"],
        "code_verifier": VERIFIER,
    }
    return browser.post("/token", data={**form, **changes})


def claims(browser: TestClient, token: str, audience: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict(browser.get("/jwks").json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return dict(jwt.decode(token, key.key, algorithms=["RS256"], audience=audience, issuer=URL))


def test_one_click_gives_a_token_that_the_published_keys_verify(browser: TestClient) -> None:
    answer = redeem(browser, click(browser, "team-leader")).json()
    access = claims(browser, answer["access_token"], "amplify")
    assert (access["roles"], access["countries"]) == (["team-leader"], ["BD"])
    assert access["sub"] == directory().person("team-leader").sub
    assert claims(browser, answer["id_token"], "console")["nonce"] == "n1"


def test_a_partner_and_a_factory_manager_carry_what_they_belong_to(browser: TestClient) -> None:
    for person, claim, value in (
        ("buyer", "organisation", "north-sea-apparel"),
        ("factory-manager-jo", "factory", "jo-4001"),
    ):
        token = redeem(browser, click(browser, person)).json()["access_token"]
        assert claims(browser, token, "amplify")[claim] == value


def test_a_code_is_good_once_and_only_for_its_verifier(browser: TestClient) -> None:
    code = click(browser, "sre")
    assert redeem(browser, code, code_verifier="another").json()["error"] == "invalid_grant"
    assert redeem(browser, code).json()["error"] == "invalid_grant"
    assert redeem(browser, click(browser, "sre"), redirect_uri="http://127.0.0.1:1/x").status_code == 400


def test_a_refresh_token_gives_a_new_access_token(browser: TestClient) -> None:
    refresh = redeem(browser, click(browser, "buyer")).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": "console", "refresh_token": refresh}
    assert claims(browser, browser.post("/token", data=form).json()["access_token"], "amplify")["roles"] == ["buyer"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"client_id": "nobody"}, "client_id"),
        ({"redirect_uri": "http://example.org/sign-in/callback"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:8080.example.org/sign-in/callback"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:8080/elsewhere"}, "redirect_uri"),
        ({"code_challenge": ""}, "PKCE"),
        ({"code_challenge_method": "plain"}, "PKCE"),
        ({"response_type": "token"}, "response_type"),
    ],
)
def test_a_wrong_request_is_refused_on_a_page_and_never_redirected(
    browser: TestClient, changes: dict[str, str], complaint: str
) -> None:
    for answer in (
        browser.get("/authorize", params={**ASKED, **changes}),
        browser.post("/authorize", data={**ASKED, **changes, "person": "sre"}),
    ):
        assert answer.status_code == 400
        assert complaint in answer.text


def test_a_service_gets_a_token_with_its_secret_only(browser: TestClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "programme"}
    good = browser.post("/token", data={**form, "client_secret": "development-programme-secret"}).json()
    assert claims(browser, good["access_token"], "amplify")["roles"] == ["service"]
    assert browser.post("/token", data={**form, "client_secret": "wrong"}).status_code == 401
    assert browser.post("/token", auth=("programme", "development-programme-secret"), data=form).status_code == 200
    console = {"grant_type": "client_credentials", "client_id": "console"}
    assert browser.post("/token", data=console).json()["error"] == "unsupported_grant_type"


def test_userinfo_wants_a_good_token(browser: TestClient) -> None:
    token = redeem(browser, click(browser, "advisor-1")).json()["access_token"]
    told = browser.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).json()
    assert told["email"] == "advisor-1@example.org"
    assert browser.get("/userinfo").status_code == 401
    assert browser.get("/userinfo", headers={"Authorization": "Bearer x.y.z"}).status_code == 401


def test_signing_out_returns_to_the_console_and_nowhere_else(browser: TestClient) -> None:
    home = browser.get("/end_session", params={"post_logout_redirect_uri": "http://127.0.0.1:8080/sign-in"})
    assert home.headers["location"] == "http://127.0.0.1:8080/sign-in"
    away = browser.get("/end_session", params={"post_logout_redirect_uri": "http://example.org/sign-in"})
    assert away.status_code == 200


def test_every_page_says_that_it_is_for_development(browser: TestClient) -> None:
    for page in (browser.get("/"), browser.get("/authorize", params=ASKED), browser.get("/end_session")):
        assert "DEVELOPMENT SIGN-IN" in page.text


def test_the_key_survives_a_restart(key_folder: Path) -> None:
    assert signing_key(key_folder).kid == signing_key(key_folder).kid
    assert (key_folder / "signing-key.json").stat().st_mode & 0o077 == 0


def test_ids_of_people_and_clients_are_unique() -> None:
    known = directory()
    subjects = [one.sub for one in known.people] + [one.sub for one in known.clients if one.sub]
    assert len(set(subjects)) == len(subjects)
    assert len({person.key for person in known.people}) == len(known.people)


def test_a_partners_program_gets_a_token_for_the_ports_for_partners_alone(browser: TestClient) -> None:
    client = directory().client("north-sea-apparel-client")
    assert client is not None
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
    answer = browser.post("/token", data=form).json()
    said = claims(browser, answer["access_token"], "amplify-partner")
    assert (said["roles"], said["organisation"]) == (["buyer"], "north-sea-apparel")
    assert said["exp"] - said["iat"] <= 900
    with pytest.raises(jwt.InvalidAudienceError):
        claims(browser, answer["access_token"], "amplify")
