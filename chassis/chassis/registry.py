"""The stream registry at run time: which stream carries which messages, as `proto/topics` says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from chassis.data_files import read_yaml

LARGEST_FACT = 900_000
"""Bytes of a fact's value: safely below the broker's limit of one mebibyte."""


@dataclass(frozen=True)
class Stream:
    """One stream: the topic that carries all public facts of one kind of aggregate and confidentiality class.

    `consumers` are who reads it, as service/consumer.
    """

    name: str
    owner: str
    partitions: int
    messages: frozenset[str]
    consumers: tuple[str, ...] = ()
    config: Mapping[str, str] = field(default_factory=dict)


@cache
def streams() -> dict[str, Stream]:
    """All streams by name, from the registry that is packaged with the contracts."""
    folder: Traversable = files("amplify") / "registry" / "topics"
    return {stream.name: stream for stream in map(_read, sorted(folder.iterdir(), key=lambda item: item.name))}


def stream(name: str) -> Stream:
    """One stream; KeyError for a name that is in no registry file."""
    return streams()[name]


def _read(file: Traversable) -> Stream:
    entry: dict[str, Any] = read_yaml(file.read_text())
    return Stream(
        name=entry["name"],
        owner=entry["owner"],
        partitions=int(entry["partitions"]),
        messages=frozenset(entry["messages"]),
        consumers=tuple(entry.get("consumers") or ()),
        config={str(key): str(value) for key, value in (entry.get("config") or {}).items()},
    )
