"""Lets what follows from facts happen in tests: own facts are read as from the broker, and due work is done."""

from typing import Any

from google.protobuf import symbol_database

from assessment.remediation import tables
from assessment.service import DUE
from chassis import clock, facts
from chassis.applying import Applier, Record
from chassis.database import db
from chassis.due_work import DueWorker
from chassis.envelope import encode

APPLIERS = [Applier(consumer, 1, lambda _: True) for consumer in tables.REACTS]
PARTITION = 0


def follow(times: int = 2, *, parked: int = 0) -> None:
    """Have every fact about assessments read so many times over by the consumers of remediation, in their order."""
    records = released()
    for _ in range(times):
        for applier in APPLIERS:
            applier.apply(records)
    assert db().parked.count_documents({}) == parked


def released() -> list[Record]:
    """Every fact about assessments, as the broker would give it."""
    rows = db().facts.find({"stream": "assessment-assessments"}).sort("order", 1)
    return [_record(row, offset) for offset, row in enumerate(rows)]


def do_due_work() -> list[str]:
    """Do what is due by the business clock, as the role `due` does; the kinds of what was done."""
    worker = DueWorker(DUE)
    done: list[str] = []
    while rows := worker._claim():
        for row in rows:
            worker.do(row)
            done.append(row["kind"])
    assert db().due_work.count_documents({"due_at": {"$lte": clock.now()}}) == 0
    return done


def told(stream: str, key: str) -> list[tuple[str, Any]]:
    """Short name and message of each fact that an aggregate told on a stream, in order."""
    rows = db().facts.find({"stream": stream, "key": key}).sort("sequence", 1)
    kinds = symbol_database.Default()
    return [(row["type"].rsplit(".", 1)[1], kinds.GetSymbol(row["type"]).FromString(row["value"])) for row in rows]


def _record(row: dict[str, Any], offset: int) -> Record:
    envelope = facts.envelope_of(row)
    return Record(row["stream"], PARTITION, offset, bytes(row["value"]), tuple(encode(envelope)))
