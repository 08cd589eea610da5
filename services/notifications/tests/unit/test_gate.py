"""What stands between a message and its sending: mutes, bounces, quiet hours, digests; and what none of them stops."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.domain.bounces import SOFT_LIMIT, Bounces, Suppressed
from notifications.domain.errors import InvalidPreferences, LegalTopic, NotSuppressed, UnknownTopic
from notifications.domain.facts import AddressBounced, PreferencesUpdated, SuppressionLifted
from notifications.domain.gate import Collect, Drop, Go, Verdict, Wait, judge
from notifications.domain.message import Message, Reason
from notifications.domain.preferences import Digest, Mute, Preferences, QuietHours, check
from notifications.domain.recipient import Particulars, Recipient

NIGHT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""Midnight in Dhaka."""
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
EIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KARIM = Particulars("Karim", "karim@people.example", "en", "Asia/Dhaka", factories=["bd-1001"])
WISHES = Preferences(
    mutes=[Mute("training", "email")], quiet_hours=QuietHours("22:00", "07:00"), digests=[Digest("email", 8)]
)
QUIET = replace(WISHES, digests=[])
TOPICS = {"training": False, "consent": False, "legal-notice": True}


def message(**more: object) -> Message:
    fields: dict[str, object] = {
        "id": "m-1",
        "fact_id": "f-1",
        "event": "e",
        "rule": "r",
        "audience": "us",
        "recipient": "p-1",
        "channel": "email",
        "template": "t",
        "parameters": {},
        "link": "/",
        "country": "BD",
        "factory_id": "bd-1001",
        "planned_at": NIGHT,
        "not_after": NIGHT + timedelta(days=3),
        "topic": "consent",
    }
    return Message(**{**fields, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wishes", "changed", "verdict"),
    [
        (Preferences(), {}, Go()),
        (QUIET, {}, Wait(MORNING)),
        (QUIET, {"urgent": True}, Go()),
        (QUIET, {"legal": True}, Wait(MORNING)),
        (QUIET, {"channel": "inbox"}, Go()),
        (QUIET, {"not_after": MORNING}, Go()),
        (QUIET, {"not_after": MORNING + timedelta(seconds=1)}, Wait(MORNING)),
        (WISHES, {}, Collect(EIGHT)),
        (WISHES, {"urgent": True}, Go()),
        (WISHES, {"legal": True}, Wait(MORNING)),
        (WISHES, {"attempts": 1}, Wait(MORNING)),
        (WISHES, {"holds": ["m-2"]}, Wait(MORNING)),
        (WISHES, {"not_after": EIGHT}, Wait(MORNING)),
        (WISHES, {"topic": "training"}, Drop(Reason.MUTED)),
        (WISHES, {"topic": "training", "urgent": True}, Drop(Reason.MUTED)),
        (WISHES, {"topic": "training", "channel": "inbox"}, Go()),
        (WISHES, {"topic": "training", "legal": True}, Wait(MORNING)),
    ],
)
def test_it_judges(wishes: Preferences, changed: dict[str, object], verdict: Verdict) -> None:
    one = message(**changed)
    assert judge(one, Recipient("p-1", KARIM, wishes), disturbs=one.channel != "inbox", now=NIGHT) == verdict


def test_a_suppressed_address_takes_nothing_and_the_inbox_still_does() -> None:
    karim = Recipient("p-1", KARIM)
    karim.bounce("email", "5.1.1", NIGHT, permanent=True)
    assert judge(message(legal=True), karim, disturbs=True, now=NIGHT) == Drop(Reason.ADDRESS_SUPPRESSED)
    assert judge(message(channel="inbox"), karim, disturbs=False, now=NIGHT) == Go()


def test_soft_bounces_add_up_until_a_delivery() -> None:
    karim = Recipient("p-1", KARIM)
    for number in range(1, SOFT_LIMIT):
        karim.bounce("email", "4.2.2", NIGHT, permanent=False)
        assert (karim.bounces.soft, karim.suppressed("email")) == (number, False)
    karim.take("email")
    assert karim.bounces == Bounces()
    for _ in range(SOFT_LIMIT):
        karim.bounce("email", "4.2.2", NIGHT, permanent=False)
    assert (karim.bounces.suppressed, karim.bounces.suppressed_at) == (Suppressed.SOFT_BOUNCES, NIGHT)
    karim.take("email")
    assert karim.suppressed("email"), "only staff or a new address lift a suppression"


def test_a_bounce_keeps_its_first_reason_until_staff_or_a_new_address_lift_it() -> None:
    karim = Recipient("p-1", KARIM)
    karim.bounce("email", "5.1.1", NIGHT, permanent=True)
    karim.bounce("email", "4.2.2", MORNING, permanent=False)
    assert (karim.bounces.suppressed, karim.bounces.suppressed_at) == (Suppressed.HARD_BOUNCE, NIGHT)
    assert karim.bounces.countries == ["BD"]
    karim.lift(MORNING)
    assert not karim.suppressed("email")
    with pytest.raises(NotSuppressed):
        karim.lift(MORNING)
    assert [type(fact) for fact in karim.recorded] == [AddressBounced, AddressBounced, SuppressionLifted]
    karim.bounce("email", "5.1.1", NIGHT, permanent=True)
    karim.put(replace(KARIM, language="ar"), MORNING)
    assert karim.suppressed("email")
    karim.put(replace(KARIM, email="new@people.example"), MORNING)
    assert not karim.suppressed("email")


@pytest.mark.parametrize(
    ("bad", "kind", "field"),
    [
        (Preferences([Mute("consent", "email"), Mute("legal-notice", "email")]), LegalTopic, "mutes[1].topic"),
        (Preferences([Mute("gossip", "email")]), UnknownTopic, "mutes[0].topic"),
        (Preferences(quiet_hours=QuietHours("07:00", "07:00")), InvalidPreferences, "quiet_hours.end"),
        (Preferences(digests=[Digest("inbox", 8)]), InvalidPreferences, "digests[0].channel"),
        (Preferences(digests=[Digest("email", 8), Digest("email", 9, 1)]), InvalidPreferences, "digests[1].channel"),
        (replace(WISHES, digests=[Digest("email", 23)]), InvalidPreferences, "digests[0].hour"),
        (replace(WISHES, digests=[Digest("email", 6)]), InvalidPreferences, "digests[0].hour"),
    ],
)
def test_preferences_that_cannot_be_used_are_refused_at_their_field(bad: Preferences, kind: type, field: str) -> None:
    with pytest.raises(kind) as refused:
        check(bad, TOPICS, ["email"])
    assert refused.value.field == field  # type: ignore[attr-defined]


def test_good_preferences_are_taken_and_the_same_again_change_nothing() -> None:
    check(WISHES, TOPICS, ["email"])
    karim = Recipient("p-1", KARIM)
    karim.prefer(replace(WISHES, mutes=[*WISHES.mutes, *WISHES.mutes]), NIGHT)
    karim.prefer(WISHES, MORNING)
    assert karim.recorded == [PreferencesUpdated(NIGHT)]
    assert karim.preferences == WISHES
