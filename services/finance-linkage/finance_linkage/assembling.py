"""From the dossier of a factory to the typed inputs of a decision, and to the content of an evidence pack."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chassis.database import Row
from finance_linkage.domain import inputs as codes
from finance_linkage.domain.eligibility import Decision
from finance_linkage.domain.evidence import grouped
from finance_linkage.domain.inputs import Input, Inputs, Source
from finance_linkage.domain.product import Definition
from finance_linkage.domain.referral import Referral
from finance_linkage.read_models.dossier_lines import OPEN_STATES

OSH = "occupational-safety-and-health"


def inputs_of(dossier: Row, definition: Definition) -> Inputs:
    """What is known of the factory that a product may ask for."""
    since = dossier.get("enrolled_at")
    return Inputs.of(
        dossier["_id"],
        dossier["country"],
        [
            _one(codes.FACTORY_STATUS, dossier["factory"], dossier["factory"]["status"]),
            _hold(dossier),
            _report(dossier, since),
            _osh_lines(dossier),
            *_environment(dossier, since),
            *_ownership(dossier, since),
            _score(dossier, definition, since),
        ],
    )


def open_lines(dossier: Row, cluster: str) -> dict[str, Row]:
    """The open improvement lines of a cluster, by id."""
    return {
        line_id: line
        for line_id, line in sorted(dossier.get("lines", {}).items())
        if line["cluster"] == cluster and line["state"] in OPEN_STATES
    }


def evidence_of(
    referral: Referral, dossier: Row, definition: Definition, decision: Decision, rule_version: str
) -> dict[str, Any]:
    """Everything that a pack could hold, by part; None or empty where there is nothing."""
    return known_of(referral, dossier, definition) | {
        "eligibility": {
            "receipt": decision.receipt,
            "outcome": decision.outcome.value,
            "tier": decision.tier,
            "rules": rule_version,
        },
    }


def known_of(referral: Referral, dossier: Row, definition: Definition) -> dict[str, Any]:
    """What a pack or an addendum to it could hold but for a decision, by part; None or empty where there is nothing."""
    lines = dossier.get("lines", {})
    return {
        "factory": referral.factory_id,
        "product": referral.product_id,
        "amount": {"minor_units": referral.amount.minor_units, "currency": referral.amount.currency},
        "report": _report_evidence(dossier.get("report")),
        "improvement_lines": [_line_evidence(each, lines[each]) for each in referral.lines if each in lines],
        "environment": _environment_evidence(dossier),
        "company": _company_evidence(dossier, definition),
    }


def _one(code: str, row: Row, value: int | str | None, day: date | None = None) -> Input:
    return Input(code, value, (Source(row["at"], row["event"]),), day)


def _missing(code: str, since: datetime | None) -> Input:
    return Input(code, None, missing_since=since)


def _hold(dossier: Row) -> Input:
    held = dossier.get("held")
    return _one(codes.PROGRAMME_HOLD, held, "held") if held else Input(codes.PROGRAMME_HOLD, "none")


def _report(dossier: Row, since: datetime | None) -> Input:
    """Non-compliant compliance points out of those assessed, in whole per cent, rounded up."""
    report = dossier.get("report")
    if report is None or not report["overall"][1]:
        return _missing(codes.REPORT, since)
    non_compliant, assessed = report["overall"]
    return _one(codes.REPORT, report, -(-100 * non_compliant // assessed), date.fromisoformat(report["day"]))


def _osh_lines(dossier: Row) -> Input:
    lines = open_lines(dossier, OSH)
    return Input(codes.OSH_LINES, len(lines), tuple(Source(one["at"], one["event"]) for one in lines.values()))


def _environment(dossier: Row, since: datetime | None) -> list[Input]:
    records = dossier.get("environment", {})
    if not records:
        return [_missing(code, since) for code in (codes.ENVIRONMENT, codes.VERIFICATION, codes.HIGG_FEM)]
    year = max(records, key=int)
    record, day = records[year], date(int(year), 12, 31)
    average = record["higg_average"]
    return [
        _one(codes.ENVIRONMENT, record, int(year), day),
        _one(codes.VERIFICATION, record, record["verification"], day),
        _missing(codes.HIGG_FEM, since) if average is None else _one(codes.HIGG_FEM, record, average, day),
    ]


def _ownership(dossier: Row, since: datetime | None) -> list[Input]:
    row = dossier.get("ownership")
    if row is None:
        return [_missing(codes.WOMEN_OWNED, since), _missing(codes.WOMEN_BOARD, since)]
    day = date.fromisoformat(row["day"])
    return [_one(codes.WOMEN_OWNED, row, row["owned"], day), _one(codes.WOMEN_BOARD, row, row["board"], day)]


def _score(dossier: Row, definition: Definition, since: datetime | None) -> Input:
    row = dossier.get("scores", {}).get(definition.buyer_programme)
    if row is None:
        return _missing(codes.BUYER_SCORE, since)
    return _one(codes.BUYER_SCORE, row, row["score"], date.fromisoformat(row["day"]))


def _report_evidence(report: Row | None) -> dict[str, Any] | None:
    if report is None:
        return None
    released_at: datetime = report["released_at"]
    return {
        "assessment": report["assessment_id"],
        "released_at": released_at.isoformat(timespec="milliseconds"),
        "non_compliant": report["overall"][0],
        "assessed": report["overall"][1],
        "groups": grouped({cluster: (rate[0], rate[1]) for cluster, rate in report["clusters"].items()}),
    }


def _line_evidence(line_id: str, line: Row) -> dict[str, Any]:
    return {
        "id": line_id,
        "cluster": line["cluster"],
        "point": line["point"],
        "state": line["state"],
        "due_day": line.get("due_day", ""),
    }


def _environment_evidence(dossier: Row) -> dict[str, Any] | None:
    records: Mapping[str, Row] = dossier.get("environment", {})
    if not records:
        return None
    year = max(records, key=int)
    wanted = ("revision", "verification", "higg_scores", "energy", "water", "chemicals")
    return {"year": int(year)} | {name: records[year][name] for name in wanted if name in records[year]}


def _company_evidence(dossier: Row, definition: Definition) -> dict[str, Any] | None:
    ownership, score = dossier.get("ownership"), dossier.get("scores", {}).get(definition.buyer_programme)
    if ownership is None and score is None:
        return None
    content: dict[str, Any] = {"buyer_programme": definition.buyer_programme}
    if ownership is not None:
        content["women_owned_percent"] = ownership["owned"]
    if score is not None:
        content["buyer_score"] = score["score"]
    return content
