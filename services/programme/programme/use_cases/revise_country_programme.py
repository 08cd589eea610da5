"""Take over the definition of each country programme; asked for by `migrate`, not by a caller."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from chassis.errors import NotFound
from programme.domain.country_programme import CountryProgramme, Definition
from programme.storage import country_programmes


@dataclass(frozen=True)
class ReviseCountryProgramme:
    """One country's definition as the file has it now."""

    country: str
    definition: Definition


def commands(definitions: Mapping[str, Definition]) -> list[ReviseCountryProgramme]:
    """One command a country, so that each is a unit of work of its own."""
    return [ReviseCountryProgramme(country, definition) for country, definition in definitions.items()]


def revise_country_programme(command: ReviseCountryProgramme) -> None:
    """Publishes a definition that is new or changed; an equal one changes nothing."""
    now = clock.now()
    try:
        programme = country_programmes.get(EVERYTHING, command.country)
    except NotFound:
        country_programmes.add(CountryProgramme.define(command.country, command.definition, now))
        return
    programme.revise(command.definition, now)
    country_programmes.save(programme)
