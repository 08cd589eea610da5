"""What programme says: factories that join, and consents."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from amplify.programme.v1.consent_grant_pb2 import ConsentScope
from amplify.programme.v1.programme_events_pb2 import (
    ConsentExpired,
    ConsentGranted,
    ConsentRenewed,
    ConsentWithdrawn,
    FactoryEnrolled,
)
from chassis.consumer import Message
from notifications.domain.occasion import Occasion
from notifications.occasions.common import Words, occasion


def consent(fact: Any, message: Message, words: Words) -> Occasion:
    """A change of a consent: what it opens, for whom."""
    scope = ConsentScope.Name(fact.scope).removeprefix("CONSENT_SCOPE_")
    return occasion(fact, message, {"scope": scope, **words}, organisation_id=fact.organisation_id)


OCCASIONS: Mapping[type[Proto], Callable[[Any, Message], Occasion]] = {
    FactoryEnrolled: occasion,
    ConsentGranted: lambda fact, message: consent(fact, message, {"expires_at": fact.expire_time}),
    ConsentRenewed: lambda fact, message: consent(fact, message, {"expires_at": fact.expire_time}),
    ConsentWithdrawn: lambda fact, message: consent(fact, message, {"ended_at": fact.withdraw_time}),
    ConsentExpired: lambda fact, message: consent(fact, message, {"ended_at": fact.expire_time}),
}
