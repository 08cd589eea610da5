"""What a person wants to hear of, by which channel and when; empty until the person says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.domain.errors import InvalidPreferences, LegalTopic, UnknownTopic
from notifications.domain.local_time import moment, next_moment


@dataclass(frozen=True)
class Mute:
    """A topic that shall not come by a channel."""

    topic: str
    channel: str


@dataclass(frozen=True)
class QuietHours:
    """Hours without disturbance on the person's own clock, `HH:MM` each; `end` is the first minute after them."""

    start: str
    end: str

    def until(self, now: datetime, zone: str) -> datetime | None:
        """The end of the quiet hours that hold now, in UTC; None if none do."""
        today = now.astimezone(ZoneInfo(zone)).date()
        for first in (today - timedelta(days=1), today):
            last = first if self.start < self.end else first + timedelta(days=1)
            begins, ends = moment(first, _time(self.start), zone), moment(last, _time(self.end), zone)
            if begins <= now < ends:
                return ends
        return None

    def cover(self, wall: str) -> bool:
        """Whether they hold at a time of the clock, on an ordinary day."""
        if self.start < self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end


@dataclass(frozen=True)
class Digest:
    """A channel whose messages are sent together at a full hour of the person's own clock.

    `weekday` is 1 for Monday to 7 for Sunday, and 0 for every day.
    """

    channel: str
    hour: int
    weekday: int = 0

    def next(self, now: datetime, zone: str) -> datetime:
        """When the next one is sent, in UTC."""
        return next_moment(now, time(self.hour), zone, weekday=self.weekday)


@dataclass(frozen=True)
class Preferences:
    """What the person chose; `mutes` in the order of topic and channel, without repeats."""

    mutes: list[Mute] = field(default_factory=list)
    quiet_hours: QuietHours | None = None
    digests: list[Digest] = field(default_factory=list)

    def muted(self, topic: str, channel: str) -> bool:
        """Whether the topic shall not come by the channel."""
        return Mute(topic, channel) in self.mutes

    def digest_of(self, channel: str) -> Digest | None:
        """How the channel's messages are collected; None if they are not."""
        return next((digest for digest in self.digests if digest.channel == channel), None)


def check(preferences: Preferences, topics: Mapping[str, bool], collecting: Collection[str]) -> None:
    """Raise for the first preference that cannot be used, naming its field.

    `topics` says of each topic whether it is a legal notice, `collecting` names the channels that can send a digest.
    """
    for number, mute in enumerate(preferences.mutes):
        if mute.topic not in topics:
            raise UnknownTopic(f"mutes[{number}].topic", f"there is no topic {mute.topic}")
        if topics[mute.topic]:
            raise LegalTopic(f"mutes[{number}].topic", "legal notices cannot be muted")
    quiet = preferences.quiet_hours
    if quiet is not None and quiet.start == quiet.end:
        raise InvalidPreferences("quiet_hours.end", "quiet hours end at another minute than they start")
    for number, digest in enumerate(preferences.digests):
        _check_digest(f"digests[{number}]", digest, preferences, collecting)


def _check_digest(at: str, digest: Digest, preferences: Preferences, collecting: Collection[str]) -> None:
    if digest.channel not in collecting:
        raise InvalidPreferences(f"{at}.channel", "the messages of this channel cannot be collected")
    if preferences.digest_of(digest.channel) is not digest:
        raise InvalidPreferences(f"{at}.channel", "a channel has one digest")
    if preferences.quiet_hours is not None and preferences.quiet_hours.cover(f"{digest.hour:02}:00"):
        raise InvalidPreferences(f"{at}.hour", "a digest is sent outside the quiet hours")


def _time(wall: str) -> time:
    return time.fromisoformat(wall)
