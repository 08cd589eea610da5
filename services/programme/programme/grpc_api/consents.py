"""ConsentService: keeps the consents of factories, and answers whether one is live."""

import grpc

from amplify.programme.v1 import consent_service_pb2 as pb
from amplify.programme.v1.consent_service_pb2_grpc import ConsentServiceServicer
from chassis.access import EVERYTHING
from chassis.identity import Identity
from chassis.rpc import command, query
from programme import access, queries, resources, service
from programme.domain.consent_grant import ConsentState, Scope
from programme.enums import required, to_domain
from programme.grpc_api.parsing import moment, refusals, resource_id
from programme.paged import Paging
from programme.storage import consent_grants
from programme.use_cases.grant_consent import GrantConsent
from programme.use_cases.withdraw_consent import WithdrawConsent


class ConsentApi(ConsentServiceServicer):
    """Each method parses its request, and hands over."""

    def GrantConsent(self, request: pb.GrantConsentRequest, context: grpc.ServicerContext) -> pb.GrantConsentResponse:
        """Give consent."""
        verb = GrantConsent(
            grant_id=request.consent_grant_id.lower(),
            factory_id=resource_id(request.factory),
            organisation_id=resource_id(request.organisation),
            scope=required(Scope, request.scope),
            starts_at=moment("start_time", request.start_time) if request.HasField("start_time") else None,
            ends_at=moment("expire_time", request.expire_time),
            evidence=request.evidence,
        )

        def work(caller: Identity) -> pb.GrantConsentResponse:
            with refusals():
                service.accept(verb, caller)
            raw = consent_grants.read(EVERYTHING, verb.grant_id)
            return pb.GrantConsentResponse(consent_grant=resources.consent_grant(raw, caller))

        return command(request, pb.GrantConsentResponse, work)

    def WithdrawConsent(
        self, request: pb.WithdrawConsentRequest, context: grpc.ServicerContext
    ) -> pb.WithdrawConsentResponse:
        """Take a consent back."""
        grant_id = resource_id(request.name)

        def work(caller: Identity) -> pb.WithdrawConsentResponse:
            service.accept(WithdrawConsent(grant_id, request.etag), caller)
            raw = consent_grants.read(EVERYTHING, grant_id)
            return pb.WithdrawConsentResponse(consent_grant=resources.consent_grant(raw, caller))

        return command(request, pb.WithdrawConsentResponse, work)

    def GetConsentGrant(
        self, request: pb.GetConsentGrantRequest, context: grpc.ServicerContext
    ) -> pb.GetConsentGrantResponse:
        """One grant."""

        def work(caller: Identity) -> pb.GetConsentGrantResponse:
            raw = consent_grants.read(access.visible(caller, "consent-grant"), resource_id(request.name))
            return pb.GetConsentGrantResponse(consent_grant=resources.consent_grant(raw, caller))

        return query(work)

    def ListConsentGrants(
        self, request: pb.ListConsentGrantsRequest, context: grpc.ServicerContext
    ) -> pb.ListConsentGrantsResponse:
        """A page of grants."""
        factory_id, organisation_id = resource_id(request.factory), resource_id(request.organisation)
        state = to_domain(ConsentState, request.state)
        paging = Paging(request.page_size, request.page_token)

        def work(caller: Identity) -> pb.ListConsentGrantsResponse:
            page, total = queries.list_consent_grants(caller, factory_id, organisation_id, state, paging)
            return pb.ListConsentGrantsResponse(
                consent_grants=[resources.consent_grant(raw, caller) for raw in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def CheckConsent(self, request: pb.CheckConsentRequest, context: grpc.ServicerContext) -> pb.CheckConsentResponse:
        """Whether a grant is live at this moment."""
        factory_id, organisation_id = resource_id(request.factory), resource_id(request.organisation)
        scope = required(Scope, request.scope)

        def work(caller: Identity) -> pb.CheckConsentResponse:
            row = queries.check_consent(caller, factory_id, organisation_id, scope)
            if row is None:
                return pb.CheckConsentResponse(live=False)
            return pb.CheckConsentResponse(
                live=True,
                consent_grant=f"consentGrants/{row['grant_id']}",
                expire_time=resources.timestamp(row["ends_at"]),
            )

        return query(work)
