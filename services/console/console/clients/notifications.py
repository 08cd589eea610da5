"""What the console asks of notifications: the person's inbox, and who the people are."""

import grpc

from amplify.notifications.v1 import (
    inbox_service_pb2,
    inbox_service_pb2_grpc,
    recipient_service_pb2,
    recipient_service_pb2_grpc,
)
from console.clients.channel import Line


class Notifications:
    """Calls to notifications for one person."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._inbox = inbox_service_pb2_grpc.InboxServiceStub(channel)
        self._recipients = recipient_service_pb2_grpc.RecipientServiceStub(channel)

    def messages(
        self, *, unread_only: bool = False, unacknowledged_only: bool = False, page: str = "", size: int = 50
    ) -> inbox_service_pb2.ListMessagesResponse:
        """A page of the person's messages, latest first."""
        request = inbox_service_pb2.ListMessagesRequest(
            page_size=size, page_token=page, unread_only=unread_only, unacknowledged_only=unacknowledged_only
        )
        return self._line.call(self._inbox.ListMessages, request)

    def unread(self) -> inbox_service_pb2.CountUnreadMessagesResponse:
        """How many messages the person has not opened, and how many wait to be acknowledged."""
        return self._line.call(self._inbox.CountUnreadMessages, inbox_service_pb2.CountUnreadMessagesRequest())

    def mark_read(self, message: str, request_id: str) -> None:
        """Note that the person opened a message."""
        request = inbox_service_pb2.MarkMessageReadRequest(name=f"messages/{message}", request_id=request_id)
        self._line.call(self._inbox.MarkMessageRead, request)

    def acknowledge(self, message: str, request_id: str) -> None:
        """Acknowledge a message that asks for it."""
        request = inbox_service_pb2.AcknowledgeMessageRequest(name=f"messages/{message}", request_id=request_id)
        self._line.call(self._inbox.AcknowledgeMessage, request)

    def people(self, role: str, country: str) -> list[recipient_service_pb2.Colleague]:
        """The people who hold a role in a country, by name."""
        request = recipient_service_pb2.ListColleaguesRequest(role=role, country=country, page_size=500)
        return list(self._line.call(self._recipients.ListColleagues, request).colleagues)
