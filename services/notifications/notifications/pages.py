"""The pages of the console that a message's button may open."""

from notifications.domain.occasion import Occasion

PAGES = {
    "factory": "/factories/{factory_id}",
    "assessment": "/assessments/{assessment_id}",
    "report": "/assessments/{assessment_id}/report",
    "improvement-plan": "/factories/{factory_id}/plan",
    "progress-report": "/progress-reports/{assessment_id}",
    "visit": "/visits/{subject_id}",
    "committee": "/factories/{factory_id}/committee",
    "session": "/sessions/{subject_id}",
    "course": "/courses/{subject_id}",
    "eligibility": "/factories/{factory_id}/eligibility",
    "referral": "/referrals/{subject_id}",
    "consents": "/factories/{factory_id}/consents",
    "my-work": "/work",
    "inbox": "/inbox",
}


def link(page: str, occasion: Occasion) -> str:
    """The path of a page for an occasion."""
    return PAGES[page].format(
        factory_id=occasion.factory_id, assessment_id=occasion.assessment_id, subject_id=occasion.subject_id
    )
