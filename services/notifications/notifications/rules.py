"""Reads rules.yaml, the table of who is told what, and refuses one that could not be carried out."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import yaml

RULES_FILE = Path(__file__).with_name("rules.yaml")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PERIOD = re.compile(r"([1-9][0-9]{0,3})([hd])")
FIELDS = ("name", "when", "tell", "template", "opens", "channels", "not_after")


class RulesError(Exception):
    """The table is wrong; the message lists every problem, one a line, with the rule it stands in."""


@dataclass(frozen=True)
class Rule:
    """One row: when this fact happens, tell this audience in these words, with a button to this page."""

    name: str
    when: str
    tell: str
    template: str
    opens: str
    channels: tuple[str, ...]
    not_after: timedelta


@dataclass(frozen=True)
class Vocabulary:
    """The names a rule may use."""

    events: Collection[str]
    audiences: Collection[str]
    templates: Collection[str]
    pages: Collection[str]
    channels: Collection[str]


def load(vocabulary: Vocabulary, path: Path = RULES_FILE) -> tuple[Rule, ...]:
    """The rules in `path`, in order. Raises RulesError."""
    try:
        rows = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RulesError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(rows, list):
        raise RulesError(f"{path.name}: a list of rules is expected")
    problems = [problem for number, row in enumerate(rows, 1) for problem in _problems(number, row, vocabulary)]
    problems += _repeated(rows)
    if problems:
        raise RulesError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return tuple(_rule(row) for row in rows)


def _rule(row: dict[str, object]) -> Rule:
    channels = row["channels"]
    assert isinstance(channels, list)
    return Rule(
        name=str(row["name"]),
        when=str(row["when"]),
        tell=str(row["tell"]),
        template=str(row["template"]),
        opens=str(row["opens"]),
        channels=tuple(str(channel) for channel in channels),
        not_after=_period(str(row["not_after"])),
    )


def _problems(number: int, row: object, vocabulary: Vocabulary) -> Iterable[str]:
    if not isinstance(row, dict):
        yield f"rule {number}: fields are expected ({', '.join(FIELDS)})"
        return
    label = f"rule {number} ({row.get('name', 'without a name')})"
    yield from (f"{label}: '{field}' is missing" for field in FIELDS if field not in row)
    yield from (f"{label}: unknown field '{field}'" for field in row if field not in FIELDS)
    if "name" in row and not NAME.fullmatch(str(row["name"])):
        yield f"{label}: a name is written in lower case with hyphens"
    yield from _unknown(label, "fact", row.get("when"), vocabulary.events)
    yield from _unknown(label, "audience", row.get("tell"), vocabulary.audiences)
    yield from _unknown(label, "template", row.get("template"), vocabulary.templates)
    yield from _unknown(label, "page", row.get("opens"), vocabulary.pages)
    if "channels" in row:
        yield from _channel_problems(label, row["channels"], vocabulary.channels)
    if "not_after" in row and not PERIOD.fullmatch(str(row["not_after"])):
        yield f"{label}: not_after '{row['not_after']}' is not a period such as 12h or 3d"


def _channel_problems(label: str, channels: object, known: Collection[str]) -> Iterable[str]:
    if not isinstance(channels, list) or not channels:
        yield f"{label}: channels is a list of at least one channel"
        return
    for channel in channels:
        yield from _unknown(label, "channel", channel, known)
    if len(set(map(str, channels))) < len(channels):
        yield f"{label}: a channel is named twice"


def _unknown(label: str, kind: str, name: object, known: Collection[str]) -> Iterable[str]:
    if name is not None and name not in known:
        yield f"{label}: unknown {kind} '{name}' (known: {', '.join(sorted(known))})"


def _repeated(rows: list[object]) -> Iterable[str]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        name = str(row["name"]) if isinstance(row, dict) and "name" in row else ""
        if name and name in seen:
            yield f"rule {number} ({name}): the name is taken by an earlier rule"
        seen.add(name)


def _period(text: str) -> timedelta:
    match = PERIOD.fullmatch(text)
    assert match is not None
    number = int(match.group(1))
    return timedelta(hours=number) if match.group(2) == "h" else timedelta(days=number)
