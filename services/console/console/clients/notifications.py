"""What the console asks of notifications: the person's inbox, and who the people are."""

import grpc
from google.protobuf.field_mask_pb2 import FieldMask

from amplify.notifications.v1 import (
    delivery_service_pb2,
    delivery_service_pb2_grpc,
    inbox_service_pb2,
    inbox_service_pb2_grpc,
    preferences_pb2,
    preferences_service_pb2,
    preferences_service_pb2_grpc,
    recipient_service_pb2,
    recipient_service_pb2_grpc,
)
from console.clients.channel import Line


class Notifications:
    """Calls to notifications for one person."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._inbox = inbox_service_pb2_grpc.InboxServiceStub(channel)
        self._preferences = preferences_service_pb2_grpc.PreferencesServiceStub(channel)
        self._deliveries = delivery_service_pb2_grpc.DeliveryServiceStub(channel)
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

    def preferences(self, person: str) -> preferences_pb2.Preferences:
        """What a person wants to hear of."""
        request = preferences_service_pb2.GetPreferencesRequest(name=f"recipients/{person}/preferences")
        return self._line.call(self._preferences.GetPreferences, request).preferences

    def topics(self, language: str) -> list[preferences_pb2.Topic]:
        """What messages can be about, named in a language."""
        request = preferences_service_pb2.ListTopicsRequest(page_size=500, language=language)
        return list(self._line.call(self._preferences.ListTopics, request).topics)

    def update_preferences(self, preferences: preferences_pb2.Preferences, etag: str, request_id: str) -> None:
        """Replace mutes, quiet hours and digests of a person."""
        request = preferences_service_pb2.UpdatePreferencesRequest(
            preferences=preferences,
            update_mask=FieldMask(paths=["mutes", "quiet_hours", "digests"]),
            etag=etag,
            request_id=request_id,
        )
        self._line.call(self._preferences.UpdatePreferences, request)

    def suppressions(
        self, *, include_counting: bool = False, page: str = "", size: int = 50
    ) -> delivery_service_pb2.ListSuppressionsResponse:
        """A page of the recipients whose address is suppressed, or whose bounces are counted."""
        request = delivery_service_pb2.ListSuppressionsRequest(
            page_size=size, page_token=page, include_counting=include_counting
        )
        return self._line.call(self._deliveries.ListSuppressions, request)

    def lift_suppression(self, person: str, etag: str, request_id: str) -> None:
        """Let messages go to an address again."""
        request = delivery_service_pb2.LiftSuppressionRequest(
            name=f"recipients/{person}/suppression", etag=etag, request_id=request_id
        )
        self._line.call(self._deliveries.LiftSuppression, request)

    def deliveries(
        self, request: delivery_service_pb2.ListDeliveriesRequest
    ) -> delivery_service_pb2.ListDeliveriesResponse:
        """A page of what became of messages, the latest first."""
        return self._line.call(self._deliveries.ListDeliveries, request)

    def people(self, role: str, country: str) -> list[recipient_service_pb2.Colleague]:
        """The people who hold a role in a country, by name."""
        request = recipient_service_pb2.ListColleaguesRequest(role=role, country=country, page_size=500)
        return list(self._line.call(self._recipients.ListColleagues, request).colleagues)
