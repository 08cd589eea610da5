"""The newest rows of the feed, read once for all who follow: one thread reads them, and wakes everybody."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pymongo.errors import PyMongoError

from assessment.read_models import partner_feed
from chassis.database import Row
from chassis.errors import Unavailable
from chassis.logs import describe

log = logging.getLogger(__name__)
REMEMBERED = 5000
BATCH = 500
IDLE_SECONDS = 0.5
"""The longest that a new row waits where the change stream did not tell of it."""

SILENT_SECONDS = 3.0
"""After so long without a successful look the feed counts as unreadable."""

Condition = Mapping[str, Any]
Concerns = Callable[[Row], bool]


class Tail:
    """Follows the live generation while anybody follows it; its thread ends with the last follower."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._recent: deque[Row] = deque(maxlen=REMEMBERED)
        self._followers = 0
        self._thread: threading.Thread | None = None
        self._looked_at = 0.0
        self.generation = 0
        self.last = 0

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Follow inside the block; begins when the end of the feed is known. Raises Unavailable when it cannot be."""
        with self._news:
            self._followers += 1
            if self._thread is None:
                self._looked_at = time.monotonic()
                self._thread = threading.Thread(target=self._follow, name="feed-tail", daemon=True)
                self._thread.start()
        try:
            with self._news:
                known = self._news.wait_for(lambda: self.generation > 0, timeout=SILENT_SECONDS)
            if not known:
                raise Unavailable("The feed cannot be read now.")
            yield
        finally:
            with self._news:
                self._followers -= 1

    def wait(self, number: int, seconds: float) -> bool:
        """Wait for rows above the number; whether there are any. Raises Unavailable while the feed is unreadable."""
        with self._news:
            there = self._news.wait_for(lambda: self.last > number, timeout=seconds)
        if time.monotonic() - self._looked_at > SILENT_SECONDS:
            raise Unavailable("The feed cannot be read now.")
        return there

    def after(self, number: int, limit: int, concerns: Concerns, condition: Condition) -> tuple[list[Row], int]:
        """Rows above the number that concern a follower, and the number up to which these are all.

        `condition` says the same as `concerns` to the database, which is asked where memory does not reach back.
        """
        with self._news:
            last, recent = self.last, list(self._recent)
        if not recent or recent[0]["_id"] > number + 1:
            found = partner_feed.rows(self.generation, number, limit, {"$and": [{"_id": {"$lte": last}}, condition]})
        else:
            found = [row for row in recent[number + 1 - recent[0]["_id"] :] if concerns(row)][:limit]
        return found, found[-1]["_id"] if len(found) == limit else last

    def _follow(self) -> None:
        while not self._is_over():
            try:
                self._follow_generation(partner_feed.partner_feed.live())
            except PyMongoError as error:
                log.warning("the feed's tail waits for the database", extra={"error": describe(error)})
                time.sleep(IDLE_SECONDS)

    def _is_over(self) -> bool:
        """Whether nobody follows any more; the next follower starts afresh then."""
        with self._news:
            if self._followers > 0:
                return False
            self._thread, self.generation = None, 0
            return True

    def _follow_generation(self, generation: int) -> None:
        self._begin_at(generation, partner_feed.last_number(generation))
        feed = partner_feed.partner_feed.collection(generation)
        inserted: list[Row] = [{"$match": {"operationType": "insert"}}, {"$project": {"documentKey": 1}}]
        with feed.watch(inserted, max_await_time_ms=int(IDLE_SECONDS * 1000)) as changes:
            while self._followers > 0 and partner_feed.partner_feed.live() == generation:
                while self._read(generation):
                    pass
                change = changes.try_next()
                while change is not None and change["documentKey"]["_id"] <= self.last:
                    change = changes.try_next()

    def _begin_at(self, generation: int, last: int) -> None:
        with self._news:
            if generation != self.generation:
                self._recent.clear()
                self.generation, self.last = generation, last
            self._looked_at = time.monotonic()
            self._news.notify_all()

    def _read(self, generation: int) -> bool:
        """Take the next rows up to the first that is missing; whether there may be more."""
        found = partner_feed.rows(generation, self.last, BATCH)
        with self._news:
            self._looked_at = time.monotonic()
            for row in found:
                if row["_id"] != self.last + 1:
                    break  # seen before its predecessor by a cursor that reads while rows are added
                self._recent.append(row)
                self.last = row["_id"]
            if found:
                self._news.notify_all()
        return len(found) == BATCH
