"""Preferences over a real server: everybody keeps their own, and legal notices cannot be muted."""

import uuid
from typing import Any

import neighbours as they
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from line import Line
from stage import Stage

from amplify.notifications.v1 import message_pb2, preferences_pb2
from amplify.notifications.v1 import preferences_service_pb2 as wire
from chassis import database

pytestmark = pytest.mark.stack
MINE = f"recipients/{they.MANAGER}/preferences"
EMAIL, INBOX = message_pb2.CHANNEL_EMAIL, message_pb2.CHANNEL_INBOX
DAILY, WEEKLY = preferences_pb2.DIGEST_FREQUENCY_DAILY, preferences_pb2.DIGEST_FREQUENCY_WEEKLY
WISHES: dict[str, Any] = {
    "mutes": [preferences_pb2.Mute(topic="training", channel=EMAIL)],
    "quiet_hours": preferences_pb2.QuietHours(start="22:00", end="07:00"),
    "digests": [preferences_pb2.Digest(channel=EMAIL, frequency=WEEKLY, hour=8, weekday=1)],
}


@pytest.fixture(autouse=True)
def everybody_is_known(stage: Stage) -> None:
    """The people of these tests."""
    they.people(stage)


def update(paths: list[str] | None = None, **wishes: Any) -> wire.UpdatePreferencesRequest:
    """A request to change one's own."""
    return wire.UpdatePreferencesRequest(
        preferences=preferences_pb2.Preferences(name=MINE, **wishes),
        update_mask=FieldMask(paths=paths if paths is not None else list(wishes)),
        request_id=str(uuid.uuid4()),
    )


def get(line: Line, *who: str) -> preferences_pb2.Preferences:
    """The manager's preferences as they are."""
    answer: wire.GetPreferencesResponse = line.call(
        line.preferences.GetPreferences, wire.GetPreferencesRequest(name=MINE), *who
    )
    return answer.preferences


def test_a_person_keeps_their_own_and_a_mask_changes_what_it_lists(line: Line) -> None:
    assert get(line) == preferences_pb2.Preferences(name=MINE, etag=get(line).etag)
    request = update(**WISHES)
    first = line.call(line.preferences.UpdatePreferences, request)
    assert line.call(line.preferences.UpdatePreferences, request) == first
    assert (
        get(line) == first.preferences == preferences_pb2.Preferences(name=MINE, etag=first.preferences.etag, **WISHES)
    )
    only = line.call(line.preferences.UpdatePreferences, update(paths=["quiet_hours"])).preferences
    assert not only.HasField("quiet_hours")
    assert (only.mutes, only.digests) == (WISHES["mutes"], WISHES["digests"])
    assert database.db().facts.count_documents({"type": "PreferencesUpdated"}) == 2
    assert get(line, "operator-1", "sre") == only


@pytest.mark.parametrize(
    ("wishes", "reason", "field"),
    [
        ({"mutes": [preferences_pb2.Mute(topic="legal-notice", channel=EMAIL)]}, "TOPIC_LEGAL", "mutes[0].topic"),
        ({"mutes": [preferences_pb2.Mute(topic="gossip", channel=EMAIL)]}, "TOPIC_UNKNOWN", "mutes[0].topic"),
        ({"mutes": [preferences_pb2.Mute(topic="training")]}, "INVALID_FIELD", "mutes[0].channel"),
        (
            {"quiet_hours": preferences_pb2.QuietHours(start="22:00", end="24:00")},
            "INVALID_FIELD",
            "quiet_hours.end",
        ),
        (
            {"quiet_hours": preferences_pb2.QuietHours(start="22:00", end="22:00")},
            "PREFERENCES_INVALID",
            "quiet_hours.end",
        ),
        (
            {"digests": [preferences_pb2.Digest(channel=INBOX, frequency=DAILY, hour=8)]},
            "PREFERENCES_INVALID",
            "digests[0].channel",
        ),
        (
            {"digests": [preferences_pb2.Digest(channel=EMAIL, frequency=WEEKLY, hour=8)]},
            "PREFERENCES_INVALID",
            "digests[0].weekday",
        ),
        (
            {"digests": [preferences_pb2.Digest(channel=EMAIL, frequency=DAILY, hour=24)]},
            "INVALID_FIELD",
            "digests[0].hour",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_preferences_are_refused_at_their_field_and_change_nothing(
    line: Line, wishes: dict[str, Any], reason: str, field: str
) -> None:
    before = list(database.db().recipients.find().sort("_id", 1))
    refusal = line.refusal(line.preferences.UpdatePreferences, update(**wishes))
    assert refusal == ("INVALID_ARGUMENT", reason, [f"preferences.{field}"])
    assert list(database.db().recipients.find().sort("_id", 1)) == before


def test_wrong_masks_etags_and_callers_are_refused(line: Line) -> None:
    method = line.preferences.UpdatePreferences
    for paths in ([], ["name"], ["mutes", "etag"]):
        refusal = line.refusal(method, update(paths=paths, **WISHES))
        assert refusal == ("INVALID_ARGUMENT", "INVALID_FIELD", ["update_mask"])
    stale = update(**WISHES)
    stale.etag = '"99"'
    assert line.refusal(method, stale) == ("ABORTED", "STALE_ETAG", [])
    other = (they.ADVISOR, "enterprise-advisor")
    assert line.refusal(method, update(**WISHES), *other) == ("PERMISSION_DENIED", "PERMISSION_DENIED", [])
    reading = wire.GetPreferencesRequest(name=MINE)
    assert line.refusal(line.preferences.GetPreferences, reading, *other) == ("NOT_FOUND", "NOT_FOUND", [])
    assert get(line).mutes == []


def test_topics_are_listed_in_the_readers_language_and_paged(line: Line) -> None:
    names, token = [], ""
    while True:
        asked = wire.ListTopicsRequest(page_size=3, page_token=token, language="ar-JO")
        page = line.call(line.preferences.ListTopics, asked)
        names += [(topic.topic, topic.legal) for topic in page.topics]
        assert page.total_size == 7
        if not (token := page.next_page_token):
            break
    assert names[0] == ("legal-notice", True)
    assert [legal for _, legal in names] == [True] + [False] * 6
    first = line.call(line.preferences.ListTopics, wire.ListTopicsRequest(page_size=1, language="ar")).topics[0]
    assert (first.display_name, list(first.channels)) == ("إشعارات قانونية", [EMAIL, INBOX])
    bad = line.refusal(line.preferences.ListTopics, wire.ListTopicsRequest(page_token=MINE))
    assert bad == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN", ["page_token"])
