"""Names of colleagues, where the person may know them; facts and services speak of opaque ids only."""

from console.clients.troubles import Refused
from console.visit import Visit

TEAM_ROLES = ("enterprise-advisor", "team-leader")


def choices(visit: Visit, role: str, country: str) -> list[tuple[str, str]]:
    """(opaque id, name) of everybody with a role in a country, by name; empty where they cannot be had."""

    def read() -> list[tuple[str, str]]:
        try:
            found = visit.services.notifications.people(role, country)
        except Refused:
            return []
        return [(one.recipient.removeprefix("recipients/"), one.display_name) for one in found]

    return visit.part(read).value or []


def names(visit: Visit, country: str) -> dict[str, str]:
    """Names of the country's assessment teams by opaque id, and the person's own."""
    known = {who: name for role in TEAM_ROLES for who, name in choices(visit, role, country)}
    return known | {visit.me.subject: visit.me.name}
