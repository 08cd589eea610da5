"""What this service does of its own accord: at a released report, a completed session, and when outcomes are due."""

from datetime import UTC

from amplify.assessment.v1 import report_pb2
from amplify.assessment.v1.assessment_events_pb2 import ReportReleased
from amplify.training.v1.outcome_events_pb2 import SessionCompleted
from chassis.access import EVERYTHING
from chassis.consumer import Consumer, Message
from chassis.due_work import Due
from training import reports
from training.domain.course import Point
from training.domain.recommendation import Grounds
from training.storage import courses, recommendations
from training.use_cases.escalate_outcomes import EscalateOutcomes, escalate_outcomes
from training.use_cases.lapse_recommendation import LapseRecommendation, lapse_recommendation
from training.use_cases.meet_recommendation import MeetRecommendation, meet_recommendation
from training.use_cases.recommend_course import RecommendCourse, recommend_course
from training.use_cases.remind_of_outcomes import RemindOfOutcomes, remind_of_outcomes


def recommend_courses_when_report_released(fact: ReportReleased, _: Message) -> None:
    """A course for each that answers a non-compliant point; open ones that no point speaks for any more lapse."""
    released_at = fact.release_time.ToDatetime(UTC)
    if not reports.is_latest(fact.factory_id, released_at):
        return
    broken = [
        Point(one.cluster, one.point) for one in fact.points if one.status == report_pb2.POINT_STATUS_NON_COMPLIANT
    ]
    wanted = _courses_for(broken)
    for course_id, points in sorted(wanted.items()):
        grounds = Grounds(fact.assessment_id, points, released_at)
        recommend_course(RecommendCourse(fact.factory_id, fact.country, course_id, grounds))
    still_open = {"factory_id": fact.factory_id, "state": "open", "course_id": {"$nin": sorted(wanted)}}
    for row in recommendations.collection.find({"$and": [EVERYTHING.query, still_open]}, {"_id": 1}).sort("_id", 1):
        lapse_recommendation(LapseRecommendation(row["_id"], released_at))


def meet_recommendations_when_session_completed(fact: SessionCompleted, _: Message) -> None:
    """One for each factory whose people completed it."""
    for factory in fact.factories:
        meet_recommendation(
            MeetRecommendation(
                factory.factory_id,
                fact.course_id,
                fact.session_id,
                sum(one.count for one in factory.completed),
                fact.complete_time.ToDatetime(UTC),
            )
        )


def remind_when_outcomes_are_due(due: Due) -> None:
    """Some months after the last day of a session."""
    remind_of_outcomes(RemindOfOutcomes(due.body["session_id"]))


def escalate_when_outcomes_are_overdue(due: Due) -> None:
    """A month later."""
    escalate_outcomes(EscalateOutcomes(due.body["session_id"]))


CONSUMER = Consumer(
    name="recommendations",
    streams=["assessment-assessments", "training-sessions"],
    policies={
        ReportReleased: recommend_courses_when_report_released,
        SessionCompleted: meet_recommendations_when_session_completed,
    },
)


def _courses_for(points: list[Point]) -> dict[str, tuple[Point, ...]]:
    """By course, those of the points that it answers, in the report's order."""
    keys = [{"cluster": one.cluster, "point": one.point} for one in points]
    found = {}
    for row in courses.collection.find({"definition.points": {"$in": keys}}):
        answered = set(courses.revive(row).definition.points)
        found[row["_id"]] = tuple(one for one in points if one in answered)
    return found
