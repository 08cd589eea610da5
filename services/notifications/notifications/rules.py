"""Reads the files in rules/, the table of who is told what, and refuses one that could not be carried out."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import yaml

from chassis.data_files import read_yaml

RULES = Path(__file__).with_name("rules")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PERIOD = re.compile(r"([1-9][0-9]{0,3})([hd])")
FIELDS = ("name", "when", "tell", "topic", "template", "opens", "channels", "not_after")
OPTIONS = ("only", "urgent", "acknowledge_within", "escalate_to")
ESCALATION_TEMPLATE = "message-not-acknowledged"
ESCALATION_OF_USE = timedelta(days=14)


class RulesError(Exception):
    """The table is wrong; the message lists every problem, one a line, with the rule it stands in."""


@dataclass(frozen=True)
class Rule:
    """One row: when this fact happens, tell this audience in these words, with a button to this page.

    `only` is a trait the fact must have, if any. `legal` follows from the topic. `urgent` messages do not wait for
    anybody's better hour. Where somebody of the audience must acknowledge within `acknowledge_within`, `escalate_to`
    is told if nobody did.
    """

    name: str
    when: str
    tell: str
    topic: str
    template: str
    opens: str
    channels: tuple[str, ...]
    not_after: timedelta
    only: str = ""
    legal: bool = False
    urgent: bool = False
    acknowledge_within: timedelta | None = None
    escalate_to: str = ""

    @property
    def escalation(self) -> "Rule":
        """The rule under which others are told that nobody acknowledged; its name goes into their messages' ids."""
        return replace(
            self,
            name=f"{self.name}-escalated",
            tell=self.escalate_to,
            template=ESCALATION_TEMPLATE,
            opens="factory",
            not_after=ESCALATION_OF_USE,
            acknowledge_within=None,
            escalate_to="",
        )


@dataclass(frozen=True)
class Vocabulary:
    """The names a rule may use; of each topic, whether it is a legal notice."""

    events: Collection[str]
    audiences: Collection[str]
    topics: Mapping[str, bool]
    traits: Collection[str]
    templates: Collection[str]
    pages: Collection[str]
    channels: Collection[str]


def load(vocabulary: Vocabulary, folder: Path = RULES) -> tuple[Rule, ...]:
    """The rules of all files in `folder`, in order. Raises RulesError."""
    found: list[tuple[str, object]] = []
    for path in sorted(folder.glob("*.yaml")):
        found += [(f"{path.name}: rule {number}", row) for number, row in enumerate(_rows(path), 1)]
    problems = [problem for label, row in found for problem in _problems(label, row, vocabulary)]
    problems += _repeated(found)
    if problems:
        raise RulesError("\n".join(problems))
    return tuple(_rule(row, vocabulary) for _, row in found if isinstance(row, dict))


def _rows(path: Path) -> list[object]:
    try:
        rows = read_yaml(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RulesError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(rows, list):
        raise RulesError(f"{path.name}: a list of rules is expected")
    return rows


def _rule(row: dict[str, object], vocabulary: Vocabulary) -> Rule:
    channels = row["channels"]
    assert isinstance(channels, list)
    return Rule(
        name=str(row["name"]),
        when=str(row["when"]),
        tell=str(row["tell"]),
        topic=str(row["topic"]),
        template=str(row["template"]),
        opens=str(row["opens"]),
        channels=tuple(str(channel) for channel in channels),
        not_after=_period(str(row["not_after"])),
        legal=vocabulary.topics[str(row["topic"])],
        only=str(row.get("only", "")),
        urgent=bool(row.get("urgent")),
        acknowledge_within=_period(str(row["acknowledge_within"])) if "acknowledge_within" in row else None,
        escalate_to=str(row.get("escalate_to", "")),
    )


def _problems(place: str, row: object, vocabulary: Vocabulary) -> Iterable[str]:
    if not isinstance(row, dict):
        yield f"{place}: fields are expected ({', '.join(FIELDS)})"
        return
    label = f"{place} ({row.get('name', 'without a name')})"
    yield from (f"{label}: '{field}' is missing" for field in FIELDS if field not in row)
    yield from (f"{label}: unknown field '{field}'" for field in row if field not in (*FIELDS, *OPTIONS))
    if "name" in row and not NAME.fullmatch(str(row["name"])):
        yield f"{label}: a name is written in lower case with hyphens"
    yield from _unknown(label, "fact", row.get("when"), vocabulary.events)
    yield from _unknown(label, "audience", row.get("tell"), vocabulary.audiences)
    yield from _unknown(label, "topic", row.get("topic"), vocabulary.topics)
    yield from _unknown(label, "template", row.get("template"), vocabulary.templates)
    yield from _unknown(label, "page", row.get("opens"), vocabulary.pages)
    if "channels" in row:
        yield from _channel_problems(label, row["channels"], vocabulary.channels)
    for field in ("not_after", "acknowledge_within"):
        if field in row and not PERIOD.fullmatch(str(row[field])):
            yield f"{label}: {field} '{row[field]}' is not a period such as 12h or 3d"
    yield from _option_problems(label, row, vocabulary)


def _option_problems(label: str, row: dict[str, object], vocabulary: Vocabulary) -> Iterable[str]:
    if not isinstance(row.get("urgent", False), bool):
        yield f"{label}: urgent is true or false"
    if ("acknowledge_within" in row) != ("escalate_to" in row):
        yield f"{label}: acknowledge_within and escalate_to stand together"
    yield from _unknown(label, "trait", row.get("only"), vocabulary.traits)
    yield from _unknown(label, "audience", row.get("escalate_to"), vocabulary.audiences)
    if "acknowledge_within" in row and vocabulary.topics.get(str(row.get("topic"))) is False:
        yield f"{label}: what must be acknowledged must arrive, so its topic is a legal notice"


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


def _repeated(rows: list[tuple[str, object]]) -> Iterable[str]:
    seen: set[str] = set()
    for place, row in rows:
        name = str(row["name"]) if isinstance(row, dict) and "name" in row else ""
        if name and name in seen:
            yield f"{place} ({name}): the name is taken by an earlier rule"
        seen.add(name)


def _period(text: str) -> timedelta:
    match = PERIOD.fullmatch(text)
    assert match is not None
    number = int(match.group(1))
    return timedelta(hours=number) if match.group(2) == "h" else timedelta(days=number)
