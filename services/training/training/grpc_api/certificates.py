"""CertificateService: issues, revokes, shows and verifies."""

import grpc

from amplify.training.v1 import certificate_service_pb2 as pb
from amplify.training.v1.certificate_service_pb2_grpc import CertificateServiceServicer
from chassis.access import EVERYTHING
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.rpc import command, query
from training import people_resources, queries, resources
from training.contracts import contract_date
from training.domain.certificate import RevokeReason, Wanted
from training.enums import to_contract, to_domain
from training.grpc_api.parsing import id_of, refusals
from training.queries import Paging
from training.service import accept
from training.storage import courses, etag_of
from training.use_cases.issue_certificates import IssueCertificates
from training.use_cases.revoke_certificate import RevokeCertificate

Context = grpc.ServicerContext


class CertificateApi(CertificateServiceServicer):
    """Each method parses its request, and hands over."""

    def IssueCertificates(self, request: pb.IssueCertificatesRequest, context: Context) -> pb.IssueCertificatesResponse:
        """Issue, all or none."""

        def work(caller: Identity) -> pb.IssueCertificatesResponse:
            wanted = tuple(Wanted(one.participant_id.lower(), one.number) for one in request.certificates)
            with refusals():
                session, issued = accept(IssueCertificates(id_of(request.parent), wanted), caller)
            shown = resources.session(session, etag_of(session))
            return pb.IssueCertificatesResponse(issued_count=issued, session=shown)

        return command(request, pb.IssueCertificatesResponse, work)

    def RevokeCertificate(self, request: pb.RevokeCertificateRequest, context: Context) -> pb.RevokeCertificateResponse:
        """Revoke one."""

        def work(caller: Identity) -> pb.RevokeCertificateResponse:
            number = id_of(request.name)
            accept(RevokeCertificate(number, to_domain(RevokeReason, request.reason), request.etag), caller)
            shown = people_resources.certificate(queries.get_certificate(caller, number))
            return pb.RevokeCertificateResponse(certificate=shown)

        return command(request, pb.RevokeCertificateResponse, work)

    def GetCertificate(self, request: pb.GetCertificateRequest, context: Context) -> pb.GetCertificateResponse:
        """One certificate."""
        return query(
            lambda caller: pb.GetCertificateResponse(
                certificate=people_resources.certificate(queries.get_certificate(caller, id_of(request.name)))
            )
        )

    def ListCertificates(self, request: pb.ListCertificatesRequest, context: Context) -> pb.ListCertificatesResponse:
        """A page of certificates."""

        def work(caller: Identity) -> pb.ListCertificatesResponse:
            page, total = queries.list_certificates(
                caller, id_of(request.session), id_of(request.factory), Paging(request.page_size, request.page_token)
            )
            return pb.ListCertificatesResponse(
                certificates=map(people_resources.certificate, page.rows),
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def VerifyCertificate(self, request: pb.VerifyCertificateRequest, context: Context) -> pb.VerifyCertificateResponse:
        """What a number certifies."""

        def work(_: Identity) -> pb.VerifyCertificateResponse:
            found = queries.verify_certificate(request.number)
            if found is None:
                text = "is no number of a certificate: it was mistyped"
                raise Invalid.field("number", text, reason="CERTIFICATE_NUMBER_INVALID")
            course = courses.revive(courses.read(EVERYTHING, found.course_id))
            answer = pb.VerifyCertificateResponse(
                course=f"courses/{found.course_id}",
                course_titles=course.definition.titles,
                session_last_day=contract_date(found.session_last_day),
                state=to_contract(found.state),
            )
            if request.holder_name:
                answer.holder_confirmed = found.is_held_by(request.holder_name)
            return answer

        return query(work)
