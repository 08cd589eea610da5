"""A recipient: a person the programme may write to, and where, in which language and at which hour."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from notifications.domain.bounces import Bounces
from notifications.domain.errors import InvalidRecipient, NotSuppressed
from notifications.domain.facts import AddressBounced, PreferencesUpdated, RecipientPut, SuppressionLifted
from notifications.domain.preferences import Preferences

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
LONGEST_ADDRESS = 254
LONGEST_NAME = 200


@dataclass(frozen=True)
class Particulars:
    """What is known of a person; `language` is a BCP 47 tag such as `ar` or `ar-JO`, `time_zone` an IANA name.

    `roles`, `countries` (ISO 3166 codes), `organisations` and `factories` (ids), each sorted, decide which audiences
    the person belongs to.
    """

    name: str
    email: str
    language: str
    time_zone: str
    roles: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    factories: list[str] = field(default_factory=list)


@dataclass
class Recipient:
    """One person; `id` is the opaque subject of the person's access token."""

    id: str
    particulars: Particulars | None = None
    preferences: Preferences = field(default_factory=Preferences)
    bounces: Bounces = field(default_factory=Bounces)
    recorded: list[object] = field(default_factory=list)

    def put(self, particulars: Particulars, now: datetime) -> None:
        """Take these particulars as they are; the same ones again change nothing. Raises InvalidRecipient.

        What bounced was the old address: a new one starts without bounces.
        """
        cleaned = replace(
            particulars,
            name=particulars.name.strip(),
            email=particulars.email.strip(),
            roles=sorted(set(particulars.roles)),
            countries=sorted(set(particulars.countries)),
            organisations=sorted(set(particulars.organisations)),
            factories=sorted(set(particulars.factories)),
        )
        check(cleaned)
        if cleaned == self.particulars:
            return
        if self.particulars is not None and cleaned.email != self.particulars.email:
            self.bounces = Bounces()
        self.particulars = cleaned
        if self.bounces.channel:
            self.bounces = replace(self.bounces, countries=countries_of(cleaned))
        self.recorded.append(RecipientPut(put_at=now))

    def prefer(self, preferences: Preferences, now: datetime) -> None:
        """Take these preferences, which have been checked; the same ones again change nothing."""
        mutes = sorted(set(preferences.mutes), key=lambda mute: (mute.topic, mute.channel))
        cleaned = replace(preferences, mutes=mutes)
        if cleaned != self.preferences:
            self.preferences = cleaned
            self.recorded.append(PreferencesUpdated(updated_at=now))

    def bounce(self, channel: str, status_code: str, now: datetime, *, permanent: bool) -> None:
        """A provider did not take a message for this person's address, for good or for the moment."""
        self.bounces = replace(
            self.bounces.after(channel, status_code, now, permanent=permanent),
            countries=countries_of(self.particulars) if self.particulars else [],
        )
        self.recorded.append(AddressBounced(channel, status_code, self.bounces.suppressed, now))

    def take(self, channel: str) -> None:
        """The address took a message: passing refusals before it count no longer."""
        if self.bounces.soft and self.bounces.channel == channel and not self.bounces.suppressed:
            self.bounces = Bounces()

    def lift(self, now: datetime) -> None:
        """Let messages go to the address again. Raises NotSuppressed."""
        if not self.bounces.suppressed:
            raise NotSuppressed("messages already go to this address")
        self.bounces = Bounces()
        self.recorded.append(SuppressionLifted(lifted_at=now))

    def suppressed(self, channel: str) -> bool:
        """Whether nothing may go to this person by the channel."""
        return bool(self.bounces.suppressed) and self.bounces.channel == channel


def countries_of(particulars: Particulars) -> list[str]:
    """The countries a person belongs to: those they work for and those of their factories."""
    return sorted({*particulars.countries, *(factory.partition("-")[0].upper() for factory in particulars.factories)})


def check(particulars: Particulars) -> None:
    """Raise InvalidRecipient naming the first particular that cannot be used."""
    name, email = particulars.name, particulars.email
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidRecipient("display_name", f"a name has 1 to {LONGEST_NAME} printable characters")
    if len(email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(email):
        raise InvalidRecipient("email", "not an e-mail address that mail servers everywhere accept")
    if not LANGUAGE.fullmatch(particulars.language):
        raise InvalidRecipient("language", "a language is a BCP 47 tag such as en, ar or ar-JO")
    if particulars.time_zone not in _time_zones():
        raise InvalidRecipient("time_zone", "a time zone is an IANA name such as Asia/Dhaka")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
