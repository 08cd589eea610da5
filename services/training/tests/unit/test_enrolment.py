"""Places, waiting and withdrawal."""

from datetime import timedelta

import pytest

from training.domain import facts
from training.domain.enrolment import enrol, fill_places, withdraw
from training.domain.errors import InvalidRows, OverCapacity, WrongState
from training.domain.participant import ParticipantState, WithdrawReason
from training.domain.people import Employer, EmployerKind, HeadCount, Role, Sex
from training.domain.roster import Roster
from training.domain.session import SessionCancelReason

from .builders import NOW, OFFICER, candidate, session, with_people


def test_the_first_get_places_and_the_others_wait_in_their_order() -> None:
    made, roster = with_people("a", "b", "c", "d", may_wait=True)
    assert [person.id for person in roster.enrolled] == ["a", "b"]
    assert [person.id for person in roster.waiting] == ["c", "d"]
    assert (made.waiting, made.waiting_since, made.places_left) == (2, NOW, 0)


def test_without_a_waiting_list_all_are_refused_or_none() -> None:
    made, roster = session(), Roster()
    with pytest.raises(OverCapacity) as refused:
        enrol(made, roster, [candidate(name) for name in "abc"], may_wait=False, actor=OFFICER, now=NOW)
    assert refused.value.violations == [("participants[2]", "finds no place")]
    assert list(roster) == []
    assert made.enrolled == ()


def test_who_asked_first_moves_up_first_whenever_it_was_entered() -> None:
    made, roster = session(capacity=1), Roster()
    late, early = candidate("late"), candidate("early")
    early = type(early)(early.participant_id, early.identity, NOW + timedelta(minutes=1))
    late = type(late)(late.participant_id, late.identity, NOW + timedelta(minutes=2))
    now = NOW + timedelta(hours=1)
    enrol(made, roster, [candidate("first")], may_wait=True, actor=OFFICER, now=NOW)
    enrol(made, roster, [late, early], may_wait=True, actor=OFFICER, now=now)
    assert withdraw(made, roster, "first", WithdrawReason.ABSENCE, actor=OFFICER, now=now) == ["early"]
    assert made.waiting_since == late.asked_at


def test_the_same_people_again_change_and_record_nothing() -> None:
    made, roster = with_people("a", "b")
    again = enrol(made, roster, [candidate("a"), candidate("b")], may_wait=False, actor=OFFICER, now=NOW)
    assert (again.placed, again.unchanged, made.recorded) == (0, 2, [])
    person = roster.get("a")
    assert person is not None
    withdraw(made, roster, "a", WithdrawReason.ABSENCE, actor=OFFICER, now=NOW)
    enrol(made, roster, [candidate("a")], may_wait=False, actor=OFFICER, now=NOW)
    assert person.state is ParticipantState.WITHDRAWN, "a late retry brings nobody back"


def test_wrong_rows_are_named_and_nobody_is_enrolled() -> None:
    made, roster = with_people("a")
    rows = [
        candidate("b"),
        candidate("a", full_name="Somebody else"),
        candidate("c", employer=Employer(EmployerKind.UNION, "bd-1001")),
        candidate("b"),
    ]
    with pytest.raises(InvalidRows) as refused:
        enrol(made, roster, rows, may_wait=True, actor=OFFICER, now=NOW)
    assert [(one.field, one.reason) for one in refused.value.problems] == [
        ("participants[1].participant_id", "PARTICIPANT_ID_REUSED"),
        ("participants[2].employer", "EMPLOYER_INVALID"),
        ("participants[3].participant_id", "PARTICIPANT_ID_REUSED"),
    ]
    assert [person.id for person in roster] == ["a"]


def test_facts_count_by_sex_and_role_and_name_nobody() -> None:
    made, roster = session(capacity=9), Roster()
    rows = [candidate("a"), candidate("b", sex=Sex.MALE), candidate("c", role=Role.SUPERVISOR), candidate("d")]
    enrol(made, roster, rows, may_wait=False, actor=OFFICER, now=NOW)
    assert made.enrolled == (
        HeadCount(Sex.FEMALE, Role.WORKER, 2),
        HeadCount(Sex.FEMALE, Role.SUPERVISOR, 1),
        HeadCount(Sex.MALE, Role.WORKER, 1),
    )
    assert made.recorded[-1] == facts.EnrolmentsChanged("session", OFFICER, NOW, 0)


def test_more_places_let_as_many_move_up() -> None:
    made, roster = with_people("a", "b", "c", "d", "e", may_wait=True)
    changes: dict[str, object] = {"capacity": 4}
    made.update(changes, roster, OFFICER, NOW)
    assert fill_places(made, roster, OFFICER, NOW) == ["c", "d"]
    assert (made.waiting, made.places_left) == (1, 0)
    with pytest.raises(OverCapacity):
        made.update({"capacity": 3}, roster, OFFICER, NOW)


def test_nobody_joins_or_leaves_what_is_over() -> None:
    made, roster = with_people("a")
    made.cancel(SessionCancelReason.UNSAFE, OFFICER, NOW)
    with pytest.raises(WrongState):
        enrol(made, roster, [candidate("b")], may_wait=True, actor=OFFICER, now=NOW)
    with pytest.raises(WrongState):
        withdraw(made, roster, "a", WithdrawReason.ABSENCE, actor=OFFICER, now=NOW)
