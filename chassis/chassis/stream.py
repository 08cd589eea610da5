"""The role `stream`: runs a consumer at its live generation, retries what is parked, halts one that parks too much."""

import logging
import threading
from datetime import timedelta

from chassis import generations, kafka_clients, live_from, metrics, offsets, parking
from chassis.applying import Applier, Record
from chassis.consumer import Consumer
from chassis.database import Row, db, server_now
from chassis.faust_port import FaustPort
from chassis.heartbeat import Heartbeat
from chassis.live_from import LiveFrom
from chassis.logs import describe
from chassis.settings import Settings

log = logging.getLogger(__name__)
PARKING_CAP = 20
PARKING_WINDOW = timedelta(minutes=1)
LOOK_SECONDS = 1.0
GAP_PAGES_AFTER = timedelta(seconds=60)
TURN_SECONDS = 60.0


class ConsumerThread(threading.Thread):
    """Runs one consumer at its live generation; begins anew when a rebuild has flipped the generation."""

    def __init__(self, settings: Settings, service: str, consumer: Consumer, generation: int | None = None) -> None:
        super().__init__(name=f"consumer-{consumer.name}", daemon=True)
        self._settings = settings
        self._service = service
        self.consumer = consumer
        self._fixed = generation
        self._stop_asked = threading.Event()
        self.failure: BaseException | None = None
        self.heart = Heartbeat(TURN_SECONDS)
        self.applier: Applier | None = None
        self.port: FaustPort | None = None
        self.group = ""
        self.topic_ids: dict[str, str] = {}

    @property
    def generation(self) -> int:
        """The generation to run: the one asked for, or the view's live one."""
        if self._fixed is not None:
            return self._fixed
        return self.consumer.view.live() if self.consumer.view else 1

    @property
    def topics(self) -> list[str]:
        """The topics of the consumer's streams."""
        return [f"{self._settings.topic_prefix}{stream}" for stream in self.consumer.streams]

    def run(self) -> None:
        """Consume until stopped; a failure is kept for the process to end with."""
        try:
            while not self._stop_asked.is_set():
                self._run_generation(self.generation)
        except BaseException as error:
            log.exception("consumer failed", extra={"consumer": self.consumer.name})
            self.failure = error

    def stop(self) -> None:
        """Finish the batch at hand, commit its offsets, leave the group."""
        self._stop_asked.set()
        if self.applier:
            self.applier.stopping.set()
        if self.port:
            self.port.stop()

    def _run_generation(self, generation: int) -> None:
        consumer = self.consumer
        if consumer.view is not None:
            consumer.view.prepare(generation)
        name = f"{consumer.name}@{generation}"
        self.applier = Applier(consumer, generation, self._live_from(name).reached)
        self.group = generations.group_id(self._service, consumer, generation, self._settings.topic_prefix)
        self.port = FaustPort(self._settings, self.group, consumer.streams, self._handle, self.heart)
        if self._stop_asked.is_set():
            return
        beside = threading.Thread(target=self._beside, args=(self.applier, self.port, generation), daemon=True)
        beside.start()
        try:
            self.port.run()
        finally:
            self.applier.stopping.set()
            beside.join(timeout=10)

    def _live_from(self, name: str) -> LiveFrom:
        admin, looker = kafka_clients.admin(self._settings), kafka_clients.looker(self._settings)
        try:
            self.topic_ids = offsets.topic_ids(admin, self.topics)
            return live_from.note(name, offsets.ends(looker, self.topics), self.topic_ids, self._settings.topic_prefix)
        finally:
            admin.close()
            looker.close()

    def _handle(self, records: list[Record]) -> None:
        assert self.applier is not None
        while generations.halted(self.applier.name):
            if self.applier.stopping.wait(LOOK_SECONDS):
                raise InterruptedError("stopping while halted")
        self.applier.apply(records)

    def _beside(self, applier: Applier, port: FaustPort, generation: int) -> None:
        """Off the line: retry what is parked, halt at the cap, notice a new generation, forget the old one."""
        view = self.consumer.view if self._fixed is None else None
        measured = True
        while not applier.stopping.wait(LOOK_SECONDS):
            try:
                parked = parking.any_of(applier.name)  # one question a look while there are none, as usual
                if parked and not generations.halted(applier.name):
                    applier.retry_parked()
                    self._halt_at_cap(applier.name)
                if parked or measured:
                    self._measure_parked(applier.name)
                measured = parked
                if view is not None and view.may_forget():
                    generations.forget_before(self.consumer, generation)
                    view = None
                if self.generation != generation:
                    port.stop()
                    return
            except Exception as error:
                log.warning("beside the line", extra={"consumer": applier.name, "error": describe(error)})

    def _halt_at_cap(self, name: str) -> None:
        row = db().consumers.find_one({"_id": name}, {"cleared_at": 1}) or {}
        since = max(server_now() - PARKING_WINDOW, row.get("cleared_at", server_now() - PARKING_WINDOW))
        parked = parking.parked_since(name, since)
        if parked >= PARKING_CAP:
            generations.halt(name, f"{parked} facts parked within {int(PARKING_WINDOW.total_seconds())} seconds")
            log.error("consumer halted: it parks too much", extra={"consumer": name, "parked": parked})

    def _measure_parked(self, name: str) -> None:
        metrics.PARKED.labels(name).set(db().parked.count_documents({"consumer": name}))
        metrics.OLDEST_PARKED.labels(name).set(self._oldest({"consumer": name}).total_seconds())
        gap = self._oldest({"consumer": name, "reason": "gap"})
        if gap > GAP_PAGES_AFTER:
            log.error("a gap does not heal", extra={"consumer": name, "seconds": int(gap.total_seconds())})

    @staticmethod
    def _oldest(which: Row) -> timedelta:
        row = db().parked.find_one(which, {"parked_at": 1}, sort=[("parked_at", 1)])
        return server_now() - row["parked_at"] if row else timedelta(0)
