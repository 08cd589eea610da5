"""The RPCs: parse the request, dispatch to a use case, show the result."""

import grpc

from amplify.notifications.v1 import (
    delivery_service_pb2,
    inbox_service_pb2,
    preferences_service_pb2,
    recipient_service_pb2,
)
from amplify.notifications.v1.delivery_service_pb2_grpc import add_DeliveryServiceServicer_to_server
from amplify.notifications.v1.inbox_service_pb2_grpc import add_InboxServiceServicer_to_server
from amplify.notifications.v1.preferences_service_pb2_grpc import add_PreferencesServiceServicer_to_server
from amplify.notifications.v1.recipient_service_pb2_grpc import add_RecipientServiceServicer_to_server
from chassis.grpc_server import Api
from notifications.domain.errors import (
    AcknowledgementNotAsked,
    FieldError,
    MessageNotDelivered,
    NotSuppressed,
)
from notifications.grpc_api.deliveries import DeliveryApi
from notifications.grpc_api.inbox import InboxApi
from notifications.grpc_api.people import RecipientApi
from notifications.grpc_api.preferences import PreferencesApi

ERRORS = {
    FieldError: grpc.StatusCode.INVALID_ARGUMENT,
    MessageNotDelivered: grpc.StatusCode.FAILED_PRECONDITION,
    AcknowledgementNotAsked: grpc.StatusCode.FAILED_PRECONDITION,
    NotSuppressed: grpc.StatusCode.FAILED_PRECONDITION,
}


def apis() -> list[Api]:
    """The contracts as this service answers them."""
    inbox = inbox_service_pb2.DESCRIPTOR.services_by_name["InboxService"]
    people = recipient_service_pb2.DESCRIPTOR.services_by_name["RecipientService"]
    preferences = preferences_service_pb2.DESCRIPTOR.services_by_name["PreferencesService"]
    deliveries = delivery_service_pb2.DESCRIPTOR.services_by_name["DeliveryService"]
    return [
        Api(inbox, InboxApi(), add_InboxServiceServicer_to_server, ERRORS),
        Api(people, RecipientApi(), add_RecipientServiceServicer_to_server, ERRORS),
        Api(preferences, PreferencesApi(), add_PreferencesServiceServicer_to_server, ERRORS),
        Api(deliveries, DeliveryApi(), add_DeliveryServiceServicer_to_server, ERRORS),
    ]
