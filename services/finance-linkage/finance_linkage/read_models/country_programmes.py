"""The time zone of each country programme: kept from programme's facts."""

from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised
from chassis.consumer import Consumer, Message
from chassis.view import View
from finance_linkage.domain.errors import UnknownCountryProgramme

country_programmes = View("country_programmes")


def time_zone(country: str) -> str:
    """The IANA time zone in which the country's calendar days are counted. Raises UnknownCountryProgramme."""
    row = country_programmes.reads().find_one({"_id": country})
    if row is None:
        raise UnknownCountryProgramme(f"the programme of {country} is not known here yet; try again shortly")
    return str(row["time_zone"])


def on_country_programme_revised(fact: CountryProgrammeRevised, _: Message) -> None:
    """The definition as it is from now on."""
    row = {"_id": fact.country, "time_zone": fact.time_zone}
    country_programmes.writes().replace_one({"_id": fact.country}, row, upsert=True)


CONSUMER = Consumer(
    name="country-programmes",
    streams=["programme-country-programmes"],
    projections={CountryProgrammeRevised: on_country_programme_revised},
    view=country_programmes,
)
