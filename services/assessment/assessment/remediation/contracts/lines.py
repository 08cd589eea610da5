"""Facts about the lines of improvement plans as the contract's messages."""

from typing import Any

from amplify.assessment.v1 import improvement_plan_events_pb2 as plan_events
from assessment.dates import contract_date, contract_time
from assessment.domain import remediation_facts as facts
from assessment.domain.fact import LineFact
from assessment.enums import to_contract
from assessment.remediation.contracts.routing import to


def _line(fact: LineFact) -> dict[str, Any]:
    return {
        "factory_id": fact.factory_id,
        "line_id": fact.line_id,
        "country": fact.country,
        "cluster": fact.cluster,
        "point": fact.point,
    }


def _opened(fact: facts.ImprovementLineOpened, _: object) -> plan_events.ImprovementLineOpened:
    return plan_events.ImprovementLineOpened(
        **_line(fact),
        source=to_contract(fact.source),
        assessment_id=fact.assessment_id,
        open_time=contract_time(fact.at),
    )


def _planned(fact: facts.ImprovementLinePlanned, _: object) -> plan_events.ImprovementLinePlanned:
    return plan_events.ImprovementLinePlanned(
        **_line(fact),
        due_day=contract_date(fact.due_day),
        due_time=contract_time(fact.due_at),
        plan_time=contract_time(fact.at),
    )


def _proven(fact: facts.ImprovementLineProven, _: object) -> plan_events.ImprovementLineProven:
    return plan_events.ImprovementLineProven(
        **_line(fact), grade=to_contract(fact.grade), prover=fact.prover, prove_time=contract_time(fact.at)
    )


def _rejected(fact: facts.ImprovementProofRejected, _: object) -> plan_events.ImprovementProofRejected:
    return plan_events.ImprovementProofRejected(
        **_line(fact),
        grade=to_contract(fact.grade),
        reason=to_contract(fact.reason_code),
        prover=fact.prover,
        verifier=fact.verifier,
        reject_time=contract_time(fact.at),
    )


def _verified(fact: facts.ImprovementLineVerified, _: object) -> plan_events.ImprovementLineVerified:
    return plan_events.ImprovementLineVerified(
        **_line(fact),
        grade=to_contract(fact.grade),
        prover=fact.prover,
        verifier=fact.verifier,
        verify_time=contract_time(fact.at),
    )


def _reopened(fact: facts.ImprovementLineReopened, _: object) -> plan_events.ImprovementLineReopened:
    return plan_events.ImprovementLineReopened(
        **_line(fact),
        assessment_id=fact.assessment_id,
        reopened_count=fact.reopened_count,
        reopen_time=contract_time(fact.at),
    )


def _confirmed(fact: facts.ImprovementLineConfirmed, _: object) -> plan_events.ImprovementLineConfirmed:
    return plan_events.ImprovementLineConfirmed(
        **_line(fact), assessment_id=fact.assessment_id, confirm_time=contract_time(fact.at)
    )


def _line_overdue(fact: facts.ImprovementLineOverdue, _: object) -> plan_events.ImprovementLineOverdue:
    return plan_events.ImprovementLineOverdue(
        **_line(fact), due_day=contract_date(fact.due_day), due_time=contract_time(fact.due_at)
    )


TABLE = to(
    "assessment-improvement-plans",
    {
        facts.ImprovementLineOpened: _opened,
        facts.ImprovementLinePlanned: _planned,
        facts.ImprovementLineProven: _proven,
        facts.ImprovementProofRejected: _rejected,
        facts.ImprovementLineVerified: _verified,
        facts.ImprovementLineReopened: _reopened,
        facts.ImprovementLineConfirmed: _confirmed,
        facts.ImprovementLineOverdue: _line_overdue,
    },
)
