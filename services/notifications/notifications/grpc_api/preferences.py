"""The RPCs of preferences: what people want to hear of, by which channel and when."""

import grpc

from amplify.notifications.v1 import preferences_pb2
from amplify.notifications.v1 import preferences_service_pb2 as wire
from amplify.notifications.v1.preferences_service_pb2_grpc import PreferencesServiceServicer
from chassis import access
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.rpc import command, query
from notifications import queries, wishes
from notifications.domain.errors import FieldError
from notifications.rendering import spoken
from notifications.storage import recipients
from notifications.use_cases.update_preferences import UpdatePreferences, update_preferences


class PreferencesApi(PreferencesServiceServicer):
    """People keep their own preferences; operators and services may keep anybody's."""

    def GetPreferences(
        self, request: wire.GetPreferencesRequest, context: grpc.ServicerContext
    ) -> wire.GetPreferencesResponse:
        """Somebody else's look as if there were none."""
        return query(
            lambda caller: wire.GetPreferencesResponse(preferences=_preferences(caller, _person(request.name)))
        )

    def UpdatePreferences(
        self, request: wire.UpdatePreferencesRequest, context: grpc.ServicerContext
    ) -> wire.UpdatePreferencesResponse:
        """Change what the mask lists."""

        def work(caller: Identity) -> wire.UpdatePreferencesResponse:
            id = _person(request.preferences.name)
            access.may(caller, "UpdatePreferences", {"_id": id})
            changes = wishes.wanted(request.preferences, request.update_mask)
            try:
                update_preferences(UpdatePreferences(id, changes, request.etag), caller)
            except FieldError as wrong:
                raise Invalid.field(f"preferences.{wrong.field}", str(wrong), reason=wrong.reason) from None
            return wire.UpdatePreferencesResponse(preferences=_preferences(caller, id))

        return command(request, wire.UpdatePreferencesResponse, work)

    def ListTopics(self, request: wire.ListTopicsRequest, context: grpc.ServicerContext) -> wire.ListTopicsResponse:
        """What messages can be about, in the language asked for."""

        def work(_caller: Identity) -> wire.ListTopicsResponse:
            found, token, total = queries.topics_page(request.page_size, request.page_token)
            return wire.ListTopicsResponse(
                topics=[wishes.topic(one, spoken(request.language)) for one in found],
                next_page_token=token,
                total_size=total,
            )

        return query(work)


def _person(name: str) -> str:
    return name.split("/")[1]


def _preferences(caller: Identity, id: str) -> preferences_pb2.Preferences:
    row = recipients.read(access.filter(caller, "preferences"), id)
    return wishes.shown(id, recipients.revive(row).preferences, recipients.etag(row))
