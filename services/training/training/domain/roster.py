"""The people of one session, as far as a verb needs them."""

from collections.abc import Iterable, Iterator
from datetime import date

from training.domain.participant import Participant
from training.domain.people import HeadCount, head_counts


class Roster:
    """People by id. A verb changes them and notes whom by `touch`, so that only these are saved."""

    def __init__(self, people: Iterable[Participant] = ()) -> None:
        self._people = {person.id: person for person in people}
        self._touched: dict[str, Participant] = {}

    def __iter__(self) -> Iterator[Participant]:
        return iter(self._people.values())

    def get(self, participant_id: str) -> Participant | None:
        """Somebody, or None."""
        return self._people.get(participant_id)

    def add(self, person: Participant) -> None:
        """Somebody new."""
        self._people[person.id] = person
        self.touch(person)

    def touch(self, person: Participant) -> None:
        """Note that somebody changed."""
        self._touched[person.id] = person

    @property
    def touched(self) -> list[Participant]:
        """Who changed, in the order of the first change."""
        return list(self._touched.values())

    @property
    def enrolled(self) -> list[Participant]:
        """Those who have a place."""
        return [person for person in self if person.has_place]

    @property
    def waiting(self) -> list[Participant]:
        """Those who wait, the first to get a place first."""
        return sorted((person for person in self if person.waits), key=lambda one: (one.enrolled_at, one.id))

    def factory_ids(self) -> set[str]:
        """The factories of those who have a place or wait for one."""
        people = (person for person in self if person.has_place or person.waits)
        return {person.identity.employer.factory_id for person in people} - {""}

    def missing_on(self, day: date) -> int:
        """Of how many who have a place the attendance of the day is not known."""
        return sum(1 for person in self if person.has_place and day not in person.attendance)

    def present_on(self, day: date) -> tuple[HeadCount, ...]:
        """Those who have a place and were present."""
        return head_counts(person for person in self.enrolled if person.present_on(day))
