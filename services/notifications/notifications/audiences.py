"""Who belongs to an audience: one small function each, asked when a fact arrives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notifications.domain.occasion import Occasion


class Directory(Protocol):
    """What audiences need to know; answers are opaque ids in a stable order, without repeats."""

    def advisor_of(self, factory_id: str) -> str:
        """The advisor assigned to the factory, empty if none is known."""

    def knows(self, factory_id: str) -> bool:
        """Whether programme's word on the factory has arrived, be it that no advisor is assigned."""

    def people(self, role: str, *, country: str = "", factory: str = "", organisation: str = "") -> list[str]:
        """Recipients who hold the role and whatever else is asked for."""

    def entitled_organisations(self, factory_id: str, at: datetime) -> list[str]:
        """Organisations with a grant for the factory's assessment reports that held at `at`, as far as is known."""


@dataclass(frozen=True)
class Addressee:
    """One person to tell; `organisation_id` is set where the telling depends on that organisation's consent grant.

    `scope` is what the grant must open, `reference` the one thing it may be for, such as `referrals/{referral}`.
    """

    recipient: str
    organisation_id: str = ""
    scope: str = "REPORTS"
    reference: str = ""


PARTNERS = ("buyer", "financier", "ministry")
"""Roles of people who come from another organisation."""

Audience = Callable[[Occasion, Directory], list[Addressee]]


def factory_managers(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """The managers of the factory itself."""
    return _each(directory.people("factory-manager", factory=occasion.factory_id))


def assigned_advisor(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """The advisor who looks after the factory."""
    advisor = directory.advisor_of(occasion.factory_id)
    return _each([advisor] if advisor else [])


def assessment_advisors(occasion: Occasion, _directory: Directory) -> list[Addressee]:
    """The advisors on the assessment's team."""
    return _each(sorted(set(occasion.advisors)))


def assessment_team_leader(occasion: Occasion, _directory: Directory) -> list[Addressee]:
    """The leader of the assessment's team."""
    return _each([occasion.team_leader] if occasion.team_leader else [])


def country_managers(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """Those who answer for the country programme."""
    return _each(directory.people("country-manager", country=occasion.country))


def training_officers(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """Those who run training in the country."""
    return _each(directory.people("training-officer", country=occasion.country))


def finance_officers(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """Those who link factories of the country to finance."""
    return _each(directory.people("finance-officer", country=occasion.country))


def named_people(occasion: Occasion, _directory: Directory) -> list[Addressee]:
    """Those whom the fact itself names: the visiting advisor, the trainers, the officer of a referral."""
    return _each(sorted(set(occasion.people)))


def session_factories(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """The managers of every factory with a part in a training session."""
    managers = {
        person for factory in occasion.factories for person in directory.people("factory-manager", factory=factory)
    }
    return _each(sorted(managers))


def named_buyer(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """The people of the one organisation a consent fact names; its own grant is the news, so none has to be live."""
    people = {person for role in PARTNERS for person in directory.people(role, organisation=occasion.organisation_id)}
    return _each(sorted(people))


def consented_financier(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """The people of a referral's financier, under the factory's consent for it; confirmed before anything leaves."""
    return [
        Addressee(person, occasion.organisation_id, "FINANCE", f"referrals/{occasion.subject_id}")
        for person in directory.people("financier", organisation=occasion.organisation_id)
    ]


def named_financier(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """The people of the financier that had a referral: that it sees nothing more of it is the news."""
    return _each(directory.people("financier", organisation=occasion.organisation_id))


def entitled_buyers(occasion: Occasion, directory: Directory) -> list[Addressee]:
    """The people of every buyer with a live grant; the grant is confirmed again before anything leaves."""
    organisations = directory.entitled_organisations(occasion.factory_id, occasion.happened_at)
    return [
        Addressee(person, organisation)
        for organisation in organisations
        for person in directory.people("buyer", organisation=organisation)
    ]


AUDIENCES: dict[str, Audience] = {
    "factory-managers": factory_managers,
    "assigned-advisor": assigned_advisor,
    "assessment-advisors": assessment_advisors,
    "assessment-team-leader": assessment_team_leader,
    "country-managers": country_managers,
    "training-officers": training_officers,
    "finance-officers": finance_officers,
    "visiting-advisor": named_people,
    "session-trainers": named_people,
    "referral-officer": named_people,
    "session-factories": session_factories,
    "named-buyer": named_buyer,
    "entitled-buyers": entitled_buyers,
    "consented-financier": consented_financier,
    "named-financier": named_financier,
}

OPTIONAL = frozenset({"entitled-buyers", "assigned-advisor", "session-factories", "visiting-advisor"})
"""Audiences that may well be empty: no buyer has consent, no advisor is assigned yet, a session is for unions or
inspectorates, a visit has no advisor yet. For every other audience an
empty answer is recorded as a failed message, because somebody should have been told."""

FOLLOWS_FACTORY = "assigned-advisor"
"""The audience that only programme's word on the factory can name; what comes before that word waits for it."""


def known(audience: str, occasion: Occasion, directory: Directory) -> bool:
    """Whether it can be said already who belongs to the audience."""
    return audience != FOLLOWS_FACTORY or directory.knows(occasion.factory_id)


def _each(people: list[str]) -> list[Addressee]:
    return [Addressee(person) for person in people]
