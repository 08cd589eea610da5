"""Which faults lie outside what was asked: these are tried again, everything else is told or parked."""

import pytest
from pymongo.errors import (
    AutoReconnect,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
    WTimeoutError,
)

from chassis.errors import Invalid, Unavailable
from chassis.outcomes import is_infrastructure
from chassis.unit_of_work import WriteConflict


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect(),
        ExecutionTimeout("too slow"),
        ServerSelectionTimeoutError(),
        WriteConcernError("no majority now"),
        WTimeoutError("no majority in time"),
        OperationFailure("not primary", details={"errorLabels": ["RetryableWriteError"]}),
        OperationFailure("conflict", details={"errorLabels": ["TransientTransactionError"]}),
        WriteConflict("an id"),
        Unavailable("down"),
        ConnectionError(),
        TimeoutError(),
    ],
)
def test_faults_of_what_lies_below_are_tried_again(error: Exception) -> None:
    assert is_infrastructure(error)


def test_a_fault_hidden_behind_another_counts() -> None:
    hidden = ValueError("what a library made of it")
    hidden.__context__ = WriteConcernError("no majority now")
    assert is_infrastructure(hidden)


@pytest.mark.parametrize(
    "error", [ValueError(), Invalid("wrong"), DuplicateKeyError("taken"), OperationFailure("bad query")]
)
def test_faults_of_the_request_are_not(error: Exception) -> None:
    assert not is_infrastructure(error)
