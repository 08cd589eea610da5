"""Reads of what need not be there yet."""

from collections.abc import Callable
from typing import TypeVar

import grpc

from console.clients.troubles import Refused

T = TypeVar("T")


def or_none(read: Callable[[], T]) -> T | None:
    """What is read; None where the service knows of none, or of none that this person may see."""
    try:
        return read()
    except Refused as refusal:
        if refusal.code is grpc.StatusCode.NOT_FOUND:
            return None
        raise
