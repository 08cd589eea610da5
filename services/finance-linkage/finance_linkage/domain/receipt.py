"""A decision as a receipt: every input with its events, every condition, and what would turn it around.

The same inputs, rules and day-dependent facts give the same bytes, whoever computes them and in whatever order the
inputs come: canonical JSON with sorted keys, whole numbers, times in UTC to the millisecond. Its SHA-256 is its name.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from finance_linkage.domain import inputs as known
from finance_linkage.domain.flips import shortest_flip
from finance_linkage.domain.inputs import Input, Inputs
from finance_linkage.domain.product import Definition, Tier
from finance_linkage.domain.rules import Condition, Outcome, Result, Test, first_stale_day, judge, together

FORMAT, EXTRACT = "amplify-receipt/1", "amplify-receipt-extract/1"
OFFERED = Condition("product-offered", known.OFFER, Test.IS, "offered", None, "", {})
"""Part of every product's rules: it is offered on that day."""


@dataclass(frozen=True)
class Receipt:
    """What was decided. `canonical` is the receipt; the other fields are what the service works with.

    `recheck_on` is the first day on which the same inputs may decide otherwise; it is no part of the receipt.
    """

    digest: str
    canonical: bytes
    product_id: str
    rule_version: str
    outcome: Outcome
    tier: str
    missing: tuple[str, ...]
    recheck_on: date | None


def decide(product_id: str, definition: Definition, inputs: Inputs, on: date) -> Receipt:
    """The decision on one product for one factory on a day (UTC)."""
    rules = definition.rules_on(on)
    offer = Input(known.OFFER, "offered" if rules and definition.offered(on) else "not-offered")
    conditions = (OFFERED, *(rules.conditions if rules else ()))
    looked_at = {one.input: offer if one.input == known.OFFER else inputs.known.get(one.input) for one in conditions}
    results = {one.code: judge(one, looked_at[one.input], on) for one in conditions}
    outcome = together(conditions, results)
    tier = _tier(definition.tiers, inputs) if outcome is Outcome.ELIGIBLE else ""
    content = {
        "format": FORMAT,
        "factory": inputs.factory_id,
        "country": inputs.country,
        "product": product_id,
        "rules": rules.version if rules else "",
        "outcome": outcome.value,
        "tier": tier,
        "inputs": [_input(code, found, conditions, results) for code, found in sorted(looked_at.items())],
        "conditions": [
            {"code": one.code, "input": one.input, "needed": one.needed, "result": results[one.code].value}
            for one in conditions
        ],
        "changes": [
            {"condition": one.code, "input": one.input, "needed": one.needed}
            for one in shortest_flip(conditions, results)
        ],
    }
    canonical = serialise(content)
    missing = {one.input for one in conditions if results[one.code] in (Result.MISSING, Result.STALE)}
    return Receipt(
        digest=digest_of(canonical),
        canonical=canonical,
        product_id=product_id,
        rule_version=rules.version if rules else "",
        outcome=outcome,
        tier=tier,
        missing=tuple(sorted(missing)),
        recheck_on=_recheck_on(definition, conditions, looked_at, on),
    )


def extract(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a receipt says to those who are not told of holds: nothing of whether there is one.

    Of a decision against the factory it gives no grounds, whatever they are: a list of all but one would name that one.
    """
    against = content["outcome"] == Outcome.NOT_ELIGIBLE.value

    def shown(rows: Sequence[Mapping[str, Any]], field: str) -> list[Mapping[str, Any]]:
        return [] if against else [row for row in rows if row[field] != known.PROGRAMME_HOLD]

    parts = {"inputs": "code", "conditions": "input", "changes": "input"}
    return {**content, "format": EXTRACT} | {name: shown(content[name], field) for name, field in parts.items()}


def digest_of(canonical: bytes) -> str:
    """The SHA-256 of canonical JSON, in hexadecimal digits."""
    return hashlib.sha256(canonical).hexdigest()


def serialise(content: Any) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def instant(moment: datetime) -> str:
    """A moment as a receipt writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tier(tiers: tuple[Tier, ...], inputs: Inputs) -> str:
    score = inputs.known.get(known.BUYER_SCORE)
    if score is None or not isinstance(score.value, int):
        return ""
    opened = [tier for tier in tiers if score.value >= tier.least_score]
    return max(opened, key=lambda tier: tier.least_score).code if opened else ""


def _input(
    code: str, found: Input | None, conditions: tuple[Condition, ...], results: dict[str, Result]
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": code,
        "value": None if found is None or found.value is None else str(found.value),
        "sources": [{"event": one.event_id, "time": instant(one.at)} for one in sorted(found.sources if found else ())],
    }
    if found is not None and found.missing_since is not None:
        row["missing_since"] = instant(found.missing_since)
    too_old = [one for one in conditions if one.input == code and results[one.code] is Result.STALE]
    if found is not None and too_old:
        since = min(day for one in too_old if (day := first_stale_day(one, found)) is not None)
        row["stale_since"] = instant(datetime.combine(since, time.min, UTC))
    return row


def _recheck_on(
    definition: Definition, conditions: tuple[Condition, ...], looked_at: dict[str, Input | None], on: date
) -> date | None:
    days = [definition.effective_from, *(one.effective_from for one in definition.rules)]
    if definition.effective_until is not None:
        days.append(date.fromordinal(definition.effective_until.toordinal() + 1))
    for one in conditions:
        found = looked_at[one.input]
        if found is not None and (stale := first_stale_day(one, found)) is not None:
            days.append(stale)
    return min((day for day in days if day > on), default=None)
