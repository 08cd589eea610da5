"""Reads topics.yaml: what messages can be about, by which people say what they want to hear of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chassis.data_files import read_yaml

TOPICS_FILE = Path(__file__).with_name("topics.yaml")


@dataclass(frozen=True)
class Topic:
    """One topic; `legal` ones cannot be muted. `names` are by language."""

    name: str
    legal: bool
    names: Mapping[str, str]


@cache
def every() -> tuple[Topic, ...]:
    """The topics, in the order of the file."""
    rows = read_yaml(TOPICS_FILE.read_text("utf-8"))
    return tuple(Topic(name, row["legal"], row["names"]) for name, row in rows.items())


def legal() -> dict[str, bool]:
    """Of each topic, whether it is a legal notice."""
    return {topic.name: topic.legal for topic in every()}
