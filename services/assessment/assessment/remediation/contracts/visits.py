"""Facts about advisory visits as the contract's messages."""

from collections.abc import Iterable
from typing import Any

from amplify.assessment.v1 import advisory_visit_events_pb2 as visit_events
from amplify.assessment.v1 import advisory_visit_pb2
from assessment.dates import contract_date, contract_time
from assessment.domain import remediation_facts as facts
from assessment.domain.fact import VisitFact
from assessment.domain.visit_terms import PeopleMet, Topic
from assessment.enums import to_contract
from assessment.remediation.contracts.routing import to


def contract_topics(topics: Iterable[Topic]) -> list[advisory_visit_pb2.VisitTopic]:
    """Compliance points."""
    return [advisory_visit_pb2.VisitTopic(cluster=one.cluster, point=one.point) for one in topics]


def contract_people(people: Iterable[PeopleMet]) -> list[advisory_visit_pb2.PeopleMet]:
    """People met, by role and sex."""
    return [advisory_visit_pb2.PeopleMet(role=to_contract(one.role), women=one.women, men=one.men) for one in people]


def _visit(fact: VisitFact) -> dict[str, Any]:
    return {
        "advisory_visit_id": fact.advisory_visit_id,
        "factory_id": fact.factory_id,
        "country": fact.country,
        "advisor": fact.advisor,
    }


def _visit_planned(fact: facts.AdvisoryVisitPlanned, _: object) -> visit_events.AdvisoryVisitPlanned:
    return visit_events.AdvisoryVisitPlanned(
        **_visit(fact),
        planned_day=contract_date(fact.planned_day),
        mode=to_contract(fact.mode),
        topics=contract_topics(fact.topics),
        plan_time=contract_time(fact.at),
    )


def _visit_rescheduled(fact: facts.AdvisoryVisitRescheduled, _: object) -> visit_events.AdvisoryVisitRescheduled:
    return visit_events.AdvisoryVisitRescheduled(
        **_visit(fact),
        planned_day=contract_date(fact.planned_day),
        former_day=contract_date(fact.former_day),
        mode=to_contract(fact.mode),
        reschedule_time=contract_time(fact.at),
    )


def _visit_logged(fact: facts.AdvisoryVisitLogged, _: object) -> visit_events.AdvisoryVisitLogged:
    return visit_events.AdvisoryVisitLogged(
        **_visit(fact),
        visit_day=contract_date(fact.visit_day),
        mode=to_contract(fact.mode),
        topics=contract_topics(fact.topics),
        line_ids=fact.line_ids,
        people_met=contract_people(fact.people_met),
        log_time=contract_time(fact.at),
    )


def _visit_cancelled(fact: facts.AdvisoryVisitCancelled, _: object) -> visit_events.AdvisoryVisitCancelled:
    return visit_events.AdvisoryVisitCancelled(
        **_visit(fact),
        planned_day=contract_date(fact.planned_day),
        reason=to_contract(fact.reason_code),
        cancel_time=contract_time(fact.at),
    )


TABLE = to(
    "assessment-advisory-visits",
    {
        facts.AdvisoryVisitPlanned: _visit_planned,
        facts.AdvisoryVisitRescheduled: _visit_rescheduled,
        facts.AdvisoryVisitLogged: _visit_logged,
        facts.AdvisoryVisitCancelled: _visit_cancelled,
    },
)
