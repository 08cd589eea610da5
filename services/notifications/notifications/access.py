"""Who may do and see what here: everybody their own inbox and particulars, staff the names of colleagues."""

from collections.abc import Mapping, Sequence

from chassis.access import Allow

STAFF = (
    "enterprise-advisor",
    "team-leader",
    "country-manager",
    "programme-officer",
    "training-officer",
    "finance-officer",
)
PEOPLE = (*STAFF, "sre", "buyer", "financier", "ministry", "factory-manager")
KEEPERS = ("service", "sre")
"""Who keeps the particulars of others: the directory that feeds this service, and operators."""

ANYBODY = tuple(Allow(role) for role in PEOPLE)
OWN_MESSAGE = tuple(Allow(role, {"recipient": "subject"}) for role in PEOPLE)
OWN_PARTICULARS = (*(Allow(role) for role in KEEPERS), *(Allow(role, {"_id": "subject"}) for role in PEOPLE))

COLLEAGUES = tuple(Allow(role, {"particulars.countries": "countries"}) for role in STAFF)
"""Staff know each other by name within their countries."""

ACTIONS: Mapping[str, Sequence[Allow]] = {
    "ListMessages": ANYBODY,
    "MarkMessageRead": ANYBODY,
    "CountUnreadMessages": ANYBODY,
    "PutRecipient": OWN_PARTICULARS,
    "GetRecipient": OWN_PARTICULARS,
    "ListColleagues": tuple(Allow(role) for role in STAFF),
}

KINDS: Mapping[str, Sequence[Allow]] = {
    "message": OWN_MESSAGE,
    "recipient": OWN_PARTICULARS,
    "colleague": COLLEAGUES,
}
