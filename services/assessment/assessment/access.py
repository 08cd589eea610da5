"""Who may do and see what here. Rules name roles and compare fields of the resource with the caller's attributes."""

from collections.abc import Mapping, Sequence

from assessment.partners import access as partners
from chassis.access import Allow, Is
from chassis.identity import Identity

STARTED = Is("in_progress", "submitted", "released")
RELEASED = Is("released")

STAFF = ("enterprise-advisor", "team-leader", "country-manager", "programme-officer", "training-officer")
OF_COUNTRY = {"country": "countries"}
TEAM = (
    Allow("team-leader", {**OF_COUNTRY, "team.leader": "subject"}),
    Allow("enterprise-advisor", {**OF_COUNTRY, "team.advisors": "subject"}),
)
"""The team of an assessment, if it is of their country: the only ones who know of it before it starts."""

OF_FACTORY = (*(Allow(role, OF_COUNTRY) for role in STAFF), Allow("factory-manager", {"factory_id": "factory"}))
OF_FACTORY_BY_ID = (*(Allow(role, OF_COUNTRY) for role in STAFF), Allow("factory-manager", {"_id": "factory"}))
"""Remediation: the staff of the country, and the factory its own; partners have a port of their own."""

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
    "taking_part": (
        Allow("team-leader", OF_COUNTRY),
        Allow("enterprise-advisor", OF_COUNTRY),
        Allow("factory-manager", {"_id": "factory"}),
    ),
    "improvement_plan": OF_FACTORY_BY_ID,
    "committee": OF_FACTORY_BY_ID,
    "improvement_line": OF_FACTORY,
    "progress_report": OF_FACTORY,
    "advisory_visit": OF_FACTORY,
    **partners.KINDS,
}

LEADERS = (Allow("team-leader"),)
ADVISORS = (Allow("enterprise-advisor"),)
VISITORS = (*LEADERS, *ADVISORS)
AT_WORK = (*VISITORS, Allow("factory-manager"))
"""Who changes an improvement plan or a committee: the factory and those who advise it."""

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
    "AddImprovementLine": AT_WORK,
    "PlanImprovementLine": AT_WORK,
    "ProveImprovementLine": AT_WORK,
    "RejectImprovementProof": AT_WORK,
    "VerifyImprovementLine": AT_WORK,
    "GetImprovementPlan": READERS,
    "GetImprovementLine": READERS,
    "ListImprovementLines": READERS,
    "CountRemediationWork": READERS,
    "SubmitProgressReport": (Allow("factory-manager"),),
    "GetProgressReport": READERS,
    "ListProgressReports": READERS,
    "PlanAdvisoryVisit": VISITORS,
    "RescheduleAdvisoryVisit": VISITORS,
    "LogAdvisoryVisit": VISITORS,
    "CancelAdvisoryVisit": VISITORS,
    "GetAdvisoryVisit": READERS,
    "ListAdvisoryVisits": READERS,
    "FormCommittee": AT_WORK,
    "RecordCommitteeElection": AT_WORK,
    "ChangeCommitteeMembers": AT_WORK,
    "LogCommitteeMeeting": AT_WORK,
    "GetCommittee": READERS,
    "ListCommittees": READERS,
    **partners.ACTIONS,
}


def is_staff(caller: Identity) -> bool:
    """Whether the caller works for the programme, and not for a factory."""
    return not caller.roles.isdisjoint(STAFF)
