"""One way of calling: with a fresh token, a deadline, and patience where the service asks for it."""

import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import grpc

from amplify_client.refusals import AGAIN, Refused, refusal
from amplify_client.tokens import Tokens

AnswerT = TypeVar("AnswerT")
Metadata = list[tuple[str, str]]
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0


class Patience:
    """Growing pauses with jitter, never shorter than what the service asks for; `reset` after a success."""

    def __init__(self) -> None:
        self._longest = FIRST_PAUSE

    def reset(self) -> None:
        """Begin with short pauses again."""
        self._longest = FIRST_PAUSE

    def wait(self, refused: Refused) -> None:
        """Wait before the next try."""
        pause = max(refused.retry_after, random.uniform(self._longest / 2, self._longest))  # noqa: S311 - jitter
        self._longest = min(self._longest * 2, LONGEST_PAUSE)
        time.sleep(pause)


class Caller:
    """Calls with the token of the moment; a token that is refused is replaced once."""

    def __init__(self, tokens: Tokens, seconds: float) -> None:
        self._tokens = tokens
        self._seconds = seconds

    def metadata(self) -> Metadata:
        """What goes with each call."""
        return [("authorization", f"Bearer {self._tokens.current()}")]

    def call(self, method: Callable[..., AnswerT], request: object, *, tries: int = 5) -> AnswerT:
        """The answer, after some tries where the service is away or busy. Raises Refused."""
        patience = Patience()
        for remaining in reversed(range(tries)):
            try:
                return method(request, metadata=self.metadata(), timeout=self._seconds)
            except (grpc.RpcError, Refused) as error:
                self.demand_another_try(refused := refusal(error), is_last=not remaining)
                patience.wait(refused)
        raise AssertionError("unreachable")

    def demand_another_try(self, refused: Refused, *, is_last: bool) -> None:
        """Return where trying again may help; raise the refusal otherwise."""
        if is_last or refused.code not in AGAIN | {grpc.StatusCode.UNAUTHENTICATED}:
            raise refused
        if refused.code is grpc.StatusCode.UNAUTHENTICATED:
            self._tokens.forget()


def pages(turn: Callable[[str], tuple[list[AnswerT], str]]) -> Iterator[AnswerT]:
    """The rows of all pages; `turn` takes a page token and gives rows and the next token."""
    token = ""
    while True:
        rows, token = turn(token)
        yield from rows
        if not token:
            return
