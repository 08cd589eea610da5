"""What is known of each factory for deciding on products: one document, each source with the event that said it.

The document of a factory holds `factory` (status), `held`, `report`, `lines` by id, `environment` by year, `scores` by
buyer programme and `ownership`. Whatever changes has the factory evaluated anew, a rebuild too: it decides the same.
"""

from collections.abc import Iterable
from typing import Any

from amplify.assessment.v1.assessment_events_pb2 import ReportReleased
from amplify.finance_linkage.v1.environment_events_pb2 import EnvironmentalRecordSubmitted
from amplify.finance_linkage.v1.finance_profile_events_pb2 import BuyerScoreRecorded, OwnershipRecorded
from amplify.programme.v1.hold_events_pb2 import HoldLifted, HoldPlaced
from chassis.access import Filter
from chassis.consumer import Consumer, Message
from chassis.database import Row
from finance_linkage.domain.errors import UnknownFactory
from finance_linkage.domain.figures import HiggModule, Unit, Verification
from finance_linkage.enums import to_domain
from finance_linkage.read_models import dossier_factories, dossier_lines
from finance_linkage.read_models.dossier_writing import day_text, dossiers, note, origin

__all__ = ["CONSUMER", "dossiers", "known", "many", "next_ids"]


def known(visible: Filter, factory_id: str) -> Row:
    """The dossier of a factory that is enrolled. Raises UnknownFactory, also for one that the caller may not see."""
    query = {"$and": [{"_id": factory_id, "factory.status": {"$exists": True}}, visible.query]}
    row = dossiers.reads().find_one(query)
    if row is None:
        raise UnknownFactory("this factory is not known here; one enrolled just now will be within seconds", "factory")
    return row


def many(factory_ids: Iterable[str]) -> list[Row]:
    """The dossiers of those of the factories that are enrolled."""
    query = {"_id": {"$in": list(factory_ids)}, "factory.status": {"$exists": True}}
    return list(dossiers.reads().find(query).sort("_id", 1))


def next_ids(after: str, count: int) -> list[str]:
    """The ids of the next factories behind this one, in order."""
    rows = dossiers.reads().find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(count)
    return [str(row["_id"]) for row in rows]


def on_hold_placed(fact: HoldPlaced, message: Message) -> None:
    """The programme holds the factory, for a cause that is not told."""
    note(fact.factory_id, {"held": origin(message)})


def on_hold_lifted(fact: HoldLifted, message: Message) -> None:
    """Nothing holds it any more; nothing stays of it."""
    note(fact.factory_id, {}, remove=["held"])


def on_report_released(fact: ReportReleased, message: Message) -> None:
    """A report in counts; of several the latest visit counts, whichever is heard of first."""
    day = day_text(fact.last_on_site_day)
    report = origin(message) | {
        "key": f"{day}/{fact.release_time.ToJsonString()}/{message.event_id}",
        "assessment_id": fact.assessment_id,
        "day": day,
        "released_at": fact.release_time.ToDatetime(),
        "overall": [fact.overall.non_compliant, fact.overall.assessed],
        "clusters": {one.cluster: [one.rate.non_compliant, one.rate.assessed] for one in fact.clusters},
    }
    note(fact.factory_id, {}, latest={"report": report})


def on_environmental_record_submitted(fact: EnvironmentalRecordSubmitted, message: Message) -> None:
    """The record of a year, as it is from now on."""
    modules = [[to_domain(HiggModule, one.module).value, one.score] for one in fact.higg_scores]
    scores = [one.score for one in fact.higg_scores]
    record: dict[str, Any] = origin(message) | {
        "revision": fact.revision,
        "verification": to_domain(Verification, fact.verification).value,
        "higg_scores": modules,
        "higg_average": sum(scores) // len(scores) if scores else None,
    }
    for field, value in fact.ListFields():
        if field.name in ("energy", "water", "chemicals"):
            record[field.name] = [value.amount, to_domain(Unit, value.unit).value]
    note(fact.factory_id, {f"environment.{fact.year}": record})


def on_buyer_score_recorded(fact: BuyerScoreRecorded, message: Message) -> None:
    """The score of one buyer programme."""
    score = origin(message) | {"score": fact.score, "day": day_text(fact.scored_on)}
    note(fact.factory_id, {f"scores.{fact.buyer_programme}": score})


def on_ownership_recorded(fact: OwnershipRecorded, message: Message) -> None:
    """Who owns the factory."""
    ownership = origin(message) | {
        "owned": fact.women_owned_percent,
        "board": fact.women_board_percent,
        "day": day_text(fact.as_of_day),
    }
    note(fact.factory_id, {"ownership": ownership})


CONSUMER = Consumer(
    name="dossiers",
    streams=[
        "programme-factories",
        "programme-holds",
        "assessment-assessments",
        "assessment-improvement-plans",
        "finance-linkage-environment",
        "finance-linkage-profiles",
    ],
    projections={
        **dossier_factories.PROJECTIONS,
        **dossier_lines.PROJECTIONS,
        HoldPlaced: on_hold_placed,
        HoldLifted: on_hold_lifted,
        ReportReleased: on_report_released,
        EnvironmentalRecordSubmitted: on_environmental_record_submitted,
        BuyerScoreRecorded: on_buyer_score_recorded,
        OwnershipRecorded: on_ownership_recorded,
    },
    view=dossiers,
)
