"""Who may do and see what here. Rules name roles and compare fields of the resource with the caller's attributes."""

from collections.abc import Mapping, Sequence

from chassis.access import Allow

OFFICERS = ("training-officer",)
FIELD = ("enterprise-advisor", "team-leader", "country-manager", "training-officer")
"""Staff who work with the people of a factory: they see who takes part."""

STAFF = (*FIELD, "programme-officer")
"""Staff who see sessions and counts."""

EVERYBODY = (*STAFF, "finance-officer", "factory-manager", "buyer", "financier", "ministry", "sre", "service")


def _allow(roles: Sequence[str], **where: str) -> tuple[Allow, ...]:
    return tuple(Allow(role, where) for role in roles)


def _factory(field: str) -> Allow:
    return Allow("factory-manager", {field: "factory"})


_IN_COUNTRY = {"plan.country": "countries"}
_SESSIONS_OF_OFFICERS = tuple(Allow(role, _IN_COUNTRY) for role in OFFICERS)

KINDS: Mapping[str, Sequence[Allow]] = {
    "course": _allow((*STAFF, "factory-manager")),
    "factory": _allow(OFFICERS, country="countries"),
    "session": (*(Allow(role, _IN_COUNTRY) for role in STAFF), _factory("factory_ids")),
    "session-to-change": _SESSIONS_OF_OFFICERS,
    "session-to-enrol": (*_SESSIONS_OF_OFFICERS, _factory("factory_ids")),
    "participant": (*_allow(FIELD, country="countries"), _factory("employer.factory_id")),
    "participant-to-change": (*_allow(OFFICERS, country="countries"), _factory("employer.factory_id")),
    "trained": (*_allow(STAFF, country="countries"), _factory("employer.factory_id")),
    "certificate": (*_allow(FIELD, country="countries"), _factory("factory_id")),
    "certificate-to-change": _allow(OFFICERS, country="countries"),
    "recommendation": (*_allow(STAFF, country="countries"), _factory("factory_id")),
    "recommendation-to-change": _allow(OFFICERS, country="countries"),
}

_WRITE = _allow(OFFICERS)
_READ = _allow((*STAFF, "factory-manager"))
_NAMES = _allow((*FIELD, "factory-manager"))

ACTIONS: Mapping[str, Sequence[Allow]] = {
    "GetCourse": _READ,
    "ListCourses": _READ,
    "ScheduleSession": _allow(OFFICERS, country="countries"),
    "RescheduleSession": _WRITE,
    "UpdateSession": _WRITE,
    "CancelSession": _WRITE,
    "CompleteSession": _WRITE,
    "GetSession": _READ,
    "ListSessions": _READ,
    "CountWork": _allow(STAFF),
    "ListTrainingSummaries": _READ,
    "EnrolParticipants": (*_WRITE, Allow("factory-manager", {"factory_id": "factory"})),
    "WithdrawParticipant": _allow((*OFFICERS, "factory-manager")),
    "RecordAttendance": _WRITE,
    "RecordTestScores": _WRITE,
    "RecordOutcomes": _WRITE,
    "GetParticipant": _NAMES,
    "ListParticipants": _NAMES,
    "IssueCertificates": _WRITE,
    "RevokeCertificate": _WRITE,
    "GetCertificate": _NAMES,
    "ListCertificates": _NAMES,
    "VerifyCertificate": _allow(EVERYBODY),
    "GetRecommendation": _READ,
    "ListRecommendations": _READ,
    "DismissRecommendation": _WRITE,
}
