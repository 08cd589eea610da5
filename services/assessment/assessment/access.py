"""Who may do and see what here. Rules name roles and compare fields of the resource with the caller's attributes."""

from collections.abc import Mapping, Sequence

from chassis.access import Allow, Is

STARTED = Is("in_progress", "submitted", "released")
RELEASED = Is("released")

STAFF = ("enterprise-advisor", "team-leader", "country-manager", "programme-officer", "training-officer")
OF_COUNTRY = {"country": "countries"}
TEAM = (Allow("team-leader", {"team.leader": "subject"}), Allow("enterprise-advisor", {"team.advisors": "subject"}))
"""The team of an assessment: the only ones who know of it before it starts."""

KINDS: Mapping[str, Sequence[Allow]] = {
    "assessment": (
        *TEAM,
        *(Allow(role, {**OF_COUNTRY, "state": STARTED}) for role in STAFF),
        Allow("factory-manager", {"factory_id": "factory", "state": RELEASED}),
    ),
    "answers": (*TEAM, *(Allow(role, {**OF_COUNTRY, "state": STARTED}) for role in STAFF)),
    "report": (
        *(Allow(role, {**OF_COUNTRY, "state": RELEASED}) for role in STAFF),
        Allow("factory-manager", {"factory_id": "factory", "state": RELEASED}),
    ),
    "factory": (Allow("team-leader", OF_COUNTRY),),
    "questionnaire": (*(Allow(role, OF_COUNTRY) for role in STAFF), Allow("factory-manager")),
}

LEADERS = (Allow("team-leader"),)
ADVISORS = (Allow("enterprise-advisor"),)
READERS = tuple(Allow(role) for role in (*STAFF, "factory-manager"))

ACTIONS: Mapping[str, Sequence[Allow]] = {
    "PlanAssessment": LEADERS,
    "RescheduleAssessment": LEADERS,
    "CancelAssessment": LEADERS,
    "StartAssessment": (*LEADERS, *ADVISORS),
    "RecordAnswers": ADVISORS,
    "SubmitAssessment": ADVISORS,
    "ReturnAssessment": LEADERS,
    "ReleaseAssessment": LEADERS,
    "GetAssessment": READERS,
    "ListAssessments": READERS,
    "ListAnswers": tuple(Allow(role) for role in STAFF),
    "GetReport": READERS,
    "GetQuestionnaire": READERS,
    "ListQuestionnaires": READERS,
}
