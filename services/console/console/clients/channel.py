"""One call to a service on behalf of one person; failures come back as troubles."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

import grpc

from chassis import grpc_client
from console.clients.outages import Outages
from console.clients.troubles import Down, understand

ResponseT = TypeVar("ResponseT")

SHORT_SECONDS = 1.0
"""What a question to a service that has just failed may take: a page has many parts, and none should wait for each."""

_token: ContextVar[str] = ContextVar("token")


def connect(address: str) -> grpc.Channel:
    """A channel to a service; each call carries the token of the person it is made for."""
    return grpc_client.channel(address, _token.get)


class Line:
    """Calls to one service for one person."""

    def __init__(self, service: str, token: str, seconds: float, outages: Outages | None = None) -> None:
        self.service = service
        self._person = token
        self._seconds = seconds
        self._outages = outages or Outages()

    def call(self, method: Callable[..., ResponseT], request: Any, *, seconds: float = 0) -> ResponseT:
        """Make the call; raises a Trouble. `seconds` replaces the usual deadline."""
        reset = _token.set(self._person)
        try:
            answer = method(request, timeout=self._patience(request, seconds or self._seconds))
        except grpc.RpcError as error:
            raise self._trouble(error) from error
        finally:
            _token.reset(reset)
        self._outages.answered(self.service)
        return answer

    def _patience(self, request: Any, seconds: float) -> float:
        """A command gets all its time; a question to a service that is away gets little."""
        asks = "request_id" not in request.DESCRIPTOR.fields_by_name
        return min(seconds, SHORT_SECONDS) if asks and self._outages.since(self.service) else seconds

    def _trouble(self, error: grpc.RpcError) -> Exception:
        trouble = understand(self.service, error)
        if isinstance(trouble, Down):
            trouble.since = self._outages.failed(self.service)
        else:
            self._outages.answered(self.service)
        return trouble
