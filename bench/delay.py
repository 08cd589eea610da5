"""From a commit to its effect in another service, against a bare produce-consume round trip."""

import asyncio
import multiprocessing
import threading
import time
from multiprocessing.synchronize import Event
from typing import Any

from aiokafka import AIOKafkaConsumer
from google.protobuf.wrappers_pb2 import StringValue

from bench.measuring import Comparison, compare, quantile
from bench.stack import Stack
from bench.tallies import STREAM, TEXT, Tally, prepare, tallies
from chassis import fail_points, kafka_clients
from chassis.consumer import Consumer, Message
from chassis.database import db
from chassis.ids import new_id
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.stream import ConsumerThread
from chassis.unit_of_work import unit_of_work

FACTS = 300
PAUSE = 0.02
"""A fact every 20 ms: delay is compared, not throughput."""


def run(stack: Stack) -> list[Comparison]:
    """Delays in milliseconds; the effect is committed in ours, the bare reader only has the record."""
    ours = _measure(stack.settings(), _relay_and_consume, _commit)
    without = bare(stack.settings())
    return [
        compare(f"commit to effect, p{int(share * 100)}", [quantile(ours, share)], [quantile(without, share)], "ms")
        for share in (0.5, 0.99)
    ]


def bare(settings: Settings) -> list[float]:
    """Milliseconds from sending a record to another process having it, without anything else."""
    return _measure(settings, _read_only, _send)


def _measure(settings: Settings, reader: Any, writer: Any) -> list[float]:
    prepare(settings)
    context = multiprocessing.get_context("spawn")
    seen: Any = context.Queue()
    ready = context.Event()
    process = context.Process(target=reader, args=(settings, ready, seen))
    process.start()
    try:
        if not ready.wait(180):
            raise TimeoutError("the reader did not join")
        written: dict[str, float] = {}
        for _ in range(FACTS):
            id = new_id()
            written[id] = writer(settings, id)
            time.sleep(PAUSE)
        arrived: dict[str, float] = seen.get(timeout=60)
    finally:
        process.terminate()
        process.join(30)
    return [(arrived[id] - at) * 1000 for id, at in written.items()]


def _commit(settings: Settings, id: str) -> float:
    unit_of_work(lambda: tallies.add(Tally.begin(id, TEXT)))
    return time.time()


_producers: dict[str, Any] = {}


def _send(settings: Settings, id: str) -> float:
    topic = f"{settings.topic_prefix}{STREAM}"
    if topic not in _producers:
        _producers[topic] = kafka_clients.producer(settings)
        _producers[topic].send(topic, key=b"warm-up", value=b"").get(timeout=10)
    at = time.time()
    _producers[topic].send(topic, key=id.encode(), value=TEXT.encode()).get(timeout=10)
    return at


def _relay_and_consume(settings: Settings, ready: Event, seen: Any) -> None:
    """The roles relay and stream in one process, as the local stack runs them."""
    prepare(settings)
    arrived: dict[str, float] = {}
    at_hand: list[str] = []

    def keep(fact: StringValue, message: Message) -> None:
        at_hand.append(message.key)
        db().effects.insert_one({"_id": message.event_id, "text": fact.value})

    def committed() -> None:
        now = time.time()
        arrived.update(dict.fromkeys(at_hand, now))
        at_hand.clear()
        if "warm-up" in arrived:
            ready.set()
        if len(arrived) == FACTS + 1:
            seen.put({key: at for key, at in arrived.items() if key != "warm-up"})

    if "effects" not in db().list_collection_names():
        db().create_collection("effects")
    fail_points.hook("stream.committed", committed)
    threading.Thread(target=Relay(settings).run, daemon=True).start()
    unit_of_work(lambda: tallies.add(Tally.begin("warm-up", TEXT)))
    ConsumerThread(settings, "bench", Consumer("effects", [STREAM], projections={StringValue: keep})).run()


def _read_only(settings: Settings, ready: Event, seen: Any) -> None:
    """A consumer that does nothing but look at the clock."""
    asyncio.run(_read(settings, ready, seen))


async def _read(settings: Settings, ready: Event, seen: Any) -> None:
    consumer = AIOKafkaConsumer(f"{settings.topic_prefix}{STREAM}", bootstrap_servers=settings.kafka_bootstrap)
    arrived: dict[str, float] = {}
    await consumer.start()
    ready.set()
    try:
        while len(arrived) < FACTS:
            record = await consumer.getone()
            if record.key != b"warm-up":
                arrived[record.key.decode()] = time.time()
        seen.put(arrived)
        await asyncio.sleep(30)
    finally:
        await consumer.stop()
