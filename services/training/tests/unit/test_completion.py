"""Who completed a session, and what is asked of them later."""

from datetime import UTC, date, datetime, timedelta

import pytest

from training.domain import completion, facts
from training.domain.certificate import Certificate, RevokeReason, Wanted, entitled, issue, revoke, withheld
from training.domain.days import months_later
from training.domain.errors import AttendanceMissing, InvalidRows, NotOver, WrongState
from training.domain.following import OutcomeOperation, record_outcomes
from training.domain.outcomes import OutcomeKind
from training.domain.people import total
from training.domain.roster import Roster
from training.domain.session import Session, SessionState

from .builders import DAYS, NOW, OFFICER, attend, stamp, with_people

LAST = NOW + timedelta(days=2)


def closed(*present: tuple[str, ...], percent: int = 60) -> tuple[Session, Roster]:
    """A session of two people that was closed; for each day, who was there."""
    made, roster = with_people("a", "b", min_attendance_percent=percent)
    attend(made, roster, *present)
    completion.complete(made, roster, OFFICER, LAST)
    return made, roster


@pytest.mark.parametrize(
    ("days", "percent", "needed"),
    [(3, 60, 2), (3, 67, 3), (3, 66, 2), (10, 90, 9), (1, 1, 1), (10, 80, 8), (3, 100, 3), (60, 99, 60)],
)
def test_a_share_of_days_is_never_rounded_down(days: int, percent: int, needed: int) -> None:
    assert completion.days_needed(days, percent) == needed


def test_it_follows_from_attendance() -> None:
    made, roster = closed(("a", "b"), ("a",), ())
    assert {person.id: (person.completed, person.days_present) for person in roster} == {
        "a": (True, 2),
        "b": (False, 1),
    }
    told = made.recorded[-1]
    assert isinstance(told, facts.SessionCompleted)
    assert (told.participant_hours, total(made.completed), made.state) == (21, 1, SessionState.COMPLETED)
    assert [(one.factory_id, one.enrolled, total(one.completed)) for one in told.factories] == [("bd-1001", 2, 1)]


def test_it_needs_every_day_of_everybody_and_the_last_day() -> None:
    made, roster = with_people("a", "b")
    with pytest.raises(NotOver):
        completion.complete(made, roster, OFFICER, NOW)
    attend(made, roster, ("a",), ("a",))
    with pytest.raises(AttendanceMissing) as refused:
        completion.complete(made, roster, OFFICER, LAST)
    assert [field for field, _ in refused.value.violations] == ["participants.a", "participants.b"]
    empty, nobody = with_people()
    with pytest.raises(WrongState):
        completion.complete(empty, nobody, OFFICER, LAST)


def test_outcomes_are_due_on_the_same_day_of_a_later_month() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 3, 4), 6) == date(2026, 9, 4)
    assert months_later(date(2027, 8, 31), 6) == date(2028, 2, 29)
    made, _ = closed(("a",), ("a",), ("a",))
    assert made.outcomes_due_on == date(2026, 9, 4)
    assert completion.outcomes_due_at(made) == datetime(2026, 9, 4, 3, 0, tzinfo=UTC), "nine in Dhaka"
    assert completion.outcomes_overdue_at(made) == datetime(2026, 10, 4, 3, 0, tzinfo=UTC)
    nobody, _ = closed((), (), ())
    assert (nobody.outcomes_due_on, nobody.outcomes_missing) == (None, 0)


def test_reminders_end_when_everything_is_known() -> None:
    made, roster = closed(("a", "b"), ("a", "b"), ("a", "b"))
    completion.remind_of_outcomes(made, LAST)
    assert made.recorded[-1] == facts.OutcomesDue("session", LAST, date(2026, 9, 4))
    told = [OutcomeOperation(stamp(one, LAST), one, OutcomeKind.PROMOTION, one == "a") for one in ("a", "b")]
    record_outcomes(made, roster, told, OFFICER, LAST)
    recorded = made.recorded[-1]
    assert isinstance(recorded, facts.OutcomesRecorded)
    assert (total(recorded.known), total(recorded.improved), made.outcomes_missing) == (2, 1, 0)
    made.recorded.clear()
    completion.remind_of_outcomes(made, LAST)
    completion.escalate_outcomes(made, LAST)
    assert made.recorded == []


def test_certificates_go_to_those_who_completed_once_each() -> None:
    made, roster = closed(("a",), ("a",), ("a",))

    def ask(*wanted: Wanted, used: tuple[str, ...] = ()) -> list[Certificate]:
        return issue(made, roster, wanted, used, lambda alphabet: alphabet[0], actor=OFFICER, now=LAST)

    for rows, reason in (
        ((Wanted("b"),), "PARTICIPANT_NOT_COMPLETED"),
        ((Wanted("a"), Wanted("a")), "CERTIFICATE_HELD"),
        ((Wanted("a", "7K3M-9QXT-2HFW-E"),), "CERTIFICATE_NUMBER_INVALID"),
        ((Wanted("a", "7K3M-9QXT-2HFW-D"),), "CERTIFICATE_NUMBER_USED"),
    ):
        with pytest.raises(InvalidRows) as refused:
            ask(*rows, used=("7K3M-9QXT-2HFW-D",))
        assert [one.reason for one in refused.value.problems] == [reason]
    (certificate,) = ask(Wanted("a", "7k3m9qxt2hfwd"))
    assert (certificate.number, certificate.holder_name, made.certificates) == ("7K3M-9QXT-2HFW-D", "a", 1)
    with pytest.raises(InvalidRows):
        ask(Wanted("a"))


def test_a_holder_is_known_by_name_whatever_its_writing() -> None:
    made, roster = closed(("a",), ("a",), ("a",))
    (certificate,) = issue(made, roster, [Wanted("a")], (), lambda a: a[0], actor=OFFICER, now=LAST)
    certificate.holder_name = "Nguyễn  Thị Ánh"
    assert certificate.is_held_by(" nguyen thi ANH ")
    assert not certificate.is_held_by("nguyen thi")
    assert DAYS[-1] == certificate.session_last_day


@pytest.mark.parametrize("reason", list(RevokeReason))
def test_after_a_revocation_for_a_cause_only_who_is_named_gets_another_one(reason: RevokeReason) -> None:
    made, roster = closed(("a",), ("a",), ("a",))
    (certificate,) = issue(made, roster, [Wanted("a")], (), lambda a: a[0], actor=OFFICER, now=LAST)
    person = roster.get("a")
    assert person is not None
    revoke(made, person, certificate, reason, OFFICER, LAST)
    wanted = entitled(roster, withheld([certificate]))
    assert wanted == ([Wanted("a")] if reason is RevokeReason.REPLACED else [])
    assert len(issue(made, roster, [Wanted("a")], (), lambda a: a[1], actor=OFFICER, now=LAST)) == 1
