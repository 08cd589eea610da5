"""What happened in this service, in the past tense: every dataclass here is a fact that an aggregate records."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CountryProgrammeRevised:
    """A country programme was defined, or its definition changed; the aggregate holds the whole definition."""

    country: str
    at: datetime


@dataclass(frozen=True)
class FactoryEnrolled:
    """A factory joined its country programme."""

    factory_id: str
    at: datetime


@dataclass(frozen=True)
class FactoryUpdated:
    """Details of a factory changed: `changed` names them, sorted, and nothing else changed."""

    factory_id: str
    changed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class FactorySuspended:
    """A factory takes no part for a while."""

    factory_id: str
    reason_code: str
    at: datetime


@dataclass(frozen=True)
class FactoryReinstated:
    """A suspended factory takes part again."""

    factory_id: str
    at: datetime


@dataclass(frozen=True)
class FactoryClosed:
    """A factory left for good."""

    factory_id: str
    reason_code: str
    at: datetime


@dataclass(frozen=True)
class OrganisationRegistered:
    """A partner became known."""

    organisation_id: str
    at: datetime


@dataclass(frozen=True)
class ConsentGranted:
    """A factory lets an organisation see one scope until a time."""

    grant_id: str
    at: datetime


@dataclass(frozen=True)
class ConsentRenewed:
    """A factory moved the end of a live grant from `ended_at` to a later time, `ends_at`."""

    grant_id: str
    ended_at: datetime
    ends_at: datetime
    at: datetime


@dataclass(frozen=True)
class ConsentExpired:
    """A grant reached its end."""

    grant_id: str
    at: datetime


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A factory took its consent back before the end."""

    grant_id: str
    at: datetime


@dataclass(frozen=True)
class HoldPlaced:
    """A factory is on hold; for what cause stays in the aggregate."""

    factory_id: str
    at: datetime


@dataclass(frozen=True)
class HoldAdded:
    """A factory that is on hold already got one hold more."""

    factory_id: str
    hold_id: str
    at: datetime


@dataclass(frozen=True)
class HoldEnded:
    """One hold of several was lifted; the factory stays on hold."""

    factory_id: str
    hold_id: str
    at: datetime


@dataclass(frozen=True)
class HoldLifted:
    """Nothing holds the factory any more."""

    factory_id: str
    at: datetime


@dataclass(frozen=True)
class FactoryImportStarted:
    """A factory list was accepted: its rows will be worked one by one."""

    import_id: str
    rows: int
    at: datetime


@dataclass(frozen=True)
class FactoryImportCompleted:
    """Every row of a factory list has its outcome."""

    import_id: str
    created: int
    updated: int
    unchanged: int
    rejected: int
    at: datetime
