"""A training officer closes a recommendation that is not needed."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training.domain.recommendation import DismissReason, Recommendation
from training.storage import recommendations


@dataclass(frozen=True)
class DismissRecommendation:
    """Why, as a code."""

    recommendation_id: str
    reason: DismissReason
    etag: str = ""


def dismiss_recommendation(command: DismissRecommendation, caller: Identity) -> Recommendation:
    """Raises NotFound, Aborted or NotOpen."""
    visible = filter(caller, "recommendation-to-change")
    recommendation = recommendations.get(visible, command.recommendation_id, etag=command.etag)
    recommendation.dismiss(command.reason, caller.subject, clock.now())
    recommendations.save(recommendation)
    return recommendation
