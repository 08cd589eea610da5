"""A country programme: the languages, the time zone and the clocks by which a country office works."""

from dataclasses import dataclass, field
from datetime import date, datetime

from programme.domain.facts import CountryProgrammeRevised


@dataclass(frozen=True)
class Clock:
    """A period in days that a rule allows, from a day on; without a source the value is unconfirmed."""

    kind: str
    days: int
    effective_from: date
    source: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether a source states the value."""
        return bool(self.source)


@dataclass(frozen=True)
class Definition:
    """What the definition file says of one country; `unconfirmed` names the values that no source states.

    `languages` are BCP 47 tags, the first one being that of most workers; `time_zone` is an IANA name.
    """

    display_name: str
    languages: tuple[str, ...]
    time_zone: str
    clocks: tuple[Clock, ...]
    unconfirmed: tuple[str, ...] = ()


@dataclass
class CountryProgramme:
    """One country programme; `id` is its ISO 3166 code, as `BD`."""

    id: str
    definition: Definition
    revised_at: datetime
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def define(cls, country: str, definition: Definition, now: datetime) -> "CountryProgramme":
        """Begin a country programme."""
        return cls(country, definition, now, [CountryProgrammeRevised(country, now)])

    def revise(self, definition: Definition, now: datetime) -> bool:
        """Take over another definition. An equal one changes and records nothing; says whether anything changed."""
        if definition == self.definition:
            return False
        self.definition = definition
        self.revised_at = now
        self.recorded.append(CountryProgrammeRevised(self.id, now))
        return True
