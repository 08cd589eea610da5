"""Puts the service together and runs one of its roles: python -m notifications grpc | stream | relay | due | all."""

import sys

from chassis import access
from chassis.grpc_client import ServiceToken
from chassis.operations_api import operations_api
from chassis.service import Service, run
from chassis.settings import load
from notifications import channels, planning, service
from notifications.access import ACTIONS, KINDS
from notifications.consents import ProgrammeConsents
from notifications.grpc_api import apis
from notifications.read_models import audience
from notifications.sending import Sending
from notifications.settings import NotificationsSettings
from notifications.storage import MessageDocument, RecipientDocument


def build(settings: NotificationsSettings) -> Service:
    """The service with these settings. Raises RulesError when the table of rules is wrong."""
    planning.rules()
    access.declare(ACTIONS, KINDS)
    sending = Sending(
        channels={name: channels.transport(name).open_channel(settings) for name in channels.names()},
        consents=ProgrammeConsents(settings.programme_address, ServiceToken(settings)),
        public_url=settings.public_url,
    )
    return Service(
        name="notifications",
        apis=[*apis(), operations_api("notifications", service.REACTS, settings)],
        consumers=service.REACTS,
        due=service.due(sending),
        documents=[MessageDocument, RecipientDocument],
        prepare=audience.prepare,
    )


def main() -> None:
    """Run the role that the command line names."""
    settings = load(NotificationsSettings)
    run(build(settings), settings, sys.argv[1:])


if __name__ == "__main__":
    main()
