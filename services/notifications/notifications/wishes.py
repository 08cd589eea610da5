"""Between the contract of preferences and the domain's."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from amplify.notifications.v1 import message_pb2, preferences_pb2
from chassis.errors import Invalid
from notifications import channels, contracts
from notifications.domain.preferences import Digest, Mute, Preferences, QuietHours
from notifications.topics import Topic

FIELDS = ("mutes", "quiet_hours", "digests")
DAILY, WEEKLY = preferences_pb2.DIGEST_FREQUENCY_DAILY, preferences_pb2.DIGEST_FREQUENCY_WEEKLY


def shown(recipient_id: str, preferences: Preferences, etag: str) -> preferences_pb2.Preferences:
    """Preferences as they are shown."""
    quiet = preferences.quiet_hours
    return preferences_pb2.Preferences(
        name=f"recipients/{recipient_id}/preferences",
        mutes=[
            preferences_pb2.Mute(topic=mute.topic, channel=contracts.channel(mute.channel))
            for mute in preferences.mutes
        ],
        quiet_hours=preferences_pb2.QuietHours(start=quiet.start, end=quiet.end) if quiet else None,
        digests=[
            preferences_pb2.Digest(
                channel=contracts.channel(digest.channel),
                frequency=WEEKLY if digest.weekday else DAILY,
                hour=digest.hour,
                weekday=digest.weekday,
            )
            for digest in preferences.digests
        ],
        etag=etag,
    )


def wanted(came: preferences_pb2.Preferences, mask: FieldMask) -> dict[str, Any]:
    """The preferences that the mask lists, one that is unset emptied. Raises Invalid."""
    if not mask.paths:
        raise Invalid.field("update_mask", "lists no field")
    if not set(mask.paths) <= set(FIELDS):
        raise Invalid.field("update_mask", f"lists what is none of {', '.join(FIELDS)}")
    values: dict[str, Any] = {
        "mutes": [Mute(mute.topic, _channel(mute.channel)) for mute in came.mutes],
        "quiet_hours": QuietHours(came.quiet_hours.start, came.quiet_hours.end)
        if came.HasField("quiet_hours")
        else None,
        "digests": [_digest(number, digest) for number, digest in enumerate(came.digests)],
    }
    return {name: values[name] for name in mask.paths}


def topic(one: Topic, language: str) -> preferences_pb2.Topic:
    """A topic, named in the language."""
    return preferences_pb2.Topic(
        topic=one.name,
        display_name=one.names[language],
        legal=one.legal,
        channels=[contracts.channel(name) for name in channels.names()],
    )


def _digest(number: int, came: preferences_pb2.Digest) -> Digest:
    weekly = came.frequency == WEEKLY
    if weekly != bool(came.weekday):
        raise Invalid.field(
            f"preferences.digests[{number}].weekday",
            "a weekly digest has a day of the week, a daily one none",
            reason="PREFERENCES_INVALID",
        )
    return Digest(_channel(came.channel), came.hour, came.weekday)


def _channel(value: "message_pb2.Channel.ValueType") -> str:
    return message_pb2.Channel.Name(value).removeprefix("CHANNEL_").lower()
