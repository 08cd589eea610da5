"""The RPCs: parse the request, dispatch to a use case, show the result."""

import grpc

from amplify.notifications.v1 import inbox_service_pb2 as inbox
from amplify.notifications.v1 import recipient_service_pb2 as people
from amplify.notifications.v1.inbox_service_pb2_grpc import InboxServiceServicer, add_InboxServiceServicer_to_server
from amplify.notifications.v1.recipient_service_pb2_grpc import (
    RecipientServiceServicer,
    add_RecipientServiceServicer_to_server,
)
from chassis import access
from chassis.errors import Invalid
from chassis.grpc_server import Api
from chassis.identity import Identity
from chassis.rpc import command, query
from notifications import contracts, queries
from notifications.access import KEEPERS
from notifications.domain.errors import InvalidRecipient, MessageNotDelivered
from notifications.domain.recipient import Particulars
from notifications.storage import messages, recipients
from notifications.use_cases.mark_message_read import MarkMessageRead, mark_message_read
from notifications.use_cases.put_recipient import PutRecipient, put_recipient

ERRORS = {
    InvalidRecipient: grpc.StatusCode.INVALID_ARGUMENT,
    MessageNotDelivered: grpc.StatusCode.FAILED_PRECONDITION,
}
CLAIMS = {
    "roles": "roles",
    "countries": "countries",
    "organisations": "organisation",
    "factories": "factory",
}
"""Field of a recipient -> the claim of the person's own token that bounds it."""


class InboxApi(InboxServiceServicer):
    """The caller's own inbox; nobody can name somebody else's."""

    def ListMessages(
        self, request: inbox.ListMessagesRequest, context: grpc.ServicerContext
    ) -> inbox.ListMessagesResponse:
        """Delivered messages, the latest first."""

        def work(caller: Identity) -> inbox.ListMessagesResponse:
            page = queries.inbox(caller, request.unread_only, request.page_size, request.page_token)
            return inbox.ListMessagesResponse(
                messages=[contracts.inbox_message(messages.revive(row), messages.etag(row)) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=queries.count_inbox(caller, unread_only=request.unread_only),
            )

        return query(work)

    def MarkMessageRead(
        self, request: inbox.MarkMessageReadRequest, context: grpc.ServicerContext
    ) -> inbox.MarkMessageReadResponse:
        """Note that the caller opened it."""

        def work(caller: Identity) -> inbox.MarkMessageReadResponse:
            id = request.name.removeprefix("messages/")
            mark_message_read(MarkMessageRead(id, request.etag), caller)
            row = messages.read(access.filter(caller, "message"), id)
            return inbox.MarkMessageReadResponse(
                message=contracts.inbox_message(messages.revive(row), messages.etag(row))
            )

        return command(request, inbox.MarkMessageReadResponse, work)

    def CountUnreadMessages(
        self, request: inbox.CountUnreadMessagesRequest, context: grpc.ServicerContext
    ) -> inbox.CountUnreadMessagesResponse:
        """For the number beside the bell."""
        return query(
            lambda caller: inbox.CountUnreadMessagesResponse(unread=queries.count_inbox(caller, unread_only=True))
        )


class RecipientApi(RecipientServiceServicer):
    """People keep their own address and language; machines and operators keep everybody's."""

    def PutRecipient(
        self, request: people.PutRecipientRequest, context: grpc.ServicerContext
    ) -> people.PutRecipientResponse:
        """Take over the particulars as they are."""

        def work(caller: Identity) -> people.PutRecipientResponse:
            id = request.recipient.name.removeprefix("recipients/")
            access.may(caller, "PutRecipient", {"_id": id})
            wanted = contracts.particulars(request.recipient)
            _demand_no_more_than_the_token(caller, wanted)
            try:
                put_recipient(PutRecipient(id, wanted, request.etag), caller)
            except InvalidRecipient as wrong:
                raise Invalid.field(f"recipient.{wrong.field}", str(wrong), reason=wrong.reason) from None
            return people.PutRecipientResponse(recipient=_recipient(caller, id))

        return command(request, people.PutRecipientResponse, work)

    def GetRecipient(
        self, request: people.GetRecipientRequest, context: grpc.ServicerContext
    ) -> people.GetRecipientResponse:
        """One recipient; somebody else's looks as if there were none."""
        id = request.name.removeprefix("recipients/")
        return query(lambda caller: people.GetRecipientResponse(recipient=_recipient(caller, id)))

    def ListColleagues(
        self, request: people.ListColleaguesRequest, context: grpc.ServicerContext
    ) -> people.ListColleaguesResponse:
        """Names for choosing a team and for reading who did what."""

        def work(caller: Identity) -> people.ListColleaguesResponse:
            wanted = (request.role, request.country, request.page_size, request.page_token)
            page, total = queries.colleagues(caller, *wanted)
            return people.ListColleaguesResponse(
                colleagues=[contracts.colleague(recipients.revive(row)) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)


def apis() -> list[Api]:
    """Both contracts as this service answers them."""
    inbox_contract = inbox.DESCRIPTOR.services_by_name["InboxService"]
    people_contract = people.DESCRIPTOR.services_by_name["RecipientService"]
    return [
        Api(inbox_contract, InboxApi(), add_InboxServiceServicer_to_server, ERRORS),
        Api(people_contract, RecipientApi(), add_RecipientServiceServicer_to_server, ERRORS),
    ]


def _recipient(caller: Identity, id: str) -> contracts.RecipientProto:
    row = recipients.read(access.filter(caller, "recipient"), id)
    known = recipients.revive(row).particulars
    assert known is not None
    return contracts.recipient(id, known, recipients.etag(row))


def _demand_no_more_than_the_token(caller: Identity, wanted: Particulars) -> None:
    """A role, country, organisation or factory brings messages; nobody can give themselves one."""
    if not caller.roles.isdisjoint(KEEPERS):
        return
    for field, claim in CLAIMS.items():
        held = caller.roles if field == "roles" else caller.values(claim)
        if not held.issuperset(getattr(wanted, field)):
            raise Invalid.field(f"recipient.{field}", "holds more than your token says", reason="RECIPIENT_INVALID")
