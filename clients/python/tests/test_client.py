"""The client gets tokens, turns pages, follows over breaks, and says clearly why it was refused."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from amplify.assessment.v1 import partner_pb2
from amplify.assessment.v1 import partner_service_pb2 as pb
from amplify.assessment.v1.partner_service_pb2_grpc import (
    PartnerServiceServicer,
    add_PartnerServiceServicer_to_server,
)
from amplify_client import Credentials, PartnerClient, Refused
from amplify_client.tokens import Tokens

UNAUTHENTICATED = grpc.StatusCode.UNAUTHENTICATED
HANGS_UP = 0
"""In place of a status: the connection ends without an answer."""


class Issuer:
    """Gives tokens `t1`, `t2`, …; `troubles` are statuses that come first, one a request; 200 is none."""

    def __init__(self) -> None:
        self.given = 0
        self.troubles: list[int] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["content-length"])).decode()
                trouble = issuer.troubles.pop(0) if issuer.troubles else 200
                if trouble == HANGS_UP:
                    return
                if trouble != 200:
                    self.send_response(trouble)
                    self.end_headers()
                    return
                good = "client_secret=right" in asked and "grant_type=client_credentials" in asked
                issuer.given += good
                self.send_response(200 if good else 401)
                self.end_headers()
                self.wfile.write(b'{"access_token": "t%d", "expires_in": 900}' % issuer.given if good else b"{}")

            def log_message(self, *_: Any) -> None:
                """Be quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def abort(context: Any, code: grpc.StatusCode, reason: str, *details: Any) -> None:
    """Refuse as the service does."""
    status = status_pb2.Status(code=code.value[0], message=f"because of {reason}")
    for detail in (error_details_pb2.ErrorInfo(reason=reason, domain="amplify"), *details):
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
    context.abort(code, status.message)


class Service(PartnerServiceServicer):
    """Seven changes, numbered by their tokens; `troubles` are done one a call before anything is answered."""

    def __init__(self) -> None:
        self.troubles: list[Callable[[Any], None]] = []
        self.asked: list[tuple[str, str]] = []
        self.breaks_after = 100

    def _begin(self, request: Any, context: Any) -> None:
        token = dict(context.invocation_metadata())["authorization"]
        self.asked.append((token, getattr(request, "resume_token", getattr(request, "page_token", ""))))
        if self.troubles:
            self.troubles.pop(0)(context)

    def ListReleasedReports(self, request: Any, context: Any) -> pb.ListReleasedReportsResponse:
        self._begin(request, context)
        begin = int(request.page_token or 0)
        names = [partner_pb2.ReleasedReport(name=f"releasedReports/{n}") for n in range(begin, min(begin + 2, 5))]
        token = str(begin + 2) if begin + 2 < 5 else ""
        return pb.ListReleasedReportsResponse(released_reports=names, next_page_token=token)

    def WatchChanges(self, request: Any, context: Any) -> Iterator[pb.WatchChangesResponse]:
        self._begin(request, context)
        for number in range(int(request.resume_token or 0) + 1, 8):
            if number % self.breaks_after == 0 and request.resume_token != str(number - 1):
                abort(context, grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE", error_details_pb2.RetryInfo())
            yield pb.WatchChangesResponse(resume_token=str(number), change=pb.Change(event_id=str(number)))


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.close()


@pytest.fixture
def service() -> Service:
    return Service()  # type: ignore[abstract]  # what it lacks answers UNIMPLEMENTED


@pytest.fixture
def client(issuer: Issuer, service: Service) -> Iterator[PartnerClient]:
    server = grpc.server(ThreadPoolExecutor(8))
    add_PartnerServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with PartnerClient(f"127.0.0.1:{port}", Credentials(issuer.url, "me", "right"), seconds=60) as made:
        yield made
    server.stop(0)


def test_it_turns_pages_with_one_token(client: PartnerClient, service: Service, issuer: Issuer) -> None:
    assert [one.name for one in client.released_reports()] == [f"releasedReports/{n}" for n in range(5)]
    assert service.asked == [("Bearer t1", ""), ("Bearer t1", "2"), ("Bearer t1", "4")]
    assert issuer.given == 1


def test_it_tries_again_as_late_as_it_is_told(client: PartnerClient, service: Service) -> None:
    hint = error_details_pb2.RetryInfo()
    hint.retry_delay.nanos = 300_000_000
    service.troubles = [lambda context: abort(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED", hint)]
    assert len(list(client.released_reports())) == 5
    assert len(service.asked) == 4


def test_it_gets_a_new_token_where_the_old_one_is_refused(client: PartnerClient, service: Service) -> None:
    service.troubles = [lambda context: abort(context, grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")]
    assert len(list(client.released_reports())) == 5
    assert [token for token, _ in service.asked[:2]] == ["Bearer t1", "Bearer t2"]


def test_it_follows_over_breaks_without_loss(client: PartnerClient, service: Service) -> None:
    service.breaks_after = 3
    stream = client.follow()
    seen = [next(stream) for _ in range(7)]
    assert [item.change.event_id for item in seen if item.change] == [str(n) for n in range(1, 8)]
    assert [resumed for _, resumed in service.asked] == ["", "2", "5"]


def test_it_follows_while_the_issuer_restarts(client: PartnerClient, service: Service, issuer: Issuer) -> None:
    # The stream breaks and the token ends with it, and the issuer is away just then, as it was at the beginning.
    service.breaks_after = 3
    service.troubles = [lambda _: None, lambda context: abort(context, UNAUTHENTICATED, "TOKEN_INVALID")]
    issuer.troubles = [HANGS_UP, 200, HANGS_UP, 503]
    stream = client.follow()
    assert [next(stream).resume_token for _ in range(7)] == [str(n) for n in range(1, 8)]
    assert issuer.troubles == []
    assert [token for token, _ in service.asked] == ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]


def test_it_says_that_the_issuer_is_away() -> None:
    with pytest.raises(Refused, match="issuer of tokens") as caught:
        Tokens(Credentials("http://127.0.0.1:1/token", "me", "right")).current()
    assert caught.value.code is grpc.StatusCode.UNAVAILABLE


def test_it_goes_on_from_a_kept_token(client: PartnerClient, service: Service) -> None:
    assert next(client.follow("5")).resume_token == "6"  # noqa: S105
    assert service.asked == [("Bearer t1", "5")]


def test_it_says_which_field_is_wrong(client: PartnerClient, service: Service) -> None:
    bad = error_details_pb2.BadRequest()
    bad.field_violations.add(field="resume_token", description="was given to another organisation")
    service.troubles = [lambda context: abort(context, grpc.StatusCode.INVALID_ARGUMENT, "RESUME_TOKEN_NOT_YOURS", bad)]
    with pytest.raises(Refused, match="resume_token: was given to another") as caught:
        next(client.follow("5"))
    assert (caught.value.code, caught.value.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "RESUME_TOKEN_NOT_YOURS")


def test_a_wrong_secret_is_not_hidden(issuer: Issuer) -> None:
    credentials = Credentials(issuer.url, "me", "wrong")
    with PartnerClient("127.0.0.1:1", credentials) as client, pytest.raises(httpx.HTTPStatusError):
        next(client.released_reports())
    assert "wrong" not in repr(credentials)
