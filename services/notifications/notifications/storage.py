"""How messages and recipients are kept: one document each."""

import mongoengine as me

from chassis.repository import Repository, RootDocument
from notifications.contracts import ROUTES
from notifications.domain.message import Message, State
from notifications.domain.recipient import Recipient


class ParticularsPart(me.EmbeddedDocument):  # type: ignore[misc]
    """What is known of a person."""

    name = me.StringField(required=True)
    email = me.StringField(required=True)
    language = me.StringField(required=True)
    time_zone = me.StringField(required=True)
    roles = me.ListField(me.StringField())
    countries = me.ListField(me.StringField())
    organisations = me.ListField(me.StringField())
    factories = me.ListField(me.StringField())


class MutePart(me.EmbeddedDocument):  # type: ignore[misc]
    """A topic that shall not come by a channel."""

    topic = me.StringField(required=True)
    channel = me.StringField(required=True)


class QuietHoursPart(me.EmbeddedDocument):  # type: ignore[misc]
    """Hours without disturbance, `HH:MM` each."""

    start = me.StringField(required=True)
    end = me.StringField(required=True)


class DigestPart(me.EmbeddedDocument):  # type: ignore[misc]
    """When a channel's messages are sent together."""

    channel = me.StringField(required=True)
    hour = me.IntField(min_value=0, max_value=23)
    weekday = me.IntField(min_value=0, max_value=7)


class PreferencesPart(me.EmbeddedDocument):  # type: ignore[misc]
    """What a person wishes."""

    mutes = me.EmbeddedDocumentListField(MutePart)
    quiet_hours = me.EmbeddedDocumentField(QuietHoursPart)
    digests = me.EmbeddedDocumentListField(DigestPart)


class BouncesPart(me.EmbeddedDocument):  # type: ignore[misc]
    """What providers said of the person's address."""

    channel = me.StringField()
    soft = me.IntField(min_value=0)
    status_code = me.StringField()
    last_at = me.DateTimeField()
    suppressed = me.StringField()
    suppressed_at = me.DateTimeField()
    countries = me.ListField(me.StringField())


class RecipientDocument(RootDocument):
    """The root of a recipient; its id is the opaque subject of the person's access token."""

    particulars = me.EmbeddedDocumentField(ParticularsPart, required=True)
    preferences = me.EmbeddedDocumentField(PreferencesPart)
    bounces = me.EmbeddedDocumentField(BouncesPart)

    meta = {  # noqa: RUF012
        "collection": "recipients",
        "indexes": [
            {"fields": ["particulars.roles", "_id"], "name": "with_role"},
            {"fields": ["particulars.factories", "_id"], "name": "of_factory"},
            {"fields": ["particulars.organisations", "_id"], "name": "of_organisation"},
            {"fields": ["bounces.channel", "particulars.name", "_id"], "name": "bouncing"},
        ],
    }


class MessageDocument(RootDocument):
    """The root of a message; its id follows from the fact, the rule, the recipient and the channel."""

    fact_id = me.StringField(required=True)
    event = me.StringField()
    rule = me.StringField(required=True)
    audience = me.StringField()
    recipient = me.StringField()
    channel = me.StringField(required=True)
    template = me.StringField(required=True)
    parameters = me.MapField(me.StringField())
    link = me.StringField(required=True)
    country = me.StringField()
    factory_id = me.StringField()
    planned_at = me.DateTimeField(required=True)
    not_after = me.DateTimeField(required=True)
    needs_grant_of = me.StringField()
    grant_scope = me.StringField()
    grant_reference = me.StringField()
    topic = me.StringField()
    legal = me.BooleanField()
    urgent = me.BooleanField()
    digest_id = me.StringField()
    holds = me.ListField(me.StringField())
    acknowledge_by = me.DateTimeField()
    acknowledged_at = me.DateTimeField()
    escalated_at = me.DateTimeField()
    bounced_at = me.DateTimeField()
    bounce_code = me.StringField()
    state = me.StringField(required=True, choices=[state.value for state in State])
    reason = me.StringField()
    attempts = me.IntField(min_value=0)
    repeats = me.IntField(min_value=0)
    may_have_arrived = me.BooleanField()
    settled_at = me.DateTimeField()
    read_at = me.DateTimeField()
    content = me.DictField()

    meta = {  # noqa: RUF012
        "collection": "messages",
        "indexes": [
            {"fields": ["recipient", "channel", "state", "-settled_at", "_id"], "name": "inbox"},
            {"fields": ["state", "-settled_at", "_id"], "name": "failed"},
            {"fields": ["-planned_at", "_id"], "name": "latest"},
            {"fields": ["country", "state", "-planned_at", "_id"], "name": "of_country"},
            {"fields": ["fact_id"], "name": "of_fact"},
        ],
    }


messages: Repository[Message] = Repository(Message, MessageDocument, ROUTES, source="notifications")
recipients: Repository[Recipient] = Repository(Recipient, RecipientDocument, ROUTES, source="notifications")
