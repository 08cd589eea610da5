"""Whether the database has the shape that this program was written for, as its role `migrate` leaves it."""

import hashlib
import json
import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata

from pymongo.errors import PyMongoError

from chassis.database import INDEXES, db
from chassis.repository import RootDocument

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0


def shape(documents: Sequence[type[RootDocument]], views: Sequence[str]) -> str:
    """A digest of the release and of the collections and indexes that it declares."""
    declared = {
        "release": metadata.version("amplify-chassis"),
        "chassis": {name: [index.document for index in indexes] for name, indexes in INDEXES.items()},
        "documents": {one._get_collection_name(): one._meta.get("index_specs", []) for one in documents},
        "views": sorted(views),
    }
    return hashlib.sha256(json.dumps(declared, sort_keys=True, default=str).encode()).hexdigest()[:16]


def note(shape_reached: str) -> None:
    """`migrate` has done its work for this shape. Earlier shapes stay noted: changes are additive, so both serve."""
    row = {"release": metadata.version("amplify-chassis"), "at": datetime.now(UTC)}
    db().schema.update_one({"_id": shape_reached}, {"$setOnInsert": row}, upsert=True)


def reached(wanted: str) -> bool:
    """Whether `migrate` has run for this shape."""
    return db().schema.find_one({"_id": wanted}, {"_id": 1}) is not None


class Gate(threading.Thread):
    """Opens once, when the schema has been reached; afterwards it never asks the database again."""

    def __init__(self, wanted: str) -> None:
        super().__init__(name="schema-gate", daemon=True)
        self._wanted = wanted
        self._open = threading.Event()
        self._closed = threading.Event()

    @property
    def is_open(self) -> bool:
        """Whether this program may be sent work, as far as the schema goes."""
        return self._open.is_set()

    def run(self) -> None:
        """Look until it is reached, or until `close`."""
        told = False
        while not self._closed.is_set():
            try:
                if reached(self._wanted):
                    self._open.set()
                    return
                if not told:
                    log.warning("not ready: this release's `migrate` has not run", extra={"schema": self._wanted})
                    told = True
            except PyMongoError:
                pass  # the database is away: as good as not reached, and asked again
            self._closed.wait(LOOK_SECONDS)

    def close(self) -> None:
        """Stop looking."""
        self._closed.set()
