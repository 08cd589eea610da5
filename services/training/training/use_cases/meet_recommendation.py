"""A session of a recommended course was completed with people of the factory."""

from dataclasses import dataclass
from datetime import datetime

from chassis.access import EVERYTHING
from chassis.errors import NotFound
from training.domain.recommendation import recommendation_id
from training.storage import recommendations


@dataclass(frozen=True)
class MeetRecommendation:
    """So many of the factory completed it."""

    factory_id: str
    course_id: str
    session_id: str
    completed: int
    completed_at: datetime


def meet_recommendation(command: MeetRecommendation) -> None:
    """Changes nothing where the course is not recommended, or nobody completed it."""
    key = recommendation_id(command.factory_id, command.course_id)
    try:
        recommendation = recommendations.get(EVERYTHING, key)
    except NotFound:
        return
    recommendation.meet(command.session_id, command.completed, command.completed_at)
    recommendations.save(recommendation)
