"""The evidence pack: what a financier is given to decide on, frozen, and only what the factory opened.

It is built from this service's own copies of facts: codes, numbers and days. Of the report it holds counts; the four
clusters of core standards are counted together, so that no pack tells of a single serious finding.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from finance_linkage.domain.receipt import serialise
from finance_linkage.domain.states import InformationKind

PARTS = ("company", "eligibility", "environment", "improvement_lines", "report")
"""The paths of the consent scope for finance that this service has something for."""

CORE_STANDARDS = ("child-labour", "discrimination", "forced-labour", "freedom-of-association")
"""Clusters of fundamental principles and rights at work."""

ANSWERS: Mapping[InformationKind, tuple[str, ...]] = {
    InformationKind.ENVIRONMENTAL_DATA: ("environment",),
    InformationKind.OWNERSHIP_PAPERS: ("company",),
    InformationKind.PROGRESS_ON_FINDINGS: ("improvement_lines", "report"),
}
"""The parts that say something to a question; of the other kinds this service knows nothing."""

ALWAYS = ("factory", "product", "amount")


def grouped(clusters: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """(non-compliant, assessed) by cluster as groups: core standards as one, every other cluster by itself."""
    sums: dict[str, list[int]] = {}
    for cluster, (non_compliant, assessed) in clusters.items():
        group = "core-standards" if cluster in CORE_STANDARDS else cluster
        one = sums.setdefault(group, [0, 0])
        one[0] += non_compliant
        one[1] += assessed
    return [{"group": name, "non_compliant": one[0], "assessed": one[1]} for name, one in sorted(sums.items())]


def opened(fields: Collection[str]) -> tuple[str, ...]:
    """The parts that a consent's fields open; no fields open them all."""
    return tuple(part for part in PARTS if not fields or part in fields)


def freeze(content: Mapping[str, Any], fields: Collection[str]) -> tuple[dict[str, Any], str]:
    """The pack of what is opened and known, and its digest (SHA-256 of its canonical JSON)."""
    kept = {part: content[part] for part in opened(fields) if content.get(part)}
    pack = {name: content[name] for name in ALWAYS} | kept | {"parts": sorted(kept)}
    return pack, hashlib.sha256(serialise(pack)).hexdigest()


def freeze_addendum(
    content: Mapping[str, Any], fields: Collection[str], kinds: Collection[InformationKind], number: int
) -> tuple[dict[str, Any], str] | None:
    """What is opened and known of what was asked for in a round, and its digest; None where that is nothing."""
    asked = {part for kind in kinds for part in ANSWERS.get(kind, ())}
    kept = {part: content[part] for part in opened(fields) if part in asked and content.get(part)}
    if not kept:
        return None
    pack = {name: content[name] for name in ALWAYS} | kept | {"parts": sorted(kept), "round": number}
    return pack, hashlib.sha256(serialise(pack)).hexdigest()


def reveal(pack: Mapping[str, Any], fields: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """A pack without the parts that are not open any more, and which those are, sorted."""
    open_now = set(opened(fields))
    withheld = sorted(set(pack["parts"]) - open_now)
    shown = {name: value for name, value in pack.items() if name not in withheld}
    return shown | {"parts": sorted(set(pack["parts"]) & open_now)}, withheld
