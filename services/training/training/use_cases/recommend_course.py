"""A released report recommends a course to a factory."""

from dataclasses import dataclass

from chassis.access import EVERYTHING
from chassis.errors import NotFound
from training import participants
from training.domain.people import total
from training.domain.recommendation import Grounds, Recommendation, recommendation_id
from training.domain.training_counts import by_factory
from training.storage import recommendations, sessions


@dataclass(frozen=True)
class RecommendCourse:
    """The course, the factory, and the points of the report that speak for it."""

    factory_id: str
    country: str
    course_id: str
    grounds: Grounds


def recommend_course(command: RecommendCourse) -> None:
    """Opens the recommendation unless it is open; one that a session has met since the report is met at once."""
    key = recommendation_id(command.factory_id, command.course_id)
    try:
        recommendation = recommendations.get(EVERYTHING, key)
    except NotFound:
        recommendation = Recommendation.open(command.factory_id, command.country, command.course_id, command.grounds)
        recommendations.add(recommendation)
    else:
        recommendation.recommend(command.grounds)
    _meet_by_what_was_held(recommendation)
    recommendations.save(recommendation)


def _meet_by_what_was_held(recommendation: Recommendation) -> None:
    """Facts of other services may come late: a session may have been completed after the report was released."""
    query = {
        "factory_ids": recommendation.factory_id,
        "terms.course_id": recommendation.course_id,
        "state": "completed",
        "completed_at": {"$gte": recommendation.opened_at},
    }
    for row in sessions.collection.find(query).sort("completed_at", 1):
        session = sessions.revive(row)
        for one in by_factory(participants.roster(session.id).enrolled, session.terms.hours_per_day):
            if one.factory_id == recommendation.factory_id and session.completed_at:
                recommendation.meet(session.id, total(one.completed), session.completed_at)
