"""One call to a service on behalf of one person; failures come back as troubles."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

import grpc

from chassis import grpc_client
from console.clients.troubles import understand

ResponseT = TypeVar("ResponseT")

_token: ContextVar[str] = ContextVar("token")


def connect(address: str) -> grpc.Channel:
    """A channel to a service; each call carries the token of the person it is made for."""
    return grpc_client.channel(address, _token.get)


class Line:
    """Calls to one service for one person."""

    def __init__(self, service: str, token: str, seconds: float) -> None:
        self.service = service
        self._person = token
        self._seconds = seconds

    def call(self, method: Callable[..., ResponseT], request: Any, *, seconds: float = 0) -> ResponseT:
        """Make the call; raises a Trouble. `seconds` replaces the usual deadline."""
        reset = _token.set(self._person)
        try:
            return method(request, timeout=seconds or self._seconds)
        except grpc.RpcError as error:
            raise understand(self.service, error) from error
        finally:
            _token.reset(reset)
