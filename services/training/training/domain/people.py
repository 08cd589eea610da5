"""Who people are at work, and how they are counted: by sex and role, never by name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Sex(StrEnum):
    """As the person states it."""

    FEMALE = "female"
    MALE = "male"
    NOT_STATED = "not_stated"


class Role(StrEnum):
    """What somebody is at work."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    COMMITTEE_MEMBER = "committee_member"
    UNION_REPRESENTATIVE = "union_representative"
    INSPECTOR = "inspector"
    BRAND_STAFF = "brand_staff"
    TRAINER = "trainer"


class EmployerKind(StrEnum):
    """What kind of employer somebody has."""

    FACTORY = "factory"
    UNION = "union"
    INSPECTORATE = "inspectorate"
    BRAND = "brand"
    OTHER = "other"


@dataclass(frozen=True)
class Employer:
    """A factory of the programme by its id, or any other employer by its name."""

    kind: EmployerKind
    factory_id: str = ""
    organisation: str = ""

    @property
    def sound(self) -> bool:
        """Whether what is named goes together with the kind."""
        factory = self.kind is EmployerKind.FACTORY
        return bool(self.factory_id) == factory and bool(self.organisation) != factory


@dataclass(frozen=True)
class HeadCount:
    """How many people there are of one sex and role."""

    sex: Sex
    role: Role
    count: int


class Person(Protocol):
    """Whoever is counted."""

    @property
    def sex(self) -> Sex:
        """Sex."""

    @property
    def role(self) -> Role:
        """Role at work."""


def head_counts(people: Iterable[Person]) -> tuple[HeadCount, ...]:
    """Counts by sex and role in the order of their declaration; what nobody is stays out."""
    counted = Counter((person.sex, person.role) for person in people)
    return tuple(HeadCount(sex, role, counted[sex, role]) for sex in Sex for role in Role if counted[sex, role])


def total(counts: Iterable[HeadCount]) -> int:
    """How many people the counts are about."""
    return sum(one.count for one in counts)
