"""Holds of a factory: what others are told of them, and what they are never told."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.facts import PRIVATE, Public
from programme.contracts import ROUTES
from programme.domain.errors import HoldExists, HoldNotOpen, InvalidFields
from programme.domain.facts import HoldAdded, HoldEnded, HoldLifted, HoldPlaced
from programme.domain.hold import FactoryHolds, HoldCause, HoldState

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def place(subject: FactoryHolds, hold_id: str, cause: HoldCause = HoldCause.VIOLENCE, text: str = "") -> None:
    subject.place(hold_id, cause, text, by="manager", now=NOW)


def lift(subject: FactoryHolds, hold_id: str, text: str = "settled") -> None:
    subject.lift(hold_id, text, by="other", now=NOW + DAY)


def test_others_are_told_when_a_factory_comes_on_hold_and_when_nothing_holds_it_any_more() -> None:
    subject = FactoryHolds("bd-1001", "BD")
    place(subject, "a")
    place(subject, "b", HoldCause.INTEGRITY)
    lift(subject, "a")
    assert subject.on_hold
    lift(subject, "b")
    assert subject.recorded == [
        HoldPlaced("bd-1001", NOW), HoldAdded("bd-1001", "b", NOW),
        HoldEnded("bd-1001", "a", NOW + DAY), HoldLifted("bd-1001", NOW + DAY),
    ]  # fmt: skip
    assert [ROUTES.of(fact, subject) is PRIVATE for fact in subject.recorded] == [False, True, True, False]


@pytest.mark.parametrize("cause", HoldCause)
def test_what_others_are_told_is_the_same_for_every_cause(cause: HoldCause) -> None:
    told = []
    for one in (HoldCause.VIOLENCE, cause):
        subject = FactoryHolds("bd-1001", "BD")
        place(subject, "a", one, f"what only managers may know: {one.value}")
        lift(subject, "a", f"what only managers may know: {one.value}")
        for fact in subject.recorded:
            route = ROUTES.of(fact, subject)
            assert isinstance(route, Public)
            told.append(route.translate(fact, subject).SerializeToString(deterministic=True))
    assert told[:2] == told[2:]


def test_a_hold_keeps_who_placed_and_who_lifted_it() -> None:
    subject = FactoryHolds("bd-1001", "BD")
    place(subject, "a", HoldCause.OTHER, " a fire ")
    lift(subject, "a", " put out ")
    hold = subject.hold("a")
    assert (hold.state, hold.cause_text, hold.lift_text) == (HoldState.LIFTED, "a fire", "put out")
    assert (hold.placed_by, hold.lifted_by, hold.lifted_at) == ("manager", "other", NOW + DAY)


def test_what_cannot_be_is_refused_and_changes_nothing() -> None:
    subject = FactoryHolds("bd-1001", "BD")
    with pytest.raises(InvalidFields):
        place(subject, "a", HoldCause.OTHER, " ")
    assert (subject.holds, subject.recorded) == ((), [])
    place(subject, "a")
    with pytest.raises(HoldExists):
        place(subject, "a")
    with pytest.raises(InvalidFields):
        lift(subject, "a", " ")
    with pytest.raises(KeyError):
        lift(subject, "b")
    lift(subject, "a")
    with pytest.raises(HoldNotOpen):
        lift(subject, "a")
    assert len(subject.recorded) == 2
