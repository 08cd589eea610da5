"""The one database of this process: connection, collections of the chassis, and the server's own time."""

import contextlib
from datetime import datetime
from typing import Any

import mongoengine
from bson.codec_options import CodecOptions
from mongoengine.connection import get_connection, get_db
from pymongo import ASCENDING, IndexModel, MongoClient
from pymongo.database import Database
from pymongo.errors import BulkWriteError, CollectionInvalid, DuplicateKeyError, PyMongoError

from chassis.settings import Settings

Row = dict[str, Any]
DUPLICATE_KEY = 11000
_AWARE: CodecOptions[Row] = CodecOptions(tz_aware=True)

INDEXES: dict[str, list[IndexModel]] = {
    "facts": [
        IndexModel([("order", ASCENDING)], name="pending", partialFilterExpression={"pending": True}),
        IndexModel([("event_id", ASCENDING)], name="event", unique=True),
        IndexModel([("key", ASCENDING), ("order", ASCENDING)], name="history"),
        IndexModel([("stream", ASCENDING), ("order", ASCENDING)], name="republish"),
    ],
    "positions": [IndexModel([("consumer", ASCENDING), ("waiting", ASCENDING)], name="blocked")],
    "parked": [
        IndexModel([("next_attempt_at", ASCENDING)], name="retry", sparse=True),
        IndexModel([("consumer", ASCENDING), ("parked_at", ASCENDING)], name="recent"),
    ],
    "requests": [IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0)],
    "due_work": [IndexModel([("due_at", ASCENDING)], name="due")],
    "leases": [],
    "held": [],
    "consumers": [],
    "views": [],
    "audit": [IndexModel([("place", ASCENDING), ("_id", ASCENDING)], name="chain")],
    "audit_seals": [],
    "operator_actions": [IndexModel([("at", ASCENDING)], name="time")],
}


def connect(settings: Settings) -> None:
    """Open the connection; timeouts are short enough that a frozen server is noticed within seconds.

    No write concern is set here: the server's default is majority since MongoDB 5, and the driver would send a
    client's own inside transactions too, where the server refuses it.
    """
    mongoengine.disconnect()
    mongoengine.connect(
        db=settings.mongodb_database,
        host=settings.mongodb_uri,
        uuidRepresentation="standard",
        tz_aware=True,
        retryWrites=True,
        connectTimeoutMS=2000,
        heartbeatFrequencyMS=1000,
        serverSelectionTimeoutMS=5000,
        socketTimeoutMS=20000,
        maxPoolSize=64,
    )


def client() -> MongoClient[Row]:
    """The client of this process (thread-safe, not fork-safe)."""
    connection: MongoClient[Row] = get_connection()
    return connection


def db() -> Database[Row]:
    """The service's own database, of the very client that `client` gives: mongoengine keeps the two apart."""
    name: str = get_db().name
    return client().get_database(name, codec_options=_AWARE)


def server_now() -> datetime:
    """The primary's clock: leases and due times are judged by it, never by a process's own.

    It is asked in a session of its own, for the server refuses the question inside a transaction.
    """
    with client().start_session(causal_consistency=False) as session:
        answer: Row = client().admin.command("hello", codec_options=_AWARE, session=session)
    time: datetime = answer["localTime"]
    return time


def is_taken(error: PyMongoError) -> bool:
    """Whether a write, alone or in bulk, failed for nothing but a unique value that somebody else has."""
    if isinstance(error, BulkWriteError):
        refused = error.details["writeErrors"]
        return bool(refused) and all(one["code"] == DUPLICATE_KEY for one in refused)
    return isinstance(error, DuplicateKeyError)


def ensure_collections() -> None:
    """Create what the chassis needs (a transaction cannot, while another runs); done by the role `migrate`."""
    for name, indexes in INDEXES.items():
        ensure_collection(name)
        if indexes:
            db()[name].create_indexes(indexes)
    # Version 0.1 held aggregates without their stream; what is still refused is held again at the next try.
    db().held.delete_many({"key": {"$exists": False}})


def ensure_collection(name: str) -> None:
    """Create a collection unless it is there, also when several processes do so at once."""
    if name not in db().list_collection_names(filter={"name": name}):
        with contextlib.suppress(CollectionInvalid):  # another was faster
            db().create_collection(name)
