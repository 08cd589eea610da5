"""ConsentService: keeps the consents of factories, and answers what is live."""

import grpc

from amplify.programme.v1 import consent_lists_pb2 as lists
from amplify.programme.v1 import consent_service_pb2 as pb
from amplify.programme.v1.consent_service_pb2_grpc import ConsentServiceServicer
from chassis.access import EVERYTHING
from chassis.identity import Identity
from chassis.rpc import command, query
from programme import access, consent_queries, service
from programme.consent_resources import consent_grant, factory_consent, live_consent
from programme.domain.consent_grant import ConsentState
from programme.domain.consent_terms import Purpose, Scope
from programme.enums import required, to_domain
from programme.grpc_api.parsing import moment, refusals, resource_id
from programme.live_consents import Question
from programme.paged import Paging
from programme.storage import consent_grants
from programme.use_cases.grant_consent import GrantConsent
from programme.use_cases.renew_consent import RenewConsent
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
            purpose=to_domain(Purpose, request.purpose),
            fields=tuple(request.fields),
            reference=request.reference,
        )

        def work(caller: Identity) -> pb.GrantConsentResponse:
            with refusals():
                service.accept(verb, caller)
            raw = consent_grants.read(EVERYTHING, verb.grant_id)
            return pb.GrantConsentResponse(consent_grant=consent_grant(raw, caller))

        return command(request, pb.GrantConsentResponse, work)

    def RenewConsent(self, request: pb.RenewConsentRequest, context: grpc.ServicerContext) -> pb.RenewConsentResponse:
        """Move the end of a live grant to a later time."""
        ends_at = moment("expire_time", request.expire_time)
        verb = RenewConsent(resource_id(request.name), ends_at, request.evidence, request.etag)

        def work(caller: Identity) -> pb.RenewConsentResponse:
            with refusals():
                service.accept(verb, caller)
            raw = consent_grants.read(EVERYTHING, verb.grant_id)
            return pb.RenewConsentResponse(consent_grant=consent_grant(raw, caller))

        return command(request, pb.RenewConsentResponse, work)

    def WithdrawConsent(
        self, request: pb.WithdrawConsentRequest, context: grpc.ServicerContext
    ) -> pb.WithdrawConsentResponse:
        """Take a consent back."""
        grant_id = resource_id(request.name)

        def work(caller: Identity) -> pb.WithdrawConsentResponse:
            service.accept(WithdrawConsent(grant_id, request.etag), caller)
            raw = consent_grants.read(EVERYTHING, grant_id)
            return pb.WithdrawConsentResponse(consent_grant=consent_grant(raw, caller))

        return command(request, pb.WithdrawConsentResponse, work)

    def GetConsentGrant(
        self, request: pb.GetConsentGrantRequest, context: grpc.ServicerContext
    ) -> pb.GetConsentGrantResponse:
        """One grant."""

        def work(caller: Identity) -> pb.GetConsentGrantResponse:
            raw = consent_grants.read(access.visible(caller, "consent-grant"), resource_id(request.name))
            return pb.GetConsentGrantResponse(consent_grant=consent_grant(raw, caller))

        return query(work)

    def ListConsentGrants(
        self, request: pb.ListConsentGrantsRequest, context: grpc.ServicerContext
    ) -> pb.ListConsentGrantsResponse:
        """A page of grants."""
        factory_id, organisation_id = resource_id(request.factory), resource_id(request.organisation)
        state = to_domain(ConsentState, request.state)
        paging = Paging(request.page_size, request.page_token)

        def work(caller: Identity) -> pb.ListConsentGrantsResponse:
            page, total = consent_queries.list_consent_grants(caller, factory_id, organisation_id, state, paging)
            return pb.ListConsentGrantsResponse(
                consent_grants=[consent_grant(raw, caller) for raw in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def CheckConsent(self, request: pb.CheckConsentRequest, context: grpc.ServicerContext) -> pb.CheckConsentResponse:
        """Whether a grant is live at this moment."""
        question = Question(
            factory_id=resource_id(request.factory),
            organisation_id=resource_id(request.organisation),
            scope=required(Scope, request.scope),
            purpose=to_domain(Purpose, request.purpose),
            reference=request.reference,
        )

        def work(caller: Identity) -> pb.CheckConsentResponse:
            row = consent_queries.check_consent(caller, question)
            if row is None:
                return pb.CheckConsentResponse(live=False)
            grant = live_consent(row)
            return pb.CheckConsentResponse(
                live=True,
                consent_grant=grant.consent_grant,
                expire_time=grant.expire_time,
                fields=grant.fields,
                purpose=grant.purpose,
                reference=grant.reference,
            )

        return query(work)

    def ListLiveConsents(
        self, request: lists.ListLiveConsentsRequest, context: grpc.ServicerContext
    ) -> lists.ListLiveConsentsResponse:
        """A page of what an organisation may see at this moment."""
        organisation_id, factory_id = resource_id(request.organisation), resource_id(request.factory)
        scope, paging = to_domain(Scope, request.scope), Paging(request.page_size, request.page_token)

        def work(_: Identity) -> lists.ListLiveConsentsResponse:
            page, total = consent_queries.list_live_consents(organisation_id, scope, factory_id, paging)
            return lists.ListLiveConsentsResponse(
                live_consents=[live_consent(row) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def ListFactoryConsents(
        self, request: lists.ListFactoryConsentsRequest, context: grpc.ServicerContext
    ) -> lists.ListFactoryConsentsResponse:
        """A page of who holds what of a factory since when."""
        factory_id, state = resource_id(request.parent), to_domain(ConsentState, request.state)
        paging = Paging(request.page_size, request.page_token)

        def work(caller: Identity) -> lists.ListFactoryConsentsResponse:
            page, total, organisations = consent_queries.list_factory_consents(
                caller, factory_id, state, request.order_by, paging
            )
            shown = [factory_consent(raw, caller, organisations[raw["terms"]["organisation_id"]]) for raw in page.rows]
            return lists.ListFactoryConsentsResponse(
                factory_consents=shown, next_page_token=page.next_page_token, total_size=total
            )

        return query(work)
