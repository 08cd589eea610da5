"""What partners may ask for and be shown. Factories are compared with those that the grants of the moment open."""

from collections.abc import Mapping, Sequence

from chassis.access import Allow, Is, Shown

ROLES = ("buyer", "financier", "ministry")
"""Roles of partners' programs; only these pass the port for partners."""

_PARTNERS = tuple(Allow(role) for role in ROLES)

ACTIONS: Mapping[str, Sequence[Allow]] = {
    "ListReleasedReports": _PARTNERS,
    "GetReleasedReport": _PARTNERS,
    "ListSharedImprovementLines": _PARTNERS,
    "GetSharedImprovementLine": _PARTNERS,
    "WatchChanges": _PARTNERS,
    "AcknowledgeRetraction": _PARTNERS,
}

KINDS: Mapping[str, Sequence[Allow]] = {
    "ReleasedReport": tuple(Allow(role, {"factory_id": "reports_opened", "state": Is("released")}) for role in ROLES),
    "SharedImprovementLine": tuple(Allow(role, {"factory_id": "plans_opened"}) for role in ROLES),
    "Retraction": tuple(Allow(role, {"organisation_id": "organisation"}) for role in ROLES),
}

_NAMES = ("name", "factory", "country", "consent_grant", "etag")
SHOWN: Mapping[str, Shown] = {
    "ReleasedReport": Shown(
        roles={"buyer": (), "ministry": (), "financier": ("overall", "clusters")},
        identity=(*_NAMES, "release_time", "bank_version", "clusters.cluster", "points.cluster", "points.point"),
    ),
    "SharedImprovementLine": Shown(
        roles={"buyer": (), "ministry": (), "financier": ("state", "overdue", "close_time", "due_day")},
        identity=(*_NAMES, "cluster", "point", "open_time"),
    ),
}
"""A financier is shown rates and states here; what it needs to decide comes with a referral's evidence."""
