"""A bank of any size with made-up questions, for tests and measurements; never for a real visit."""

from datetime import date
from itertools import cycle, islice

from assessment.bank.loader import load_bank
from assessment.domain.questions import AnswerKind, Bank, Question, Sourced


def generated_bank(questions: int = 250, countries: tuple[str, ...] = ("BD", "KH", "VN", "JO")) -> Bank:
    """The real clusters and points with `questions` scored questions a country, spread evenly over all 38 points."""
    real = load_bank()
    places = [(cluster, point) for cluster in real.clusters for point in cluster.points]
    order = {point.key: index for index, (_, point) in enumerate(places)}
    spread = sorted(islice(cycle(places), questions), key=lambda place: order[place[1].key])
    made = tuple(
        _question(number, country, cluster.key, point.key)
        for country in countries
        for number, (cluster, point) in enumerate(spread, start=1)
    )
    return Bank(f"generated-{questions}", ("en",), countries, {}, real.clusters, made)


def _question(number: int, country: str, cluster: str, point: str) -> Question:
    return Question(
        id=f"{country.lower()}-g{number:04}",
        global_id=f"generated-{number:04}",
        country=country,
        cluster=cluster,
        point=point,
        kind=AnswerKind.FINDING,
        text={"en": f"Generated question {number}?"},
        finding={"en": f"Generated finding {number}."},
        reference=Sourced("", None),
        thresholds=(),
        tags=(),
        effective_from=date(2020, 1, 1),
        effective_to=None,
    )
