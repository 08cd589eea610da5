"""The checker is a measuring device: each anomaly planted in a sound history must be named, and nothing else."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from checker import Fact, Operation, Snapshot, check


def sound() -> Snapshot:
    """Two accounts, three credits each, all answered and applied; one record lies on the topic twice."""
    facts = [
        Fact(f"{key}{place}", key, place, 100 * place + offset, None if place == 1 else place * 10 + offset)
        for offset, key in enumerate("ab")
        for place in (1, 2, 3, 4)
    ]
    topic = [(fact.key, fact.sequence, fact.id) for fact in facts]
    amounts = {key: [one.amount for one in facts if one.key == key and one.amount] for key in "ab"}
    return Snapshot(
        operations=[Operation("c", key, amount, "ok") for key in "ab" for amount in amounts[key]],
        facts=facts,
        topic=[*topic, topic[1]],
        amounts=amounts,
        greetings={"a": 1, "b": 1},
        balances={key: sum(amounts[key]) for key in "ab"},
        roots={key: sum(amounts[key]) for key in "ab"},
    )


def test_a_sound_history_is_sound() -> None:
    """An unanswered operation may have happened or not."""
    assert check(sound()) == []
    unsure = sound()
    unsure.operations.append(Operation("c", "a", 999))
    unsure.operations[0].outcome = "info"
    assert check(unsure) == []


def swap(row: list[object], one: int, other: int) -> None:
    """Exchange two elements."""
    row[one], row[other] = row[other], row[one]


PLANTED: dict[str, Callable[[Snapshot], object]] = {
    "lost write": lambda seen: seen.operations.append(Operation("c", "a", 77, "ok")),
    "doubled write": lambda seen: seen.facts.append(Fact("a5", "a", 5, 900, 20)),
    "phantom write": lambda seen: seen.facts.append(Fact("a5", "a", 5, 900, 55)),
    "write out of order": lambda seen: swap(seen.operations, 0, 1),  # type: ignore[arg-type]
    "hole in facts": lambda seen: seen.facts.remove(seen.facts[1]),
    "order does not rise": lambda seen: seen.facts.__setitem__(3, Fact("a4", "a", 4, 300, 40)),
    "lost on topic": lambda seen: seen.topic.remove(seen.topic[2]),
    "phantom on topic": lambda seen: seen.topic.append(("a", 5, "never-committed")),
    "on topic out of order": lambda seen: swap(seen.topic, 2, 3),  # type: ignore[arg-type]
    "lost effect": lambda seen: seen.amounts["a"].pop(),  # type: ignore[attr-defined]
    "doubled effect": lambda seen: seen.amounts["b"].append(21),  # type: ignore[attr-defined]
    "effect out of order": lambda seen: swap(seen.amounts["b"], 0, 1),  # type: ignore[arg-type]
    "phantom effect": lambda seen: seen.amounts["a"].append(5000),  # type: ignore[attr-defined]
    "wrong sum": lambda seen: seen.balances.__setitem__("a", 1),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_each_planted_anomaly_is_named(kind: str) -> None:
    """By its own kind."""
    seen = deepcopy(sound())
    PLANTED[kind](seen)
    assert kind in {anomaly.kind for anomaly in check(seen)}


def test_a_greeting_twice_is_a_doubled_effect() -> None:
    """Effects without an order are counted too."""
    seen = sound()
    seen.greetings = {"a": 2}
    assert {"doubled effect", "lost effect"} == {anomaly.kind for anomaly in check(seen)}
