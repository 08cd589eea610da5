"""A recommendation is opened once, met by a later session, and opened again by a later report."""

from datetime import timedelta

import pytest

from training.domain import facts
from training.domain.course import Point
from training.domain.errors import NotOpen
from training.domain.recommendation import (
    DismissReason,
    Grounds,
    Recommendation,
    RecommendationState,
    recommendation_id,
)

from .builders import NOW, OFFICER

POINT = Point("discrimination", "gender")


def grounds(days: int) -> Grounds:
    """A report that was released so many days later."""
    return Grounds(f"assessment-{days}", (POINT,), NOW + timedelta(days=days))


def test_there_is_one_for_a_factory_and_a_course() -> None:
    assert recommendation_id("bd-1001", "gear") == recommendation_id("bd-1001", "gear")
    ids = {recommendation_id(factory, course) for factory in ("bd-1", "bd-2") for course in ("gear", "sst")}
    assert len(ids) == 4


def test_an_open_one_is_not_opened_again() -> None:
    made = Recommendation.open("bd-1001", "BD", "gear", grounds(0))
    made.recommend(grounds(9))
    assert made.recorded == [facts.CourseRecommended(made.id, NOW)]
    assert (made.grounds.assessment_id, made.opened_at) == ("assessment-9", NOW)


def test_a_session_meets_it_only_from_its_opening_on_and_only_with_people_who_completed() -> None:
    made = Recommendation.open("bd-1001", "BD", "gear", grounds(0))
    made.recorded.clear()
    made.meet("early", 3, NOW - timedelta(days=1))
    made.meet("nobody", 0, NOW + timedelta(days=1))
    assert (made.state, made.recorded) == (RecommendationState.OPEN, [])
    made.meet("session", 3, NOW + timedelta(days=1))
    made.meet("session", 3, NOW + timedelta(days=1))
    assert made.recorded == [facts.CourseRecommendationMet(made.id, NOW + timedelta(days=1), 3)]
    made.recommend(grounds(9))
    assert (made.state, made.session_id, made.closed_at) == (RecommendationState.OPEN, "", None)
    assert made.recorded[-1] == facts.CourseRecommended(made.id, NOW + timedelta(days=9))


def test_only_an_open_one_is_dismissed() -> None:
    made = Recommendation.open("bd-1001", "BD", "gear", grounds(0))
    made.dismiss(DismissReason.OTHER_REMEDY, OFFICER, NOW)
    assert made.state is RecommendationState.DISMISSED
    with pytest.raises(NotOpen):
        made.dismiss(DismissReason.OTHER_REMEDY, OFFICER, NOW)
