"""The platform with a point to die at armed in every service while a factory repairs and trains; then a power cut.

Whichever service passes the point often enough is SIGKILLed there; which ones do is left to the story, and at least one
must. The chassis is proven on a service made for it, at every point with every seed (test_kill_points.py); this is the
same harness on the services' own handlers: their consumers, their due work, their relays and their RPCs.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest

from amplify.assessment.v1.improvement_plan_pb2 import PROOF_GRADE_REMOTE
from amplify.training.v1 import recommendation_pb2
from amplify.training.v1.recommendation_service_pb2 import ListRecommendationsRequest
from chassis.fail_points import POINTS
from local_stack import status
from local_stack.layout import Layout
from local_stack.platform import Platform, own_platform
from local_stack.waiting import wait_until
from tests.e2e.calling import Calling
from tests.e2e.remediating import ADVISOR, FACTORY, OFFICER, State, assess, hold_course, lines, repair

from .conftest import SEEDS
from .platform_truth import Truth

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]
SOME = ("stream.handled", "relay.sent")
"""Where they die in the short run: effects not committed, facts sent and not marked."""

PASSAGES = {"stream": (3, 8), "work": (12, 25), "relay": (2, 4), "due": (2, 3)}
"""At which passage of a point a service dies, by kind of point: so that each life gets something done."""

QUESTIONS = ("bd-1-1-1", "bd-7-8-1")
"""Found broken in turn; the first one recommends a course."""

AWAY = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED}
PATIENCE_SECONDS = 180.0


class Persisting(Calling):
    """Asks again while the service is away, with the same request_id."""

    def __call__(self, person: str, request: Any) -> Any:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return super().__call__(person, request)
            except grpc.RpcError as error:
                if error.code() not in AWAY or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.3)


@pytest.fixture
def starts(test_layout: Layout) -> Iterator[Callable[[str], Platform]]:
    """Starts the platform, all in one run folder, with these fail points armed in every life of every service."""
    layout = Layout(test_layout.run / f"killed-{uuid4().hex[:8]}")
    lives: list[Platform] = []

    def start(fail_points: str) -> Platform:
        lives.append(own_platform(layout, FAIL_POINTS=fail_points).start())
        return lives[-1]

    yield start
    for life in lives:
        life.child.kill()


def test_services_killed_anywhere_lose_and_double_nothing(
    starts: Callable[[str], Platform], seed: int, choose: random.Random, every_seed: bool
) -> None:
    """In the long run each seed takes a share of the points, and all seeds together take every one."""
    points = sorted(POINTS)[seed - 1 :: len(SEEDS)] if every_seed else list(SOME)
    choose.shuffle(points)
    starts("").child.kill()  # once it has its demonstration data
    assessments: list[str] = []
    sessions: list[str] = []
    for number, point in enumerate(points):
        running = starts(f"{point}=kill:{choose.randint(*PASSAGES[point.split('.')[0]])}")
        with Persisting(running) as calling:
            assessments.append(go_round(calling, QUESTIONS[number % 2], sessions))
            wait_until(lambda: _restarts(running.layout), PATIENCE_SECONDS)  # noqa: B023 - asked at once
        running.child.kill()
    with Truth(starts("").layout) as truth:
        wait_until(lambda: not truth.unsettled(), PATIENCE_SECONDS)
        assert truth.faults() == []
        check_business(truth, assessments, sessions)


def go_round(calling: Calling, question: str, sessions: list[str]) -> str:
    """An assessment finds the question broken; its line is repaired, and the course it recommends is held."""
    assessment = assess(calling, [question])

    def opened() -> Any:
        line = lines(calling).get(question)
        return line if line and line.assessment == assessment and line.state == State.IMPROVEMENT_LINE_STATE_OPEN else 0

    repair(calling, wait_until(opened, PATIENCE_SECONDS), PROOF_GRADE_REMOTE, ADVISOR)
    if question == QUESTIONS[0]:
        asked = ListRecommendationsRequest(factory=FACTORY, course="courses/young-workers")
        found = wait_until(lambda: calling(OFFICER, asked).recommendations, PATIENCE_SECONDS)
        sessions.append(hold_course(calling, found[0]))
        met = recommendation_pb2.RECOMMENDATION_STATE_MET
        wait_until(lambda: calling(OFFICER, asked).recommendations[0].state == met, PATIENCE_SECONDS)
    return assessment


def check_business(truth: Truth, assessments: list[str], sessions: list[str]) -> None:
    """Every step of the story was told once, and everybody has one message for each."""
    for name in assessments:
        key = name.split("/")[1]
        assert truth.told("assessment-assessments", key) == [
            "AssessmentStarted",
            "AssessmentSubmitted",
            "ReportReleased",
        ]
    for name in sessions:
        assert truth.told("training-sessions", name.split("/")[1]) == [
            "SessionScheduled",
            "EnrolmentsChanged",
            "AttendanceRecorded",
            "SessionCompleted",
        ]
    rounds = len(assessments)
    assert Counter(truth.told("assessment-improvement-plans", FACTORY.split("/")[1])) == Counter(
        ImprovementLineOpened=min(rounds, 2),
        ImprovementLinePlanned=rounds,
        ImprovementLineProven=rounds,
        ImprovementLineVerified=rounds,
        ImprovementLineConfirmed=rounds - 1,
        ImprovementLineReopened=max(rounds - 2, 0),
    )
    messages = list(truth.of("notifications").messages.find({"factory_id": FACTORY.split("/")[1]}))
    told = Counter((row["fact_id"], row["rule"], row["recipient"], row["channel"]) for row in messages)
    assert set(told.values()) == {1}
    assert {row["state"] for row in messages} == {"SENT"}


def _restarts(layout: Layout) -> int:
    page = status.read(layout.state)
    return sum(part.restarts for part in page.parts) if page else 0
