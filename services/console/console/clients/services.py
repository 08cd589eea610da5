"""The services as one person reaches them."""

from dataclasses import dataclass

from console.clients.channel import connect
from console.settings import ConsoleSettings


@dataclass(frozen=True)
class Services:
    """Each service's client, speaking with one person's token."""


class Channels:
    """The connections, shared by everybody."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        self._programme = connect(settings.programme_address)
        self._assessment = connect(settings.assessment_address)
        self._notifications = connect(settings.notifications_address)

    def speak_for(self, token: str) -> Services:
        """The services, for the person whose token this is."""
        return Services()
