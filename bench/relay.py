"""The relay against a bare kafka-python loop: find 500 pending rows, send them, mark them."""

from datetime import UTC, datetime

from bench.measuring import Comparison, Stretch, compare, measured
from bench.stack import Stack, apart
from bench.tallies import STREAM, TEXT, Tally, prepare, tallies
from chassis import kafka_clients
from chassis.database import Row, db
from chassis.ids import new_id
from chassis.lease import Lease
from chassis.relay import BATCH, LEASE_SECONDS, Relay
from chassis.settings import Settings
from chassis.unit_of_work import unit_of_work

FACTS = 8_000
WARM_UP = 1_000
ROUNDS = 4


def run(stack: Stack) -> list[Comparison]:
    """Alternate both sides; facts a second and CPU for each."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(apart(measure_ours, stack.settings(), stack.mongod))
        bare.append(apart(measure_bare, stack.settings(), stack.mongod))
    return [
        compare("relay", (one.rate for one in ours), (one.rate for one in bare), "facts/s", "≥ 0.7"),
        compare("relay, CPU", (one.cpu_ms for one in ours), (one.cpu_ms for one in bare), "ms/fact"),
    ]


def measure_ours(settings: Settings, mongod: int) -> Stretch:
    """Rounds of the real relay, holding the real lease, until nothing is pending."""
    prepare(settings)
    relay = Relay(settings)
    held = Lease("relay", LEASE_SECONDS).acquire()
    assert held is not None
    _fill(WARM_UP)
    while relay.round(held):
        pass
    _fill(FACTS)
    with measured(FACTS, mongod) as stretch:
        while relay.round(held):
            pass
    return stretch


def measure_bare(settings: Settings, mongod: int) -> Stretch:
    """The same records by hand: no spans, no look at each refusal, no order by aggregate."""
    prepare(settings)
    producer = kafka_clients.producer(settings)
    topic = f"{settings.topic_prefix}{STREAM}"

    def rounds() -> None:
        while rows := list(db().facts.find({"pending": True}).sort("order", 1).limit(BATCH)):
            futures = [
                producer.send(topic, key=row["key"].encode(), value=bytes(row["value"]), headers=_headers(row))
                for row in rows
            ]
            producer.flush()
            for future in futures:
                future.get(timeout=10)
            db().facts.update_many(
                {"_id": {"$in": [row["_id"] for row in rows]}},
                {"$unset": {"pending": ""}, "$set": {"published_at": datetime.now(UTC)}},
            )

    _fill(WARM_UP)
    rounds()
    _fill(FACTS)
    with measured(FACTS, mongod) as stretch:
        rounds()
    producer.close()
    return stretch


def _fill(count: int) -> None:
    """Pending facts of `count` aggregates: one written by the repository, the others in its image."""
    first = new_id()
    unit_of_work(lambda: tallies.add(Tally.begin(first, TEXT)))
    image = db().facts.find_one({"key": first})
    assert image is not None
    rows = []
    for number in range(1, count):
        id = new_id()
        unique = {"_id": f"{STREAM}/{id}/1", "key": id, "event_id": new_id(), "order": image["order"] + number}
        rows.append(image | unique)
    db().facts.insert_many(rows)


def _headers(row: Row) -> list[tuple[str, bytes]]:
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", row["event_id"].encode()),
        ("ce_type", row["type"].encode()),
        ("ce_source", row["source"].encode()),
        ("ce_subject", row["key"].encode()),
        ("ce_time", row["recorded_at"].isoformat().encode()),
        ("ce_sequence", str(row["sequence"]).encode()),
        ("ce_correlationid", row["correlation_id"].encode()),
        ("content-type", b"application/protobuf"),
    ]
