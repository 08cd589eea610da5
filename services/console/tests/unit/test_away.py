"""A service that is away: since when, how long others wait for it, and what is shown instead."""

import time
from collections.abc import Callable

import grpc
import pytest

from amplify.notifications.v1.inbox_service_pb2 import CountUnreadMessagesRequest, MarkMessageReadRequest
from console import last_shown
from console.clients.channel import SHORT_SECONDS, Line
from console.clients.outages import Outages
from console.clients.troubles import Down, Refused
from console.last_shown import LastShown
from console.subject import factory_filter

QUESTION = CountUnreadMessagesRequest()
COMMAND = MarkMessageReadRequest()


class Failure(grpc.RpcError):
    """What gRPC raises; rpc_status finds no details in it."""

    def __init__(self, code: grpc.StatusCode) -> None:
        self._code = code

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return ""

    def trailing_metadata(self) -> tuple[()]:
        return ()


def failing(code: grpc.StatusCode) -> Callable[..., None]:
    def method(request: object, timeout: float) -> None:
        raise Failure(code)

    return method


def patience(line: Line, request: object) -> float:
    """How long the line would wait for the answer."""
    waited: list[float] = []
    line.call(lambda _, timeout: waited.append(timeout), request)
    return waited[0]


def test_everybody_learns_since_when_a_service_is_away() -> None:
    outages = Outages()
    one, other = Line("training", "a", 5, outages), Line("training", "b", 5, outages)
    with pytest.raises(Down) as first:
        one.call(failing(grpc.StatusCode.UNAVAILABLE), QUESTION)
    with pytest.raises(Down) as second:
        other.call(failing(grpc.StatusCode.DEADLINE_EXCEEDED), QUESTION)
    assert first.value.since == second.value.since == outages.since("training")
    assert outages.since("programme") is None


def test_a_question_to_a_service_that_failed_waits_briefly_and_a_command_does_not_hurry() -> None:
    outages = Outages()
    line = Line("training", "a", 5, outages)
    assert patience(line, QUESTION) == 5
    for _ in range(2):
        outages.failed("training")
        assert patience(line, QUESTION) == SHORT_SECONDS
        assert outages.since("training") is None, "an answer ends the outage"
    outages.failed("training")
    assert patience(line, COMMAND) == 5


def test_a_refusal_is_an_answer() -> None:
    outages = Outages()
    outages.failed("training")
    with pytest.raises(Refused):
        Line("training", "a", 5, outages).call(failing(grpc.StatusCode.NOT_FOUND), QUESTION)
    assert outages.since("training") is None


def test_what_one_person_was_shown_is_shown_to_nobody_else() -> None:
    kept = LastShown()
    kept.keep("anna", "lines", ["a"])
    found = kept.find("anna", "lines")
    assert found is not None
    assert found[0] == ["a"]
    assert kept.find("bert", "lines") is None
    assert kept.find("anna", "visits") is None


def test_what_was_shown_is_forgotten_after_a_while_and_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = LastShown()
    for number in range(last_shown.MOST + 1):
        kept.keep("anna", str(number), number)
    assert kept.find("anna", "0") is None
    assert kept.find("anna", "1") is not None
    later = time.monotonic() + last_shown.KEPT_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert kept.find("anna", "1") is None


@pytest.mark.parametrize(
    ("asked", "found"), [("", ""), (" BD-1001 ", "bd-1001"), ("blue", "xx-0"), ("bd-1001/plan", "xx-0")]
)
def test_a_filter_that_is_no_number_finds_nothing_instead_of_failing(asked: str, found: str) -> None:
    assert factory_filter(asked) == found
