"""What a completed session was to each factory that sent people."""

from collections.abc import Iterable
from dataclasses import dataclass

from training.domain.participant import Participant
from training.domain.people import HeadCount, head_counts


@dataclass(frozen=True)
class FactoryTraining:
    """People of one factory who had a place, those of them who completed, and their hours."""

    factory_id: str
    enrolled: int
    completed: tuple[HeadCount, ...]
    participant_hours: int


def participant_hours(people: Iterable[Participant], hours_per_day: int) -> int:
    """Days present times the hours of a day, over all of them."""
    return sum(person.days_present for person in people) * hours_per_day


def by_factory(people: Iterable[Participant], hours_per_day: int) -> tuple[FactoryTraining, ...]:
    """One entry a factory, sorted; people of other employers are in none."""
    groups: dict[str, list[Participant]] = {}
    for person in people:
        groups.setdefault(person.identity.employer.factory_id, []).append(person)
    return tuple(
        FactoryTraining(
            factory_id,
            len(group),
            head_counts(person for person in group if person.completed),
            participant_hours(group, hours_per_day),
        )
        for factory_id, group in sorted(groups.items())
        if factory_id
    )
