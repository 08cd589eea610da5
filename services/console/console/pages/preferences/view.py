"""What the person wants to hear of, by which channel and when; legal notices always come."""

from starlette.responses import Response

from amplify.notifications.v1.message_pb2 import Channel
from amplify.notifications.v1.preferences_pb2 import Digest, DigestFrequency, Mute, Preferences, QuietHours
from console.codes import code_of, codes, number
from console.page import Page, get, post
from console.visit import Visit

FIELDS = {
    "preferences.mutes": "topics",
    "preferences.mutes.topic": "topics",
    "preferences.quiet_hours": "quiet_start",
    "preferences.quiet_hours.start": "quiet_start",
    "preferences.quiet_hours.end": "quiet_end",
    "preferences.digests": "digest",
    "preferences.digests.channel": "digest",
    "preferences.digests.hour": "hour",
    "preferences.digests.weekday": "weekday",
    "mutes": "topics",
    "quiet_hours": "quiet_start",
    "quiet_hours.start": "quiet_start",
    "quiet_hours.end": "quiet_end",
    "digests": "digest",
    "digests.hour": "hour",
    "digests.weekday": "weekday",
}
COLLECTED = Channel.CHANNEL_EMAIL
"""The channel that can be collected; the inbox collects by itself."""


def show(visit: Visit) -> Response:
    """The page."""
    kept = visit.services.notifications.preferences(visit.me.subject)
    topics = visit.services.notifications.topics(visit.language.code)
    muted = {(mute.topic, code_of(mute, "channel")) for mute in kept.mutes}
    digest = next((one for one in kept.digests if one.channel == COLLECTED), Digest())
    return visit.show(
        "preferences/page.html",
        kept=kept,
        topics=topics,
        channels=codes(Channel),
        muted=muted,
        digest=digest,
        frequencies=codes(DigestFrequency),
    )


def save(visit: Visit) -> Response:
    """Keep what was chosen, or show it again with what is wrong."""
    form = visit.form
    topics = visit.services.notifications.topics(visit.language.code)
    wanted = set(form.texts("topics"))
    mutes = [
        Mute(topic=topic.topic, channel=Channel.ValueType(channel))
        for topic in topics
        if not topic.legal
        for channel in topic.channels
        if f"{topic.topic}/{_code(channel)}" not in wanted
    ]
    preferences = Preferences(
        name=f"recipients/{visit.me.subject}/preferences",
        mutes=mutes,
        quiet_hours=_quiet_hours(visit),
        digests=_digests(visit),
    )
    etag, once = form.text("etag"), form.request_id
    if not form.wrong and visit.do(
        FIELDS, lambda: visit.services.notifications.update_preferences(preferences, etag, once)
    ):
        return visit.go("/preferences", done="saved")
    return show(visit)


def _code(channel: int) -> str:
    return code_of(Mute(channel=Channel.ValueType(channel)), "channel")


def _quiet_hours(visit: Visit) -> QuietHours | None:
    start, end = visit.form.text("quiet_start"), visit.form.text("quiet_end")
    if not start and not end:
        return None
    for name, text in (("quiet_start", start), ("quiet_end", end)):
        if not text:
            visit.form.wrong_field(name, visit.say("preferences.both_hours"))
    return QuietHours(start=start, end=end)


def _digests(visit: Visit) -> list[Digest]:
    frequency = number(DigestFrequency, visit.form.text("digest"))
    if not frequency:
        return []
    weekly = frequency == DigestFrequency.DIGEST_FREQUENCY_WEEKLY
    return [
        Digest(
            channel=COLLECTED,
            frequency=DigestFrequency.ValueType(frequency),
            hour=visit.whole("hour"),
            weekday=visit.whole("weekday") if weekly else 0,
        )
    ]


PAGE = Page("preferences", (get("/preferences", show, twin=False), post("/preferences", save)))
