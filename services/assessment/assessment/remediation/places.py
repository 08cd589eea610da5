"""What an edge must know of a factory or a compliance point before a use case can say anything about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assessment import questionnaires
from assessment.domain.errors import UnknownPoint
from assessment.domain.release_clock import local_day
from assessment.domain.visit_terms import Topic
from assessment.read_models import country_programmes, factories
from chassis.access import Filter


@dataclass(frozen=True)
class Place:
    """A factory that takes part, its country and that country's time zone (IANA)."""

    factory_id: str
    country: str
    time_zone: str


def place_of(visible: Filter, factory_id: str) -> Place:
    """Where a factory is. Raises UnknownFactory, FactoryNotActive or UnknownCountryProgramme."""
    factory = factories.active(visible, factory_id)
    return Place(factory.id, factory.country, country_programmes.time_zone(factory.country))


def check_topics(country: str, time_zone: str, topics: Iterable[Topic], field: str, now: datetime) -> None:
    """Raises UnknownPoint for the first that the country's questionnaire of today does not have."""
    asked = questionnaires.in_force(country, local_day(now, time_zone))
    known = {Topic(cluster.key, point.key) for cluster in asked.clusters for point in cluster.points}
    for index, topic in enumerate(topics):
        if topic not in known:
            where = field.replace("[]", f"[{index}]")
            raise UnknownPoint("the country's questionnaire has no such compliance point", where)
