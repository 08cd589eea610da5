"""The answers of successful mutations, kept so that a retry has one effect and the same answer."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from google.protobuf.message import Message as Proto

from chassis.database import db
from chassis.errors import AlreadyExists

KEPT = timedelta(days=90)
LARGEST_ANSWER = 65_536
AnswerT = TypeVar("AnswerT", bound=Proto)


def remembered(caller: str, method: str, request_id: str, request: Proto, answer: type[AnswerT]) -> AnswerT | None:
    """The answer given before to this request id. Raises AlreadyExists when the id came with another request."""
    row = db().requests.find_one({"_id": _identify(caller, method, request_id)})
    if row is None:
        return None
    if row["request"] != _digest(request):
        raise AlreadyExists("The request_id was used for a different request.", reason="REQUEST_ID_REUSED")
    return answer.FromString(row["answer"])


def remember(caller: str, method: str, request_id: str, request: Proto, answer: Proto) -> None:
    """Keep the answer, in the unit of work of its effect. Only successes are kept: a refusal changed nothing."""
    body = answer.SerializeToString(deterministic=True)
    if len(body) > LARGEST_ANSWER:
        raise ValueError(f"the answer of {method} is too large to be kept")
    now = datetime.now(UTC)  # asking the server would be one more round trip in every mutation
    db().requests.insert_one(
        {
            "_id": _identify(caller, method, request_id),
            "request": _digest(request),
            "answer": body,
            "at": now,
            "expires_at": now + KEPT,
        }
    )


def _identify(caller: str, method: str, request_id: str) -> str:
    return f"{caller}/{method}/{request_id}"


def _digest(request: Proto) -> bytes:
    return hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
