"""Applies records for one consumer: effect, position and parking in one transaction, whatever comes twice or broken."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from opentelemetry.trace import SpanKind

from chassis import clock, fail_points, metrics, parking, positions, telemetry
from chassis.cause import Cause, because
from chassis.consumer import Consumer, Message, decode
from chassis.envelope import Unreadable
from chassis.envelope import decode as decode_envelope
from chassis.errors import FailedPrecondition
from chassis.logs import describe
from chassis.outcomes import Fork, Gap, is_infrastructure
from chassis.positions import Position, Verdict
from chassis.unit_of_work import unit_of_work
from chassis.view import applying as applying_generation

log = logging.getLogger(__name__)
LONGEST_PAUSE = 5.0
T = TypeVar("T")


@dataclass(frozen=True)
class Record:
    """A record as the broker gave it; `stream` is the topic without the prefix."""

    stream: str
    partition: int
    offset: int
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class _OneByOne(Exception):
    """A message of the batch needs more than the plain path."""


class Applier:
    """One consumer at one generation. `apply` returns only when every record is applied, parked or a duplicate."""

    def __init__(self, consumer: Consumer, generation: int, is_live: Callable[[Message], bool]) -> None:
        self._consumer = consumer
        self._generation = generation
        self._is_live = is_live
        self.name = f"{consumer.name}@{generation}"
        self.stopping = threading.Event()

    def apply(self, records: Sequence[Record]) -> None:
        """Apply a batch in one transaction, or one by one if that fails.

        Faults of the infrastructure are retried in place until they end; then nothing is lost, only late. Raises
        InterruptedError when the process is stopping meanwhile: nothing of the rest may be acknowledged then.
        """
        messages = self._readable(records)
        try:
            self._patiently(lambda: self._apply_together(messages))
        except InterruptedError:
            raise
        except Exception as error:
            if not isinstance(error, _OneByOne):
                log.info("batch goes one by one", extra={"consumer": self.name, "error": describe(error)})
            for message in messages:
                self._patiently(lambda message=message: self._apply_alone(message))  # type: ignore[misc]

    def retry_parked(self) -> None:
        """Try again what is parked and due."""
        for row in parking.due(self.name):
            self.drain(row["stream"], row["key"])

    def drain(self, stream: str, key: str) -> bool:
        """Apply an aggregate's parked facts in order until one fails; True when none is left."""
        while True:
            try:
                done = self._patiently(lambda: unit_of_work(lambda: self._drain_head(stream, key)))
            except InterruptedError:
                return False
            except Exception as error:
                self._note_failure(stream, key, error)
                return False
            if done is not None:
                return done

    def skip_head(self, stream: str, key: str, sequence: int, reason: str) -> parking.Skipped:
        """Give up an aggregate's first parked fact, on an operator's word, in the unit of work at hand.

        The position moves to that fact, so where it waits behind a gap the missing ones are given up too: should they
        come later, they are taken for repeated ones. What still waits, `drain` tries. Raises FailedPrecondition when
        that fact is not the first parked one.
        """
        row = parking.head(self.name, stream, key)
        if row is None or row["sequence"] != sequence:
            raise FailedPrecondition(
                "Only the first parked fact of an aggregate can be skipped.", reason="NOT_FIRST_PARKED"
            )
        before = positions.load_one(self.name, stream, key)
        parking.remove(row)
        after = before if before.sequence >= sequence else before.moved(sequence, row["event_id"])
        positions.save([(before, replace(after, waiting=before.waiting - 1))])
        parking.wake(self.name, stream, key)
        missing = max(sequence - before.sequence - 1, 0)
        parking.note_operator("skip", row["_id"], reason, missing_given_up=missing)
        return parking.Skipped(before.waiting - 1, missing)

    def _readable(self, records: Sequence[Record]) -> list[Message]:
        messages = []
        for record in records:
            try:
                envelope = decode_envelope(record.headers)
            except Unreadable:
                self._patiently(lambda record=record: self._park_unreadable(record))  # type: ignore[misc]
            else:
                messages.append(
                    Message(
                        record.stream, record.partition, record.offset, envelope, record.value or b"", record.headers
                    )
                )
        return messages

    def _park_unreadable(self, record: Record) -> None:
        unit_of_work(
            lambda: parking.park_unreadable(
                self.name, record.stream, record.partition, record.offset, record.value, record.headers
            )
        )

    def _apply_together(self, messages: Sequence[Message]) -> None:
        applied: list[Message] = []

        def work() -> None:
            applied.clear()
            before = positions.load(self.name, {(message.stream, message.key) for message in messages})
            after = dict(before)
            for message in messages:
                place = (message.stream, message.key)
                match after[place].judge(message.sequence, message.event_id):
                    case Verdict.NEXT:
                        self._handle(message)
                        after[place] = after[place].moved(message.sequence, message.event_id)
                        applied.append(message)
                    case Verdict.DUPLICATE:
                        metrics.FACTS_REPEATED.labels(self._consumer.name).inc()
                    case _:
                        raise _OneByOne
            positions.save((before[place], after[place]) for place in before if after[place] != before[place])
            fail_points.reach("stream.handled")

        unit_of_work(work)
        self._count(applied)

    def _apply_alone(self, message: Message) -> None:
        try:
            healed = unit_of_work(lambda: self._apply_or_wait(message))
        except Exception as error:
            if is_infrastructure(error):
                raise
            log.warning(
                "a fact is parked",
                extra={"consumer": self.name, "event_id": message.event_id, "error": describe(error)},
            )
            why = parking.trouble(error)
            unit_of_work(lambda: self._park(message, why))
        else:
            if healed:
                self.drain(message.stream, message.key)

    def _apply_or_wait(self, message: Message) -> bool:
        """Apply or park one fact; True if it filled the gap that others wait for."""
        position = positions.load_one(self.name, message.stream, message.key)
        match position.judge(message.sequence, message.event_id):
            case Verdict.DUPLICATE:
                metrics.FACTS_REPEATED.labels(self._consumer.name).inc()
            case Verdict.FORK:
                raise Fork
            case Verdict.GAP:
                raise Gap
            case Verdict.BLOCKED if not self._fills_gap(position, message):
                self._park(message, parking.BEHIND)
            case _:
                self._handle(message)
                positions.save([(position, position.moved(message.sequence, message.event_id))])
                if position.waiting:
                    parking.wake(self.name, message.stream, message.key)
                return position.waiting > 0
        return False

    def _fills_gap(self, position: Position, message: Message) -> bool:
        first = parking.head(self.name, message.stream, message.key)
        return message.sequence == position.sequence + 1 and first is not None and first["sequence"] > message.sequence

    def _park(self, message: Message, why: parking.Trouble) -> None:
        position = positions.load_one(self.name, message.stream, message.key)
        if parking.park(self.name, message, why):
            positions.save([(position, replace(position, waiting=position.waiting + 1))])

    def _drain_head(self, stream: str, key: str) -> bool | None:
        """Apply the first parked fact: None if there may be more, True if none is left, False if a gap is in front."""
        row = parking.head(self.name, stream, key)
        if row is None:
            return True
        message = parking.revive(row)
        before = positions.load_one(self.name, stream, key)
        after = before
        match replace(before, waiting=0).judge(message.sequence, message.event_id):
            case Verdict.NEXT:
                self._handle(message)
                after = before.moved(message.sequence, message.event_id)
            case Verdict.GAP:
                parking.rest(row)
                return False
            case Verdict.FORK:
                raise Fork
        parking.remove(row)
        positions.save([(before, replace(after, waiting=before.waiting - 1))])
        parking.wake(self.name, stream, key)
        return None

    def _note_failure(self, stream: str, key: str, error: BaseException) -> None:
        row = parking.head(self.name, stream, key)
        if row is not None:
            log.warning("a parked fact failed again", extra={"event_id": row["event_id"], "error": describe(error)})
            parking.failed_again(row, parking.trouble(error))

    def _handle(self, message: Message) -> None:
        handlers = self._consumer.handlers(message.envelope.type, live=self._is_live(message))
        if not handlers:
            return
        fact = decode(message)
        envelope = message.envelope
        why = Cause(envelope.correlation_id, causation_id=envelope.event_id, actor=envelope.actor)
        with (
            applying_generation(self._generation),
            because(why),
            telemetry.span(
                telemetry.SpanName.PROCESS,
                f"{message.stream} {self._consumer.name}",
                parent=envelope.traceparent,
                kind=SpanKind.CONSUMER,
                attributes={"messaging.message.id": message.event_id, "messaging.consumer.group.name": self.name},
            ),
        ):
            for handler in handlers:
                handler(fact, message)

    def _patiently(self, work: Callable[[], T]) -> T:
        """Run the work, again and again while the infrastructure is down."""
        pause = 0.05
        while True:
            try:
                return work()
            except Exception as error:
                if not is_infrastructure(error):
                    raise
                log.warning("consumer waits", extra={"consumer": self.name, "error": describe(error)})
                if self.stopping.wait(pause):
                    raise InterruptedError from None
                pause = min(pause * 2, LONGEST_PAUSE)

    def _count(self, applied: Sequence[Message]) -> None:
        metrics.FACTS_APPLIED.labels(self._consumer.name).inc(len(applied))
        now = clock.now()
        for message in applied:
            metrics.FACT_DELAY.labels(self._consumer.name).observe(max((now - message.time).total_seconds(), 0))
