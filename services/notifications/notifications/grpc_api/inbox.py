"""The RPCs of the inbox."""

import grpc

from amplify.notifications.v1 import inbox_service_pb2 as inbox
from amplify.notifications.v1 import message_pb2
from amplify.notifications.v1.inbox_service_pb2_grpc import InboxServiceServicer
from chassis import access
from chassis.identity import Identity
from chassis.rpc import command, query
from notifications import contracts, queries
from notifications.queries import Narrow
from notifications.storage import messages
from notifications.use_cases.acknowledge_message import AcknowledgeMessage, acknowledge_message
from notifications.use_cases.mark_message_read import MarkMessageRead, mark_message_read


class InboxApi(InboxServiceServicer):
    """The caller's own inbox; nobody can name somebody else's."""

    def ListMessages(
        self, request: inbox.ListMessagesRequest, context: grpc.ServicerContext
    ) -> inbox.ListMessagesResponse:
        """Delivered messages, the latest first."""

        def work(caller: Identity) -> inbox.ListMessagesResponse:
            narrow = Narrow(request.unread_only, request.unacknowledged_only)
            page = queries.inbox(caller, narrow, request.page_size, request.page_token)
            return inbox.ListMessagesResponse(
                messages=[contracts.inbox_message(messages.revive(row), messages.etag(row)) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=queries.count_inbox(caller, narrow),
            )

        return query(work)

    def MarkMessageRead(
        self, request: inbox.MarkMessageReadRequest, context: grpc.ServicerContext
    ) -> inbox.MarkMessageReadResponse:
        """Note that the caller opened it."""

        def work(caller: Identity) -> inbox.MarkMessageReadResponse:
            id = request.name.removeprefix("messages/")
            mark_message_read(MarkMessageRead(id, request.etag), caller)
            return inbox.MarkMessageReadResponse(message=_message(caller, id))

        return command(request, inbox.MarkMessageReadResponse, work)

    def AcknowledgeMessage(
        self, request: inbox.AcknowledgeMessageRequest, context: grpc.ServicerContext
    ) -> inbox.AcknowledgeMessageResponse:
        """Note that the caller acknowledges it."""

        def work(caller: Identity) -> inbox.AcknowledgeMessageResponse:
            id = request.name.removeprefix("messages/")
            acknowledge_message(AcknowledgeMessage(id, request.etag), caller)
            return inbox.AcknowledgeMessageResponse(message=_message(caller, id))

        return command(request, inbox.AcknowledgeMessageResponse, work)

    def CountUnreadMessages(
        self, request: inbox.CountUnreadMessagesRequest, context: grpc.ServicerContext
    ) -> inbox.CountUnreadMessagesResponse:
        """For the number beside the bell."""
        return query(
            lambda caller: inbox.CountUnreadMessagesResponse(
                unread=queries.count_inbox(caller, Narrow(unread=True)),
                unacknowledged=queries.count_inbox(caller, Narrow(unacknowledged=True)),
            )
        )


def _message(caller: Identity, id: str) -> message_pb2.Message:
    row = messages.read(access.filter(caller, "message"), id)
    return contracts.inbox_message(messages.revive(row), messages.etag(row))
