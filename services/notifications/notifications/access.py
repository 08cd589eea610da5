"""Who may do and see what here: everybody their own inbox, particulars and preferences, staff the names of colleagues,
and those who answer for a country what became of its messages."""

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

DELIVERIES = (
    Allow("country-manager", {"country": "countries"}),
    Allow("programme-officer", {"country": "countries"}),
    *(Allow(role) for role in KEEPERS),
)
"""What became of messages, never their words: those who answer for a country, and operators."""

SUPPRESSIONS = (
    Allow("country-manager", {"bounces.countries": "countries"}),
    Allow("programme-officer"),
    *(Allow(role) for role in KEEPERS),
)
"""Addresses that bounce. Organisations belong to no country, so their people are for programme officers."""

TENDERS = tuple(Allow(role) for role in ("country-manager", "programme-officer", "sre"))

ACTIONS: Mapping[str, Sequence[Allow]] = {
    "ListMessages": ANYBODY,
    "MarkMessageRead": ANYBODY,
    "CountUnreadMessages": ANYBODY,
    "PutRecipient": OWN_PARTICULARS,
    "GetRecipient": OWN_PARTICULARS,
    "ListColleagues": tuple(Allow(role) for role in STAFF),
    "AcknowledgeMessage": ANYBODY,
    "GetPreferences": OWN_PARTICULARS,
    "UpdatePreferences": OWN_PARTICULARS,
    "ListTopics": (*ANYBODY, Allow("service")),
    "ListDeliveries": TENDERS,
    "ListSuppressions": TENDERS,
    "LiftSuppression": TENDERS,
    "ReportBounce": tuple(Allow(role) for role in KEEPERS),
}

KINDS: Mapping[str, Sequence[Allow]] = {
    "message": OWN_MESSAGE,
    "recipient": OWN_PARTICULARS,
    "colleague": COLLEAGUES,
    "preferences": OWN_PARTICULARS,
    "delivery": DELIVERIES,
    "suppression": SUPPRESSIONS,
}
