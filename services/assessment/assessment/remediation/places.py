"""What an edge must know of a factory or a compliance point before a use case can say anything about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from assessment.bank import load_bank
from assessment.domain.errors import UnknownPoint
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


def check_topics(topics: Iterable[Topic], field: str) -> None:
    """Raises UnknownPoint for the first that no cluster has; clusters and points are the same in every country."""
    known = _points()
    for index, topic in enumerate(topics):
        if topic not in known:
            raise UnknownPoint("there is no such compliance point", field.replace("[]", f"[{index}]"))


@cache
def _points() -> frozenset[Topic]:
    return frozenset(Topic(cluster.key, point.key) for cluster in load_bank().clusters for point in cluster.points)
