"""Decide on every product for some factories, from what is known of them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.access import EVERYTHING
from chassis.database import Row
from finance_linkage.archive import keep_receipts
from finance_linkage.assembling import inputs_of
from finance_linkage.deadlines import recheck_on
from finance_linkage.domain.eligibility import Eligibility
from finance_linkage.domain.product import Product
from finance_linkage.domain.receipt import Receipt, decide
from finance_linkage.read_models import dossiers
from finance_linkage.storage import eligibilities, products


@dataclass(frozen=True)
class EvaluateFactories:
    """Factories by id; one that is not enrolled as far as this service knows is passed over."""

    factory_ids: Sequence[str]


def evaluate_factories(command: EvaluateFactories) -> None:
    """Decisions that say what was said before change nothing, and nobody is told of them."""
    now = clock.now()
    offered = [products.revive(row) for row in products.collection.find().sort("_id", 1)]
    found = dossiers.many(command.factory_ids)
    present = {one.id: one for one in eligibilities.get_many(EVERYTHING, [row["_id"] for row in found])}
    new = [Eligibility(row["_id"], row["country"]) for row in found if row["_id"] not in present]
    decided = present | {one.id: one for one in new}
    receipts = [
        (dossier["_id"], dossier["country"], receipt)
        for dossier in found
        for receipt in _decide(decided[dossier["_id"]], dossier, offered, now)
    ]
    eligibilities.add_many(new)
    eligibilities.save_many(list(present.values()))
    keep_receipts(receipts, now)


def _decide(eligibility: Eligibility, dossier: Row, offered: Sequence[Product], now: datetime) -> list[Receipt]:
    """The receipts that are new. Sets when to look again."""
    before = {one.receipt for one in eligibility.decisions}
    receipts = []
    for product in offered:
        definition = product.definition
        if dossier["country"] in definition.countries:
            receipt = decide(product.id, definition, inputs_of(dossier, definition), now.date())
            eligibility.decide(receipt, definition.tiers, now)
            receipts.append(receipt)
    recheck = min((one.recheck_on for one in receipts if one.recheck_on is not None), default=None)
    if recheck != eligibility.recheck_on:
        eligibility.recheck_on = recheck
        recheck_on(eligibility.id, recheck)
    return [one for one in receipts if one.digest not in before]
