"""A connection to one of Amplify's ports for partners."""

from types import TracebackType
from typing import Self

import grpc

from amplify_client.calling import Caller
from amplify_client.tokens import Credentials, Tokens

OPTIONS = [("grpc.keepalive_time_ms", 60_000), ("grpc.keepalive_timeout_ms", 20_000)]
"""A connection that died without a word is noticed within a minute and a half."""


class Connection:
    """What the clients of both ports have in common. Used with `with`.

    `channel_credentials` are those of TLS; without any, the connection is not protected: for development alone.
    `seconds` is the deadline of each call.
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        channel_credentials: grpc.ChannelCredentials | None = None,
        seconds: float = 20.0,
    ) -> None:
        self._channel = (
            grpc.secure_channel(address, channel_credentials, OPTIONS)
            if channel_credentials
            else grpc.insecure_channel(address, OPTIONS)
        )
        self._caller = Caller(Tokens(credentials), seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, and every stream with it."""
        self._channel.close()
