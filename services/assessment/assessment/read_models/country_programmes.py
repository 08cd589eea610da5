"""Time zone and dated clocks of each country programme: kept from programme's facts."""

from datetime import date

from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised
from assessment.domain.errors import UnknownCountryProgramme
from chassis.consumer import Consumer, Message
from chassis.database import Row
from chassis.view import View

country_programmes = View("country_programmes")


def time_zone(country: str) -> str:
    """The IANA time zone in which the country's calendar days are counted. Raises UnknownCountryProgramme."""
    return str(_programme(country)["time_zone"])


def clock_days(country: str, kind: str, on: date) -> int:
    """The days that a clock of this kind allows for something of that day. Raises UnknownCountryProgramme."""
    clocks = [clock for clock in _programme(country)["clocks"] if clock["kind"] == kind]
    in_force = [clock for clock in clocks if clock["effective_from"] <= on.isoformat()]
    if not in_force:
        raise UnknownCountryProgramme(f"the programme of {country} has no clock {kind} for {on}")
    return int(max(in_force, key=lambda clock: str(clock["effective_from"]))["days"])


def on_country_programme_revised(fact: CountryProgrammeRevised, _: Message) -> None:
    """The whole definition, as it is from now on."""
    clocks = [
        {
            "kind": clock.kind,
            "days": clock.days,
            "effective_from": date(
                clock.effective_from.year, clock.effective_from.month, clock.effective_from.day
            ).isoformat(),
        }
        for clock in fact.clocks
    ]
    definition = {"_id": fact.country, "time_zone": fact.time_zone, "clocks": clocks}
    country_programmes.writes().replace_one({"_id": fact.country}, definition, upsert=True)


CONSUMER = Consumer(
    name="country-programmes",
    streams=["programme-country-programmes"],
    projections={CountryProgrammeRevised: on_country_programme_revised},
    view=country_programmes,
)


def _programme(country: str) -> Row:
    row = country_programmes.reads().find_one({"_id": country})
    if row is None:
        raise UnknownCountryProgramme(f"the programme of {country} is not known here yet; try again shortly")
    return row
