"""Following changes for as long as the caller likes, over breaks, restarts and new tokens."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import grpc

from amplify.assessment.v1.partner_service_pb2 import Change, WatchChangesRequest, WatchChangesResponse
from amplify_client.calling import FIRST_PAUSE, Caller, Patience
from amplify_client.refusals import Refused, refusal

MOST_TOKENS_REFUSED = 2
"""Refusals of the access token in a row, after which a new one does not help."""


@dataclass(frozen=True)
class Item:
    """What came: a change, or None for a heartbeat.

    Keep `resume_token` together with what the change did, in one transaction if you can: following again with it goes
    on behind this item. The same change may come again (`change.event_id` tells); none is left out.
    """

    resume_token: str
    change: Change | None


def follow(
    caller: Caller, watch: Callable[..., Iterator[WatchChangesResponse]], request: WatchChangesRequest
) -> Iterator[Item]:
    """Items without end. Raises Refused where going on cannot help, as for a token of a feed that was built anew."""
    patience, refused_tokens = Patience(), 0
    while True:
        try:
            for answer in _answers(caller, watch, request):
                patience.reset()
                refused_tokens = 0
                request.resume_token = answer.resume_token
                yield Item(answer.resume_token, answer.change if answer.HasField("change") else None)
            time.sleep(FIRST_PAUSE)
        except (grpc.RpcError, Refused) as error:
            refused = refusal(error)
            if refused.code is grpc.StatusCode.UNAUTHENTICATED:
                refused_tokens += 1
            caller.demand_another_try(refused, is_last=refused_tokens >= MOST_TOKENS_REFUSED)
            patience.wait(refused)


def _answers(
    caller: Caller, watch: Callable[..., Iterator[WatchChangesResponse]], request: WatchChangesRequest
) -> Iterator[WatchChangesResponse]:
    """One stream, from getting a token for it to its end."""
    stream = watch(request, metadata=caller.metadata())
    try:
        yield from stream
    finally:
        stream.cancel()  # type: ignore[attr-defined]
