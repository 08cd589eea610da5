"""Up to when a view is known to hold all that was published: noted by the role that reads, for pages that lag.

The note is of one moment: whatever lay on the broker then was applied or parked since. It is in the database, so that a
reader learns of a consumer that lags, is halted or does not run, and asks no broker.
"""

import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis import clock, generations, kafka_clients, offsets
from chassis.consumer import Consumer
from chassis.database import db, server_now
from chassis.logs import describe
from chassis.settings import Settings

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
LATE = timedelta(seconds=20)
"""A note younger than this is as good as the present: looking takes a moment, and offsets are committed every few."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def late_since(consumer: str) -> datetime | None:
    """The moment up to which `name@generation` has read everything, if that was a while ago; NEVER if it never has.

    It is told by the business clock, as the times of facts are.
    """
    row = db().consumers.find_one({"_id": consumer}, {"caught_up_at": 1}) or {}
    moment: datetime = row.get("caught_up_at", NEVER)
    return moment + clock.offset() if server_now() - moment > LATE else None


def inherit(older: str, newer: str) -> None:
    """Note for a generation what is noted for the one that it has passed everywhere."""
    row = db().consumers.find_one({"_id": older}, {"caught_up_at": 1}) or {}
    if "caught_up_at" in row:
        _note(newer, row["caught_up_at"])


class Lookout(threading.Thread):
    """Looks every few seconds how far the views of a service have come, and notes it.

    Any process of the service may look: it asks about the whole group, and a note only ever moves on.
    """

    def __init__(self, settings: Settings, service: str, consumers: Sequence[Consumer], end: threading.Event) -> None:
        super().__init__(name="lookout", daemon=True)
        self._settings = settings
        self._service = service
        self._consumers = [consumer for consumer in consumers if consumer.view is not None]
        self._end = end
        self._clients: tuple[Any, Any] | None = None
        self._goals: dict[str, tuple[datetime, offsets.Places]] = {}

    def run(self) -> None:
        """Look until the process stops."""
        while self._consumers and not self._end.wait(LOOK_SECONDS):
            try:
                for consumer in self._consumers:
                    self._look(consumer)
            except Exception as error:
                log.warning("lookout sees nothing", extra={"error": describe(error)})
                self._drop_clients()
        self._drop_clients()

    def _look(self, consumer: Consumer) -> None:
        """Note the moment of the goal, the topics' ends at that moment, once everything before them is committed."""
        assert consumer.view is not None
        admin, looker = self._connected()
        generation, prefix = consumer.view.live(), self._settings.topic_prefix
        name = f"{consumer.name}@{generation}"
        if name not in self._goals:
            topics = [f"{prefix}{stream}" for stream in consumer.streams]
            self._goals[name] = server_now(), offsets.ends(looker, topics)
        moment, goal = self._goals[name]
        group = generations.group_id(self._service, consumer, generation, prefix)
        if offsets.lag(goal, offsets.committed(admin, group)) == 0:
            _note(name, moment)
            del self._goals[name]

    def _connected(self) -> tuple[Any, Any]:
        if self._clients is None:
            self._clients = kafka_clients.admin(self._settings), kafka_clients.looker(self._settings)
        return self._clients

    def _drop_clients(self) -> None:
        clients, self._clients = self._clients, None
        for one in clients or ():
            one.close()


def _note(consumer: str, moment: datetime) -> None:
    """Where there is such a consumer: its row is made at its first start."""
    db().consumers.update_one({"_id": consumer}, {"$max": {"caught_up_at": moment}})
