"""The pages of the console that a message's button may open."""

from notifications.domain.occasion import Occasion

PAGES = {
    "factory": "/factories/{factory_id}",
    "assessment": "/assessments/{assessment_id}",
    "report": "/assessments/{assessment_id}/report",
    "inbox": "/inbox",
}


def link(page: str, occasion: Occasion) -> str:
    """The path of a page for an occasion."""
    return PAGES[page].format(factory_id=occasion.factory_id, assessment_id=occasion.assessment_id)
