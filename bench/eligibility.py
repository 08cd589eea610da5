"""Eligibility of 10,000 factories decided on anew after a change of the rules, against bare reads and writes.

The bare side makes the same reads and writes with pymongo alone, in transactions of the same size: dossiers and
decisions read, decisions, receipts and facts written. It decides nothing.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReplaceOne, UpdateOne
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench.measuring import Comparison, Stretch, measured
from bench.stack import Stack, apart
from chassis.database import Row, client, db
from chassis.due_work import DueWorker
from chassis.ids import new_id
from chassis.service import configure, migrate
from chassis.unit_of_work import unit_of_work
from finance_linkage.__main__ import compose
from finance_linkage.deadlines import SWEEP, sweep_from
from finance_linkage.domain.product import Definition
from finance_linkage.policies import SWEEP_SIZE, evaluate_some_when_all_are_to_be
from finance_linkage.read_models.dossiers import dossiers
from finance_linkage.settings import FinanceLinkageSettings
from finance_linkage.storage import products
from finance_linkage.use_cases.revise_product import ReviseProduct, revise_product

FACTORIES = 10_000
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MEGABYTE = 1024 * 1024


def run(stack: Stack) -> list[Comparison]:
    """Factories decided on a second, their CPU, and how much the deciding process grew after its first tenth."""
    ours, growth, bare = apart(measure, stack)
    what = f"eligibility of {FACTORIES:,} factories after a rule change"
    cpu = f"{what}, CPU of a factory"
    return [
        Comparison(what, ours.rate, bare.rate, "factories/s"),
        Comparison(cpu, ours.cpu_ms, bare.cpu_ms, "ms"),
        Comparison(f"{what}, growth of the process after the first tenth", growth, 0.0, "MiB"),
    ]


def measure(stack: Stack) -> tuple[Stretch, float, Stretch]:
    """Our side, how many MiB the process grew after its first tenth, and the bare side on copies of what it wrote."""
    settings = FinanceLinkageSettings(**stack.settings().model_dump())
    service = compose(settings)
    configure(service, settings)
    migrate(service)
    _fill()
    _sweep()  # the first decisions
    _change_the_rules()
    before = db().facts.count_documents({})
    sizes: list[float] = []
    with measured(FACTORIES, stack.mongod) as ours:
        _sweep(sizes)
    assert db().facts.count_documents({}) - before >= FACTORIES, "every factory has new receipts"
    growth = max(sizes) - sizes[len(sizes) // 10]
    batches = list(_Bare().batches())
    with measured(FACTORIES, stack.mongod) as bare:
        for batch in batches:
            batch()
    return ours, growth, bare


def _fill() -> None:
    """Dossiers of factories with everything that any product asks for."""
    for first in range(10_000, 10_000 + FACTORIES, SWEEP_SIZE):
        numbers = range(first, min(first + SWEEP_SIZE, 10_000 + FACTORIES))
        dossiers.collection(1).insert_many([_dossier(f"bd-{number}") for number in numbers])


def _dossier(factory: str) -> Row:
    def said(**values: Any) -> Row:
        return {"event": new_id(), "at": NOW - timedelta(days=20), **values}

    osh = "occupational-safety-and-health"
    line = said(cluster=osh, point="chemicals", state="open")
    day = f"{NOW - timedelta(days=30):%Y-%m-%d}"
    return {
        "_id": factory,
        "country": "BD",
        "enrolled_at": NOW - timedelta(days=400),
        "factory": said(status="active"),
        "report": said(day=day, overall=[6, 30], clusters={osh: [6, 8]}, assessment_id=new_id(), released_at=NOW),
        "lines": {new_id(): line, new_id(): line},
        "environment": {"2025": said(revision=1, verification="verified", higg_scores=[], higg_average=55)},
        "scores": {"north-sea-suppliers": said(score=80, day=day), "baltic-suppliers": said(score=60, day=day)},
        "ownership": said(owned=30, board=50, day=day),
    }


def _change_the_rules() -> None:
    """A new version of the rules of every product, which decides as the one before."""
    for row in list(products.collection.find()):
        definition: Definition = products.revive(row).definition
        rules = tuple(replace(one, version=f"{one.version}-again") for one in definition.rules)
        revised = ReviseProduct(row["_id"], replace(definition, rules=rules))
        unit_of_work(lambda revised=revised: revise_product(revised))  # type: ignore[misc]


def _sweep(sizes: list[float] | None = None) -> None:
    """Have every factory decided on, by the worker that does it in production; note the process's size as it goes."""
    unit_of_work(lambda: sweep_from(""))
    worker = DueWorker({SWEEP: evaluate_some_when_all_are_to_be})
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    while db().due_work.count_documents({"_id": f"{SWEEP}/all"}):
        if sizes is not None:
            sizes.append(_resident())
        time.sleep(0.2)
    worker.stop()
    thread.join(30)


def _resident() -> float:
    """MiB of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


class _Bare:
    """The same documents read and written again under other ids, by pymongo alone."""

    def batches(self) -> Iterator[Any]:
        """A call for each transaction; what it writes is made beforehand."""
        ids = [row["_id"] for row in dossiers.collection(1).find({}, {"_id": 1}).sort("_id", 1)]
        for start in range(0, len(ids), SWEEP_SIZE):
            some = ids[start : start + SWEEP_SIZE]
            roots = [row | {"version": row["version"] + 1} for row in db().eligibilities.find({"_id": {"$in": some}})]
            named = [one["receipt"] for row in roots for one in row["decisions"]]
            kept = [row | {"_id": new_id()} for row in db().receipts.find({"_id": {"$in": named}})]
            facts = [_again(row) for row in db().facts.find({"key": {"$in": some}, "type": "ReceiptRenewed"})]
            yield lambda some=some, roots=roots, kept=kept, facts=facts: self._write(some, roots, kept, facts)

    def _write(self, ids: list[str], roots: list[Row], kept: list[Row], facts: list[Row]) -> None:
        def work(session: Any) -> None:
            list(dossiers.collection(1).find({"_id": {"$in": ids}}, session=session))
            list(db().eligibilities.find({"_id": {"$in": ids}}, session=session))
            writes = [ReplaceOne({"_id": row["_id"]}, row) for row in roots]
            db().eligibilities.bulk_write(writes, ordered=False, session=session)
            upserts = [
                UpdateOne({"_id": row.pop("_id")}, {"$setOnInsert": row}, upsert=True) for row in map(dict, kept)
            ]
            db().receipts.bulk_write(upserts, ordered=False, session=session)
            db().facts.insert_many(facts, session=session)

        with client().start_session() as session:
            session.with_transaction(
                work, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern(w="majority")
            )


def _again(row: Mapping[str, Any]) -> Row:
    return {**row, "_id": new_id(), "event_id": new_id(), "order": row["order"] + 1}
