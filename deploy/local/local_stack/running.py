"""The running stack seen from another program: its addresses, and commands with a part's own environment."""

import json
import os
from collections.abc import Mapping

from chassis.data_files import read_yaml
from local_stack import parts
from local_stack.layout import ROOT, Layout
from local_stack.locks import is_held
from local_stack.parts import Part

_UNUSED = {"MONGODB_URI": "unused", "MONGODB_DATABASE": "unused"}


class NothingRuns(Exception):
    """There is no running stack to ask."""


def values(layout: Layout) -> dict[str, str]:
    """Every value that the parts' environments are made of; raises NothingRuns."""
    if not is_held(layout.lock) or not layout.values.exists():
        raise NothingRuns("Nothing runs. Start it with `make run`.")
    return dict(json.loads(layout.values.read_text()))


def databases(known: Mapping[str, str]) -> list[str]:
    """The databases of the services."""
    return [part.env["MONGODB_DATABASE"].format_map(known) for part in parts.PARTS if part.migrates]


def part(name: str) -> Part:
    """The part with a name; raises KeyError with the names that there are."""
    for one in parts.PARTS:
        if one.name == name:
            return one
    raise KeyError(f"no part {name}; there are {', '.join(one.name for one in parts.PARTS)}")


def owner(stream: str) -> str:
    """The service that publishes a stream, by the registry of topics; raises KeyError."""
    file = ROOT / "proto" / "topics" / f"{stream}.yaml"
    if not file.exists():
        raise KeyError(f"no stream {stream}; there are {', '.join(sorted(f.stem for f in file.parent.glob('*.yaml')))}")
    return str(read_yaml(file.read_text())["owner"])


def topics_environment(layout: Layout, environ: Mapping[str, str]) -> dict[str, str]:
    """Environment of `python -m chassis.topics`: of the cluster that the environment names, else of what runs."""
    if environ.get("KAFKA_BOOTSTRAP"):
        return {**_UNUSED, **environ}
    return {**environ, **topics_variables(values(layout))}


def topics_variables(known: Mapping[str, str]) -> dict[str, str]:
    """What `python -m chassis.topics` must be told of a stack; it opens no database."""
    return {**_UNUSED, "KAFKA_BOOTSTRAP": known["kafka"], "TOPIC_PREFIX": known["topic_prefix"]}


def command(layout: Layout, name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Command line and environment of a service's command, as in `python -m programme parked`; raises NothingRuns."""
    chosen = part(name)
    environment = parts.environment(chosen, values(layout))
    for port in chosen.ports.values():
        environment[port.variable] = "0"  # the running service has its own
    return parts.command_line(chosen, *arguments), {**os.environ, **environment}
