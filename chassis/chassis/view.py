"""Read models that can be rebuilt while they serve: each generation has a collection, a pointer names the live one."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from pymongo import IndexModel
from pymongo.collection import Collection

from chassis.database import Row, db, ensure_collection, server_now

POINTER_SECONDS = 1.0
"""How long a reader may go on with a generation after the pointer moved."""
KEPT_SECONDS = 10.0
"""How long the old generation is kept after that, so that no reader finds it gone."""

_generation: ContextVar[int | None] = ContextVar("generation", default=None)


class View:
    """A read model. `writes()` is the collection of the generation being applied, `reads()` that of the live one.

    The `on_<event>` functions that write it commute across aggregates: each source owns its fields, and nothing in
    them looks at the clock or at other data. So any interleaving of the streams gives the same content. A view that
    numbers its rows as they come is the one exception: it has the same rows under other numbers (ADR 0030).
    """

    def __init__(self, name: str, indexes: Sequence[IndexModel] = ()) -> None:
        self.name = name
        self._indexes = list(indexes)
        self._live: tuple[float, int] = (0.0, 0)
        self._live_in = ""

    def writes(self) -> Collection[Row]:
        """Where a consumer's handler writes; raises outside of one."""
        generation = _generation.get()
        if generation is None:
            raise RuntimeError(f"view {self.name} is written by its consumer only")
        return self.collection(generation)

    def reads(self) -> Collection[Row]:
        """What queries read. Inside a handler this is the generation being applied."""
        return self.collection(self.generation())

    def generation(self) -> int:
        """The number of the generation that `reads` shows."""
        applied = _generation.get()
        return applied if applied is not None else self._remembered()

    def collection(self, generation: int) -> Collection[Row]:
        """The collection of a generation."""
        return db()[f"view_{self.name}_{generation}"]

    def live(self) -> int:
        """The live generation, read afresh."""
        row = db().views.find_one({"_id": self.name})
        return int(row["live"]) if row else 1

    def prepare(self, generation: int) -> None:
        """Create a generation's collection and indexes."""
        collection = self.collection(generation)
        ensure_collection(collection.name)
        if self._indexes:
            collection.create_indexes(self._indexes)

    def flip(self, generation: int) -> None:
        """Serve this generation from now on."""
        content = {"live": generation, "flipped_at": server_now()}
        db().views.update_one({"_id": self.name}, {"$set": content}, upsert=True)

    def may_forget(self) -> bool:
        """Whether the pointer moved so long ago that nobody reads an older generation any more."""
        row = db().views.find_one({"_id": self.name})
        return row is None or server_now() - row["flipped_at"] > timedelta(seconds=KEPT_SECONDS)

    def forget_before(self, generation: int) -> None:
        """Drop everything of older generations."""
        for name in db().list_collection_names(filter={"name": {"$regex": f"^view_{self.name}_[0-9]+$"}}):
            if int(name.rsplit("_", 1)[1]) < generation:
                db().drop_collection(name)

    def content(self) -> list[dict[str, Any]]:
        """Every live document in the order of its id; to compare a rebuild with what it replaces."""
        return list(self.reads().find().sort("_id", 1))

    def _remembered(self) -> int:
        """The live generation as it was a moment ago in this database: another one has a pointer of its own."""
        now = time.monotonic()  # from before the question on, however long the answer takes
        read_at, generation = self._live
        if now - read_at > POINTER_SECONDS or not generation or self._live_in != db().name:
            generation = self.live()
            self._live, self._live_in = (now, generation), db().name
        return generation


@contextmanager
def applying(generation: int) -> Iterator[None]:
    """Handlers inside write this generation."""
    token = _generation.set(generation)
    try:
        yield
    finally:
        _generation.reset(token)
