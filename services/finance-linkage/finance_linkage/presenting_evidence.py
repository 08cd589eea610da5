"""The content of an evidence pack, from what is kept to what the contract shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amplify.finance_linkage.v1 import environmental_record_pb2, evidence_pack_pb2, money_pb2
from finance_linkage.contracts.shared import contract_quantity, contract_score
from finance_linkage.domain.figures import HiggModule, Quantity, Score, Unit, Verification
from finance_linkage.domain.rules import Outcome
from finance_linkage.enums import to_contract
from finance_linkage.presenting import day_of, moment

Part = Mapping[str, Any]


def present_evidence(pack: Part) -> evidence_pack_pb2.Evidence:
    """Every part that the pack has; the others stay unset."""
    amount = pack["amount"]
    return evidence_pack_pb2.Evidence(
        factory=f"factories/{pack['factory']}",
        product=f"products/{pack['product']}",
        amount=money_pb2.Money(minor_units=amount["minor_units"], currency_code=amount["currency"]),
        parts=pack["parts"],
        eligibility=_eligibility(pack["eligibility"]) if "eligibility" in pack else None,
        report=_report(pack["report"]) if "report" in pack else None,
        improvement_lines=[_line(one) for one in pack.get("improvement_lines", ())],
        environment=_environment(pack["environment"]) if "environment" in pack else None,
        company=evidence_pack_pb2.CompanyEvidence(**pack["company"]) if "company" in pack else None,
    )


def _eligibility(part: Part) -> evidence_pack_pb2.EligibilityEvidence:
    return evidence_pack_pb2.EligibilityEvidence(
        receipt_digest=part["receipt"],
        outcome=to_contract(Outcome(part["outcome"])),
        tier=part["tier"],
        rule_version=part["rules"],
    )


def _report(part: Part) -> evidence_pack_pb2.ReportEvidence:
    return evidence_pack_pb2.ReportEvidence(
        assessment=f"assessments/{part['assessment']}",
        release_time=moment(datetime.fromisoformat(part["released_at"])),
        points_assessed=part["assessed"],
        points_non_compliant=part["non_compliant"],
        groups=[evidence_pack_pb2.GroupCount(**one) for one in part["groups"]],
    )


def _line(part: Part) -> evidence_pack_pb2.LineEvidence:
    return evidence_pack_pb2.LineEvidence(
        line_id=part["id"],
        cluster=part["cluster"],
        point=part["point"],
        state=part["state"],
        due_day=day_of(part["due_day"]),
    )


def _environment(part: Part) -> evidence_pack_pb2.EnvironmentEvidence:
    figures = environmental_record_pb2.EnvironmentalFigures(
        higg_scores=[contract_score(Score(HiggModule(module), score)) for module, score in part["higg_scores"]]
    )
    for name in ("energy", "water", "chemicals"):
        if name in part:
            amount, unit = part[name]
            getattr(figures, name).CopyFrom(contract_quantity(Quantity(amount, Unit(unit))))
    return evidence_pack_pb2.EnvironmentEvidence(
        year=part["year"],
        revision=part["revision"],
        figures=figures,
        verification=to_contract(Verification(part["verification"])),
    )
