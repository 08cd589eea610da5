"""How the facts of remediation are routed: each to the stream of its aggregate, with its country."""

from collections.abc import Mapping

from assessment.domain.fact import FactoryFact
from chassis.facts import Public, Translate, public


def to(stream: str, translations: Mapping[type, Translate]) -> dict[type, Public]:
    """Fact -> its route to the stream."""
    return {kind: public(stream, translate, extensions=_country) for kind, translate in translations.items()}


def _country(fact: FactoryFact, _: object) -> Mapping[str, str]:
    return {"country": fact.country}
