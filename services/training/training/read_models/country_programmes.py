"""Time zone of each country programme: kept from programme's facts."""

from datetime import date, datetime

from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised
from chassis.consumer import Consumer, Message
from chassis.view import View
from training.domain.days import local_day
from training.domain.errors import UnknownCountry

country_programmes = View("country_programmes")


def time_zone(country: str) -> str:
    """The IANA time zone in which the country's calendar days are counted. Raises UnknownCountry."""
    row = country_programmes.reads().find_one({"_id": country})
    if row is None:
        raise UnknownCountry(f"the programme of {country} is not known here yet; try again shortly", "country")
    return str(row["time_zone"])


def today_by_country(now: datetime) -> dict[str, date]:
    """The calendar day that it is now, in each country of the programme."""
    return {row["_id"]: local_day(now, row["time_zone"]) for row in country_programmes.reads().find()}


def on_country_programme_revised(fact: CountryProgrammeRevised, _: Message) -> None:
    """The zone, as it is from now on."""
    row = {"_id": fact.country, "time_zone": fact.time_zone}
    country_programmes.writes().replace_one({"_id": fact.country}, row, upsert=True)


CONSUMER = Consumer(
    name="country-programmes",
    streams=["programme-country-programmes"],
    projections={CountryProgrammeRevised: on_country_programme_revised},
    view=country_programmes,
)
