"""What became of records that were handed to the producer: taken, refused for good, or hindered by an outage."""

import contextlib
import time
from collections.abc import Iterable
from typing import Any

from kafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

ANSWER_SECONDS = 20.0
PERMANENT = (MessageSizeTooLargeError, RecordListTooLargeError, TopicAuthorizationFailedError, ValueError)
"""What the broker, or the producer before it, refuses of one aggregate in one stream."""


def await_all(outcomes: Iterable[Any]) -> None:
    """Wait until the broker has answered for every record, or for twenty seconds.

    An outcome is the producer's future, or the error that kept the record from being handed over. The producer's own
    `flush` alone will not do: it raises for a batch that the broker had split, though its parts arrive. Before this it
    saves a change of threads for each record.
    """
    give_up_at = time.monotonic() + ANSWER_SECONDS
    for outcome in outcomes:
        if not isinstance(outcome, BaseException):
            with contextlib.suppress(KafkaError):
                outcome.get(timeout=max(give_up_at - time.monotonic(), 0.001))


def error_of(outcome: Any) -> BaseException | None:
    """Why a record is not known to be on the broker; None when it is."""
    error: object = outcome if isinstance(outcome, BaseException) else outcome.exception
    if isinstance(error, BaseException):
        return error
    return None if outcome.is_done else KafkaError("not acknowledged in time")


def is_outage(error: Any) -> bool:
    """Whether an error hinders more than one aggregate or stream."""
    aside = (*PERMANENT, UnknownTopicOrPartitionError)
    return isinstance(error, BaseException) and not isinstance(error, aside)
