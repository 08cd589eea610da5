"""Sessions: the browser holds a random key; the database holds what only that key can open.

Tokens are sealed with a secret derived from the cookie, and the row is found by a digest of it: a copy of the
database signs nobody in.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from pymongo import MongoClient
from pymongo.collection import Collection

COOKIE = "amplify_session"


@dataclass(frozen=True)
class Session:
    """A signed-in person. Times are POSIX seconds; `language` is what the person chose, or empty."""

    key: str
    subject: str
    name: str
    roles: tuple[str, ...]
    countries: tuple[str, ...]
    organisation: str
    factory: str
    access_token: str
    access_expires_at: float
    refresh_token: str
    id_token: str
    ends_at: float
    language: str = ""

    @property
    def csrf(self) -> str:
        """What every form of this session carries; cannot be turned back into the key."""
        return hmac.new(self.key.encode(), b"csrf", hashlib.sha256).hexdigest()


def new_key() -> str:
    """A session key: 256 random bits."""
    return secrets.token_urlsafe(32)


class Sessions:
    """The store. All of it is the console's own; rows delete themselves after they end."""

    def __init__(self, client: "MongoClient[dict[str, object]]", database: str) -> None:
        self._rows: Collection[dict[str, object]] = client[database]["sessions"]

    def prepare(self) -> None:
        """Create the index by which ended sessions disappear; safe to repeat."""
        self._rows.create_index("ends_at", expireAfterSeconds=0)

    def keep(self, session: Session) -> None:
        """Store a session, new or changed."""
        body = asdict(session)
        del body["key"]
        sealed = _box(session.key).encrypt(json.dumps(body).encode())
        ends = datetime.fromtimestamp(session.ends_at, UTC)
        self._rows.replace_one({"_id": _row(session.key)}, {"sealed": sealed, "ends_at": ends}, upsert=True)

    def find(self, key: str, now: datetime) -> Session | None:
        """The session that a cookie names; None when it is unknown, ended or does not open."""
        row = self._rows.find_one({"_id": _row(key)})
        if row is None:
            return None
        try:
            body = json.loads(_box(key).decrypt(bytes(row["sealed"])))  # type: ignore[call-overload]
        except InvalidToken:
            return None
        session = Session(key=key, **{**body, "roles": tuple(body["roles"]), "countries": tuple(body["countries"])})
        return session if session.ends_at > now.timestamp() else None

    def end(self, key: str) -> None:
        """Forget a session; safe to repeat."""
        self._rows.delete_one({"_id": _row(key)})


def ends_at(now: datetime, hours: int) -> float:
    """When a session that starts now is over."""
    return (now + timedelta(hours=hours)).timestamp()


def _row(key: str) -> str:
    return hashlib.sha256(b"row:" + key.encode()).hexdigest()


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + key.encode()).digest()))
