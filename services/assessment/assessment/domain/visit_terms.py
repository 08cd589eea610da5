"""The words of advisory visits: how they are held, what they are about, whom they meet."""

from dataclasses import dataclass
from enum import StrEnum


class VisitState(StrEnum):
    """Where an advisory visit stands."""

    PLANNED = "planned"
    LOGGED = "logged"
    CANCELLED = "cancelled"


class VisitMode(StrEnum):
    """How an advisor meets a factory."""

    ON_SITE = "on_site"
    VIRTUAL = "virtual"


class MetRole(StrEnum):
    """The role of people that an advisor meets."""

    MANAGEMENT = "management"
    SUPERVISOR = "supervisor"
    WORKER = "worker"
    WORKER_REPRESENTATIVE = "worker_representative"


class VisitCancelReason(StrEnum):
    """Why an advisory visit was called off."""

    FACTORY_REQUEST = "factory_request"
    ADVISOR_UNAVAILABLE = "advisor_unavailable"
    ACCESS_UNSAFE = "access_unsafe"
    PLANNED_IN_ERROR = "planned_in_error"


@dataclass(frozen=True)
class Topic:
    """A compliance point that a visit or a meeting is about."""

    cluster: str
    point: str


@dataclass(frozen=True)
class PeopleMet:
    """How many people of a role an advisor met."""

    role: MetRole
    women: int
    men: int
