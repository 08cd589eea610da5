"""A retry has one effect and the same answer, and a caller reads what its rules allow."""

import threading
from typing import Any

import grpc
import pytest
from callers import Issuer
from ledger_rpc import call, refused

from chassis import fail_points
from chassis.database import db
from chassis.fail_points import FailPointReached
from chassis.ids import new_id

pytestmark = pytest.mark.stack


def opened(channel: grpc.Channel, token: str) -> str:
    """A fresh account."""
    id = new_id()
    call(channel, "OpenAccount", token, request_id=new_id(), account_id=id, owner="me")
    return id


def balance(id: str) -> int:
    """What is stored."""
    row = db().accounts.find_one({"_id": id})
    return row["balance"] if row else -1


def test_the_same_request_id_has_one_effect_and_the_same_answer(channel: grpc.Channel, token: str) -> None:
    """However often, and also when several arrive at once."""
    id, request_id = opened(channel, token), new_id()
    answers: list[Any] = []

    def ask() -> None:
        fields: dict[str, Any] = {"request_id": request_id, "account_id": id, "amount": 5}
        answers.append(call(channel, "CreditAccount", token, timeout=60, **fields))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [answers[0]] * 6
    assert answers[0].balance == balance(id) == 5


def test_an_answer_that_was_lost_after_the_commit_is_given_again(channel: grpc.Channel, token: str) -> None:
    """The answer is stored with its effect, so that the retry finds it."""
    id = opened(channel, token)
    fields: dict[str, Any] = {"request_id": new_id(), "account_id": id, "amount": 7}

    def lose() -> None:
        raise FailPointReached

    fail_points.hook("work.committed", lose)
    try:
        refused(lambda: call(channel, "CreditAccount", token, **fields))
    finally:
        fail_points.hook("work.committed", None)
    assert call(channel, "CreditAccount", token, **fields).balance == 7
    assert balance(id) == 7


def test_the_same_id_with_another_request_is_refused(channel: grpc.Channel, token: str) -> None:
    """And nothing changes."""
    id, request_id = opened(channel, token), new_id()
    call(channel, "CreditAccount", token, request_id=request_id, account_id=id, amount=1)
    other = refused(lambda: call(channel, "CreditAccount", token, request_id=request_id, account_id=id, amount=2))
    assert other == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert balance(id) == 1


def test_request_ids_of_two_callers_do_not_meet(channel: grpc.Channel, trusted: Issuer, token: str) -> None:
    """A caller cannot read another's answer by guessing an id."""
    id, request_id = opened(channel, token), new_id()
    fields: dict[str, Any] = {"request_id": request_id, "account_id": id, "amount": 1}
    call(channel, "CreditAccount", token, **fields)
    assert call(channel, "CreditAccount", trusted.token(sub="clerk-2"), **fields).balance == 2


def test_a_mutation_without_a_request_id_is_refused(channel: grpc.Channel, token: str) -> None:
    """All such requests of a caller would otherwise be taken for one."""
    code, reason = refused(lambda: call(channel, "OpenAccount", token, account_id=new_id(), owner="me"))
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD")


def test_a_refusal_is_judged_afresh(channel: grpc.Channel, token: str) -> None:
    """It changed nothing, so the same request may succeed later."""
    id = new_id()
    fields: dict[str, Any] = {"request_id": new_id(), "account_id": id, "amount": 3}
    assert refused(lambda: call(channel, "CreditAccount", token, **fields))[0] is grpc.StatusCode.NOT_FOUND
    call(channel, "OpenAccount", token, request_id=new_id(), account_id=id, owner="me")
    assert call(channel, "CreditAccount", token, **fields).balance == 3


def test_an_earlier_answer_is_given_before_the_etag_is_judged(channel: grpc.Channel, token: str) -> None:
    """A retry carries the etag of its first try, which its own effect has made stale."""
    id = opened(channel, token)
    fields: dict[str, Any] = {"request_id": new_id(), "account_id": id, "amount": 1, "etag": '"1"'}
    assert call(channel, "CreditAccount", token, **fields) == call(channel, "CreditAccount", token, **fields)
    stale = refused(lambda: call(channel, "CreditAccount", token, **(fields | {"request_id": new_id()})))
    assert stale == (grpc.StatusCode.ABORTED, "STALE_ETAG")


def test_a_caller_reads_only_what_its_rules_allow(channel: grpc.Channel, trusted: Issuer, token: str) -> None:
    """Another's account looks like none, and a role without the right is told so."""
    id = opened(channel, token)
    assert call(channel, "GetAccount", token, account_id=id).id == id
    stranger = trusted.token(sub="clerk-3", owners=["somebody-else"])
    assert refused(lambda: call(channel, "GetAccount", stranger, account_id=id))[0] is grpc.StatusCode.NOT_FOUND
    visitor = trusted.token(roles=["visitor"])
    denied = refused(lambda: call(channel, "GetAccount", visitor, account_id=id))
    assert denied == (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED")
