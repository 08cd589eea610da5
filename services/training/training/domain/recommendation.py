"""A course that a factory's report recommends: at most one recommendation for each factory and course."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from training.domain import facts
from training.domain.course import Point
from training.domain.errors import NotOpen

_NAMESPACE = uuid.UUID("6f0e2c1e-6d51-4b39-9c55-0f4d7c1f3a10")


class RecommendationState(StrEnum):
    """Where it stands."""

    OPEN = "open"
    MET = "met"
    DISMISSED = "dismissed"


class DismissReason(StrEnum):
    """Why it is not needed; the last one is given by a later report and never by a person."""

    TRAINED_ELSEWHERE = "trained_elsewhere"
    OTHER_REMEDY = "other_remedy"
    FACTORY_DECLINED = "factory_declined"
    COMPLIANT_AGAIN = "compliant_again"


def recommendation_id(factory_id: str, course_id: str) -> str:
    """The one id for a factory and a course."""
    return str(uuid.uuid5(_NAMESPACE, f"{factory_id}/{course_id}"))


@dataclass(frozen=True)
class Grounds:
    """A released report and the non-compliant points of it that recommend the course, in order."""

    assessment_id: str
    points: tuple[Point, ...]
    released_at: datetime


@dataclass
class Recommendation:
    """`opened_at` is the release of the report that opened it, the last time."""

    id: str
    factory_id: str
    country: str
    course_id: str
    grounds: Grounds
    opened_at: datetime
    state: RecommendationState = RecommendationState.OPEN
    dismiss_reason: DismissReason | None = None
    session_id: str = ""
    closed_at: datetime | None = None
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def open(cls, factory_id: str, country: str, course_id: str, grounds: Grounds) -> "Recommendation":
        """Recommend a course for the first time."""
        made = cls(
            recommendation_id(factory_id, course_id), factory_id, country, course_id, grounds, grounds.released_at
        )
        made.recorded.append(facts.CourseRecommended(made.id, grounds.released_at))
        return made

    def recommend(self, grounds: Grounds) -> None:
        """A later report recommends it too: an open one goes on, another one opens again."""
        self.grounds = grounds
        if self.state is RecommendationState.OPEN:
            return
        self.state, self.opened_at = RecommendationState.OPEN, grounds.released_at
        self.dismiss_reason, self.session_id, self.closed_at = None, "", None
        self.recorded.append(facts.CourseRecommended(self.id, grounds.released_at))

    def meet(self, session_id: str, completed: int, at: datetime) -> None:
        """A session was completed after it was opened; anything else changes nothing."""
        if self.state is RecommendationState.OPEN and completed and at >= self.opened_at:
            self.state, self.session_id, self.closed_at = RecommendationState.MET, session_id, at
            self.recorded.append(facts.CourseRecommendationMet(self.id, at, completed))

    def dismiss(self, reason: DismissReason, actor: str | None, now: datetime) -> None:
        """It is not needed. Raises NotOpen."""
        if self.state is not RecommendationState.OPEN:
            raise NotOpen(f"the recommendation is {self.state.value}")
        self.state, self.dismiss_reason, self.closed_at = RecommendationState.DISMISSED, reason, now
        self.recorded.append(facts.CourseRecommendationDismissed(self.id, actor, now))
