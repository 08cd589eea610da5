"""The consumer (position, effect and fact in one transaction) against a bare loop that writes the same effects."""

import asyncio
import time
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer
from bson import Binary
from google.protobuf.wrappers_pb2 import StringValue
from pymongo.write_concern import WriteConcern

from bench.measuring import Comparison, Stretch, compare, cpu_seconds
from bench.stack import Stack, apart
from bench.tallies import STREAM, TEXT, Tally, prepare, tallies
from chassis import fail_points, kafka_clients
from chassis.consumer import Consumer, Message
from chassis.database import Row, client, db
from chassis.envelope import Envelope, encode
from chassis.faust_port import BATCH
from chassis.ids import new_id
from chassis.settings import Settings
from chassis.stream import ConsumerThread

SOURCE = "bench-source"
KEYS = 100
FACTS_PER_KEY = 30
ROUNDS = 4


def run(stack: Stack) -> list[Comparison]:
    """Alternate the sides; facts a second, and CPU for each."""
    sides: dict[str, list[Stretch]] = {"ours": [], "alike": [], "bulk": []}
    for _ in range(ROUNDS):
        sides["ours"].append(apart(measure_ours, stack.settings(), stack.mongod))
        sides["alike"].append(apart(measure_bare, stack.settings(), stack.mongod, False))
        sides["bulk"].append(apart(measure_bare, stack.settings(), stack.mongod, True))
    rates = {name: [one.rate for one in rounds] for name, rounds in sides.items()}
    cpu = {name: [one.cpu_ms for one in rounds] for name, rounds in sides.items()}
    return [
        compare("consumer, bare loop with the same statements", rates["ours"], rates["alike"], "facts/s", "≥ 0.7"),
        compare("consumer, CPU, same statements", cpu["ours"], cpu["alike"], "ms/fact"),
        compare("consumer, bare loop with two bulk inserts a batch", rates["ours"], rates["bulk"], "facts/s"),
    ]


class _Stopwatch:
    """Counts from the end of the first batch to the last fact: joining the group is not what is compared."""

    def __init__(self, mongod: int) -> None:
        self._mongod = mongod
        self._total = 0
        self._first: tuple[int, float, float, float] | None = None
        self.stretch = Stretch()

    def batch(self, records: int) -> bool:
        """Note a committed batch; True when it was the last."""
        self._total += records
        now = (self._total, time.perf_counter(), time.process_time(), cpu_seconds(self._mongod))
        if self._first is None:
            self._first = now
        if self._total < KEYS * FACTS_PER_KEY:
            return False
        count, wall, own, other = (late - early for late, early in zip(now, self._first, strict=True))
        self.stretch = Stretch(int(count), wall, own, {self._mongod: other})
        return True


def measure_ours(settings: Settings, mongod: int) -> Stretch:
    """The real consumer thread with a handler that adds an aggregate, and so writes its fact."""
    prepare(settings, (STREAM, SOURCE))
    _produce(settings)
    watch, handled = _Stopwatch(mongod), []

    def add_tally(fact: StringValue, message: Message) -> None:
        handled.append(message.event_id)
        tallies.add(Tally.begin(message.event_id, fact.value))

    thread = ConsumerThread(settings, "bench", Consumer("tallies", [SOURCE], projections={StringValue: add_tally}))

    def committed() -> None:
        count = len(handled)
        handled.clear()
        if watch.batch(count):
            thread.stop()

    fail_points.hook("stream.committed", committed)
    thread.start()
    thread.join(120)
    return watch.stretch


def measure_bare(settings: Settings, mongod: int, bulk: bool) -> Stretch:
    """aiokafka and pymongo by hand: the same two documents for each fact, one transaction for each batch."""
    prepare(settings, (STREAM, SOURCE))
    _produce(settings)
    watch = _Stopwatch(mongod)

    def apply(values: list[bytes]) -> None:
        roots, facts = zip(*(_documents(value) for value in values), strict=True)
        with client().start_session() as session, session.start_transaction(write_concern=WriteConcern("majority")):
            if bulk:
                db().tallies.insert_many(roots, session=session)
                db().facts.insert_many(facts, session=session)
            else:
                for root, fact in zip(roots, facts, strict=True):
                    db().tallies.insert_one(root, session=session)
                    db().facts.insert_one(fact, session=session)

    asyncio.run(_consume(settings, apply, watch))
    return watch.stretch


async def _consume(settings: Settings, apply: object, watch: _Stopwatch) -> None:
    assert callable(apply)
    consumer = AIOKafkaConsumer(
        f"{settings.topic_prefix}{SOURCE}",
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=f"{settings.topic_prefix}bare",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    done = False
    try:
        while not done:
            batches = await consumer.getmany(timeout_ms=200, max_records=BATCH)
            values = [record.value for records in batches.values() for record in records]
            if values:
                await asyncio.to_thread(apply, values)
                await consumer.commit()
                done = watch.batch(len(values))
    finally:
        await consumer.stop()


def _documents(value: bytes) -> tuple[Row, Row]:
    """The root and the fact that the repository writes for a tally."""
    id, now = new_id(), datetime.now(UTC)
    order = int(now.timestamp() * 1_000_000)
    root = {"_id": id, "text": StringValue.FromString(value).value, "version": 1, "order": order}
    fact = {
        "_id": f"{STREAM}/{id}/1",
        "key": id,
        "order": order,
        "event_id": new_id(),
        "recorded_at": now,
        "correlation_id": id,
        "causation_id": id,
        "actor": "",
        "traceparent": "",
        "stream": STREAM,
        "sequence": 1,
        "type": StringValue.DESCRIPTOR.full_name,
        "source": "bench",
        "extensions": {},
        "value": Binary(value),
        "pending": True,
    }
    return root | {"sequences": {STREAM: 1}}, fact


def _produce(settings: Settings) -> None:
    producer = kafka_clients.producer(settings)
    value = StringValue(value=TEXT).SerializeToString()
    for sequence in range(1, FACTS_PER_KEY + 1):
        for key in range(KEYS):
            envelope = Envelope(
                new_id(), "google.protobuf.StringValue", "/bench", f"k{key}", datetime.now(UTC), sequence
            )
            topic = f"{settings.topic_prefix}{SOURCE}"
            producer.send(topic, key=envelope.key.encode(), value=value, headers=encode(envelope))
    producer.flush()
    producer.close()
