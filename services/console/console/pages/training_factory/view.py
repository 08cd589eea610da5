"""The training of one factory: what is recommended to it, its sessions, and how many of its people were trained."""

from starlette.responses import Response

from amplify.training.v1.recommendation_pb2 import DismissReason
from amplify.training.v1.recommendation_service_pb2 import ListRecommendationsRequest
from amplify.training.v1.session_service_pb2 import ListSessionsRequest
from amplify.training.v1.summary_pb2 import ListTrainingSummariesRequest, SummaryRow
from console import courses
from console.codes import codes
from console.page import Page, Tab, get
from console.pages.training_summary.view import totals
from console.roles import ASSESSMENT_STAFF, FACTORY
from console.subject import subject
from console.visit import Visit


def show(visit: Visit) -> Response:
    """Three parts, each for itself."""
    factory, training = subject(visit), visit.services.training
    name = f"factories/{factory.id}"
    summary = visit.part(
        lambda: training.summaries(
            ListTrainingSummariesRequest(row=SummaryRow.SUMMARY_ROW_FACTORY, factory=name, page_size=1)
        ),
        "training summary",
    )
    return visit.show(
        "training_factory/page.html",
        factory=factory,
        recommended=visit.part(
            lambda: training.recommendations(ListRecommendationsRequest(factory=name, page_size=50)), "recommended"
        ),
        sessions=visit.part(lambda: training.sessions(ListSessionsRequest(factory=name, page_size=50)), "sessions"),
        summary=summary,
        totals=totals(summary.value.summaries[0]) if summary.value and summary.value.summaries else None,
        titles=courses.titles(visit),
        reasons=codes(DismissReason),
        tool=visit.tool(factory.country),
    )


PAGE = Page(
    "training_factory",
    (get("/factories/{factory}/training", show),),
    roles=ASSESSMENT_STAFF | FACTORY,
    tab=Tab("/factories/{factory}/training", 60),
)
