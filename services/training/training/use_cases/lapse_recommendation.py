"""A later report found in order what had recommended a course."""

from dataclasses import dataclass
from datetime import datetime

from chassis.access import EVERYTHING
from training.domain.recommendation import DismissReason
from training.storage import recommendations


@dataclass(frozen=True)
class LapseRecommendation:
    """The open recommendation, and when the report was released."""

    recommendation_id: str
    released_at: datetime


def lapse_recommendation(command: LapseRecommendation) -> None:
    """Closes it. Raises NotOpen for one that is closed."""
    recommendation = recommendations.get(EVERYTHING, command.recommendation_id)
    recommendation.dismiss(DismissReason.COMPLIANT_AGAIN, None, command.released_at)
    recommendations.save(recommendation)
