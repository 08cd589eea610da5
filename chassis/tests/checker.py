"""Compares what clients were told with what the system holds, and names each difference.

The kinds: `lost write`, `doubled write`, `write out of order`, `phantom write` (client against facts); `hole in facts`;
`lost on topic`, `out of order on topic`, `phantom on topic`; `lost effect`, `doubled effect`, `effect out of order`.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from ledger import BONUS


class Anomaly(NamedTuple):
    """One difference: its kind and where it shows."""

    kind: str
    where: str


@dataclass
class Operation:
    """A client's credit: `outcome` is ok, refused, or info when no answer came (it may or may not have happened)."""

    client: str
    account: str
    amount: int
    outcome: str = "info"


@dataclass(frozen=True)
class Fact:
    """A row of the record; `amount` is None for an opening."""

    id: str
    key: str
    sequence: int
    order: int
    amount: int | None


@dataclass
class Snapshot:
    """All that is compared. `topic` holds (key, sequence, event id) as they lie, `amounts` the policy's effects."""

    operations: list[Operation] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    topic: list[tuple[str, int, str]] = field(default_factory=list)
    amounts: Mapping[str, Sequence[int]] = field(default_factory=dict)
    greetings: Mapping[str, int] = field(default_factory=dict)
    balances: Mapping[str, int] = field(default_factory=dict)
    roots: Mapping[str, int] = field(default_factory=dict)
    live: bool = True
    """Whether the policies' effects are expected for every fact."""


def check(seen: Snapshot) -> list[Anomaly]:
    """Every difference, in the order of the way from client to effect."""
    by_key: dict[str, list[Fact]] = {}
    for fact in sorted(seen.facts, key=lambda one: one.sequence):
        by_key.setdefault(fact.key, []).append(fact)
    found = [*_holes(by_key), *_writes(seen.operations, by_key), *_published(seen.topic, by_key)]
    for key, facts in by_key.items():
        amounts = [fact.amount for fact in facts if fact.amount is not None]
        opened = [key] * (len(facts) - len(amounts))
        if seen.live:
            found += compare(amounts, seen.amounts.get(key, ()), f"amounts of {key}")
            found += compare(opened, [key] * seen.greetings.get(key, 0), f"greetings of {key}")
        for name, held in (("view", seen.balances), ("root", seen.roots)):
            if held.get(key, 0) != sum(amounts):
                found.append(Anomaly("wrong sum", f"{name} of {key}: {held.get(key)} for {sum(amounts)}"))
    return found


def compare(wanted: Sequence[Hashable], held: Sequence[Hashable], where: str, what: str = "effect") -> list[Anomaly]:
    """The differences between what must have happened, in this order and once, and what did."""
    want, have = Counter(wanted), Counter(held)
    found = [Anomaly(f"lost {what}", f"{where}: {one}") for one in want - have]
    found += [Anomaly(f"doubled {what}", f"{where}: {one}") for one in have if one in want and have[one] > want[one]]
    found += [Anomaly(f"phantom {what}", f"{where}: {one}") for one in have if one not in want]
    first = list(dict.fromkeys(one for one in held if one in want))
    if first != [one for one in dict.fromkeys(wanted) if one in have]:
        found.append(Anomaly(f"{what} out of order", where))
    return found


def _holes(by_key: Mapping[str, Sequence[Fact]]) -> Iterable[Anomaly]:
    for key, facts in by_key.items():
        if [fact.sequence for fact in facts] != list(range(1, len(facts) + 1)):
            yield Anomaly("hole in facts", key)
        orders = [fact.order for fact in facts]
        if any(later <= earlier for earlier, later in pairwise(orders)):
            yield Anomaly("order does not rise", key)


def _writes(operations: Sequence[Operation], by_key: Mapping[str, Sequence[Fact]]) -> Iterable[Anomaly]:
    told: dict[str, list[Operation]] = {}
    for one in operations:
        told.setdefault(one.account, []).append(one)
    for key, asked in told.items():
        unsure = {one.amount for one in asked if one.outcome == "info"}
        recorded = [fact.amount for fact in by_key.get(key, ()) if fact.amount not in {None, BONUS}]
        certain = [one.amount for one in asked if one.outcome == "ok"]
        kept = [amount for amount in recorded if amount in certain or recorded.count(amount) > 1]
        yield from compare(certain, kept, key, "write")
        for amount in recorded:
            if amount not in unsure and amount not in certain:
                yield Anomaly("phantom write", f"{key}: {amount}")


def _published(topic: Sequence[tuple[str, int, str]], by_key: Mapping[str, Sequence[Fact]]) -> Iterable[Anomaly]:
    published: dict[str, list[str]] = {}
    for key, _, event_id in topic:
        published.setdefault(key, []).append(event_id)
    for key in by_key.keys() | published.keys():
        wanted = [fact.id for fact in by_key.get(key, ())]
        for kind, where in compare(wanted, published.get(key, ()), key, "on topic"):
            if not kind.startswith("doubled"):  # at least once is what a topic promises
                yield Anomaly(kind, where)
