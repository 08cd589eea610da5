"""Builds a view anew beside the one that serves, and flips to it when it has caught up."""

import logging
import time

from chassis import caught_up, kafka_clients, offsets
from chassis.consumer import Consumer
from chassis.database import db
from chassis.generations import group_id
from chassis.parking import note_operator
from chassis.settings import Settings
from chassis.stream import ConsumerThread
from chassis.unit_of_work import unit_of_work

log = logging.getLogger(__name__)


def rebuild(settings: Settings, service: str, consumer: Consumer, patience_seconds: float = 3600) -> int:
    """Run a new generation of the consumer until it has passed the old one everywhere, then serve it; its number.

    Interrupted, it leaves the old one serving and goes on with the same new generation next time. Raises TimeoutError
    when it does not catch up in time.
    """
    view = consumer.view
    if view is None:
        raise TypeError(f"consumer {consumer.name} has no view")
    old = view.live()
    fresh = old + 1
    thread = ConsumerThread(settings, service, consumer, generation=fresh)
    thread.start()
    try:
        _await(settings, service, consumer, old, thread, patience_seconds)
        if db().parked.count_documents({"consumer": f"{consumer.name}@{fresh}", "reason": {"$ne": "gap"}}):
            raise RuntimeError("the new generation parked facts; look at them, then repeat the rebuild")
        caught_up.inherit(f"{consumer.name}@{old}", f"{consumer.name}@{fresh}")
        view.flip(fresh)
        unit_of_work(lambda: note_operator("rebuild", f"{consumer.name}@{fresh}", "rebuild"))
    finally:
        thread.stop()
        thread.join(30)
    return fresh


def _await(
    settings: Settings, service: str, consumer: Consumer, old: int, thread: ConsumerThread, patience_seconds: float
) -> None:
    admin, looker = kafka_clients.admin(settings), kafka_clients.looker(settings)
    give_up_at = time.monotonic() + patience_seconds
    try:
        while time.monotonic() < give_up_at:
            if thread.failure is not None:
                raise thread.failure
            passed = dict(thread.port.passed) if thread.port else {}
            done = offsets.committed(admin, thread.group)  # by an earlier try that was interrupted
            done |= {(f"{settings.topic_prefix}{stream}", place): at for (stream, place), at in passed.items()}
            goal = offsets.committed(admin, group_id(service, consumer, old, settings.topic_prefix))
            goal = goal or offsets.ends(looker, thread.topics)
            behind = offsets.lag(goal, done)
            if behind == 0 and thread.port is not None:
                return
            log.info("rebuilding", extra={"consumer": consumer.name, "records_behind": behind})
            time.sleep(0.5)
    finally:
        admin.close()
        looker.close()
    raise TimeoutError(f"{consumer.name} did not catch up")
