"""The services as one person reaches them."""

from collections.abc import Mapping
from dataclasses import dataclass

from console.clients.assessment import Assessment
from console.clients.channel import Line, connect
from console.clients.finance import Finance
from console.clients.holds import Holds
from console.clients.notifications import Notifications
from console.clients.operations import Operations
from console.clients.outages import Outages
from console.clients.programme import Programme
from console.clients.remediation import Remediation
from console.clients.training import Training
from console.settings import ConsoleSettings


@dataclass(frozen=True)
class Services:
    """Each service's client, speaking with one person's token; `operations` is by service name."""

    programme: Programme
    holds: Holds
    assessment: Assessment
    remediation: Remediation
    training: Training
    finance: Finance
    notifications: Notifications
    operations: Mapping[str, Operations]


class Channels:
    """The connections, shared by everybody."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._seconds = settings.call_seconds
        self._outages = Outages()
        self._channels = {
            "programme": connect(settings.programme_address),
            "assessment": connect(settings.assessment_address),
            "training": connect(settings.training_address),
            "finance-linkage": connect(settings.finance_linkage_address),
            "notifications": connect(settings.notifications_address),
        }

    def speak_for(self, token: str) -> Services:
        """The services, for the person whose token this is."""
        lines = {name: Line(name, token, self._seconds, self._outages) for name in self._channels}
        return Services(
            programme=Programme(self._channels["programme"], lines["programme"]),
            holds=Holds(self._channels["programme"], lines["programme"]),
            assessment=Assessment(self._channels["assessment"], lines["assessment"]),
            remediation=Remediation(self._channels["assessment"], lines["assessment"]),
            training=Training(self._channels["training"], lines["training"]),
            finance=Finance(self._channels["finance-linkage"], lines["finance-linkage"]),
            notifications=Notifications(self._channels["notifications"], lines["notifications"]),
            operations={name: Operations(channel, lines[name]) for name, channel in self._channels.items()},
        )
