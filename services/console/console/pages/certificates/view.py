"""Checks a certificate by its number; a name is only confirmed, never shown."""

import grpc
from starlette.responses import Response

from amplify.training.v1.certificate_service_pb2 import VerifyCertificateResponse
from console import courses
from console.clients.troubles import Refused
from console.page import Menu, Page, get
from console.roles import ASSESSMENT_STAFF
from console.visit import Visit


def show(visit: Visit) -> Response:
    """The form, and what is known of the number that was asked for."""
    asked = visit.asked("number", "holder")
    found: VerifyCertificateResponse | None = None
    if asked["number"]:
        try:
            found = visit.services.training.verify(asked["number"], asked["holder"])
        except Refused as refusal:
            if refusal.code is grpc.StatusCode.NOT_FOUND:
                visit.form.wrong_field("number", visit.say("certificates.unknown"))
            else:
                visit.form.refused(refusal, {"number": "number", "holder_name": "holder"}, visit.reason)
    return visit.show(
        "certificates/page.html",
        asked=asked,
        found=found,
        course=courses.named(found.course_titles, visit) if found else "",
    )


PAGE = Page(
    "certificates",
    (get("/certificates", show),),
    menu=Menu("certificate", "/certificates", 54, ASSESSMENT_STAFF, group="training"),
)
