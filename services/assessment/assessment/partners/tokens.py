"""Resume tokens: where in the feed a partner stands, signed, so that nobody makes, changes or borrows one."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from chassis.errors import Invalid

FIELD = "resume_token"
_SIGNATURE_BYTES = 16


@dataclass(frozen=True)
class Place:
    """A place in a generation of the feed.

    `number` is the last row that was sent or does not concern the organisation. `asked_at` (milliseconds) is when its
    grants were last known: one that began later has not been announced yet. `snapshot` names the last grant whose
    snapshot was sent whole, as `factory/scope`, "" before the first; None once the snapshot is over.
    """

    generation: int
    number: int
    asked_at: int
    snapshot: str | None = None


class Tokens:
    """Makes and reads the tokens of every organisation with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, organisation_id: str, place: Place) -> str:
        """The token of a place."""
        content = [organisation_id, place.generation, place.number, place.asked_at, place.snapshot]
        body = json.dumps(content, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def read(self, organisation_id: str, token: str, generation: int) -> Place:
        """The place of a token. Raises Invalid for one that we did not make, of another organisation or feed."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        except ValueError:
            raise _unknown() from None
        if not hmac.compare_digest(signature, self._sign(body)):
            raise _unknown()
        owner, *place = json.loads(body)
        if owner != organisation_id:
            raise Invalid.field(FIELD, "was given to another organisation", reason="RESUME_TOKEN_NOT_YOURS")
        found = Place(*place)
        if found.generation != generation:
            raise outdated()
        return found

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:_SIGNATURE_BYTES]


def outdated() -> Invalid:
    """The refusal of a token of a feed that is no more."""
    return Invalid.field(
        FIELD,
        "is from before the feed was built anew; call without a token, and a snapshot comes first",
        reason="RESUME_TOKEN_OUTDATED",
    )


def _unknown() -> Invalid:
    return Invalid.field(FIELD, "is not a token that this stream gave", reason="RESUME_TOKEN_INVALID")
