"""Loads the bank from its folder, or rejects it whole with every problem named."""

import re
from datetime import date
from pathlib import Path

from assessment.bank.checks import check_questions
from assessment.bank.reading import Node, Problem, read_file
from assessment.domain.questions import (
    AnswerKind,
    Bank,
    Cluster,
    CompliancePoint,
    Question,
    Sourced,
    Texts,
    Threshold,
)

COMMITTED = Path(__file__).parent
"""The folder of the bank that is shipped with the service."""

UNCONFIRMED = "unconfirmed"
_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_SCORED = {"scored": True, "context": False}


class BankError(Exception):
    """The bank is inconsistent; `problems` names each file, path and rule. Nothing of it may be used."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def load_bank(folder: Path = COMMITTED) -> Bank:
    """Reads `bank.yaml`, `sources.yaml`, `clusters.yaml` and `questions/*.yaml`. Raises BankError."""
    problems: list[Problem] = []
    bank = _Reading(folder, problems).bank()
    if problems:
        raise BankError(problems)
    return bank


class _Reading:
    """One pass over one folder; collects problems instead of stopping at the first."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder = folder
        self.problems = problems
        self.languages: tuple[str, ...] = ()
        self.countries: tuple[str, ...] = ()
        self.sources: dict[str, str] = {}

    def bank(self) -> Bank:
        head = self._file("bank.yaml", {"version", "languages", "countries"})
        self.languages = self._list(head.get("languages"))
        self.countries = self._list(head.get("countries"))
        sources = read_file(self.folder / "sources.yaml", "sources.yaml", self.problems)
        if sources:
            keys = set(sources.value) if isinstance(sources.value, dict) else set()
            self.sources = {key: node.text() for key, node in sources.fields(keys).items()}
        clusters = self._clusters()
        placed = [
            pair
            for path in sorted((self.folder / "questions").glob("*.yaml"))
            for pair in self._questions(f"questions/{path.name}", {cluster.key: cluster for cluster in clusters})
        ]
        check_questions(placed)
        version = head["version"].text() if "version" in head else ""
        questions = tuple(question for _, question in placed)
        return Bank(version, self.languages, self.countries, self.sources, clusters, questions)

    def _file(self, name: str, required: set[str]) -> dict[str, Node]:
        node = read_file(self.folder / name, name, self.problems)
        return node.fields(required) if node else {}

    def _list(self, node: Node | None) -> tuple[str, ...]:
        return tuple(item.text() for item in node.items()) if node else ()

    def _clusters(self) -> tuple[Cluster, ...]:
        clusters: list[Cluster] = []
        keys: set[str] = set()
        listed = self._file("clusters.yaml", {"clusters"}).get("clusters")
        for node in listed.items() if listed else ():
            entry = node.fields({"key", "number", "basis", "name", "points"})
            if len(entry) < 5:
                continue
            points = tuple(self._point(point, keys) for point in entry["points"].items())
            key = self._unique(entry["key"], keys)
            basis = self._choice(entry["basis"], ("core", "national"))
            clusters.append(Cluster(key, entry["number"].whole_number(), basis, self._texts(entry["name"]), points))
        return tuple(clusters)

    def _point(self, node: Node, keys: set[str]) -> CompliancePoint:
        entry = node.fields({"key", "name", "source"})
        if len(entry) < 3:
            return CompliancePoint("", {}, None)
        key = self._unique(entry["key"], keys)
        return CompliancePoint(key, self._texts(entry["name"]), self._source(entry["source"]))

    def _questions(self, name: str, clusters: dict[str, Cluster]) -> list[tuple[Node, Question]]:
        entry = self._file(name, {"cluster", "points"})
        if len(entry) < 2:
            return []
        cluster = clusters.get(entry["cluster"].text())
        if cluster is None:
            entry["cluster"].fail(f"is an unknown cluster {entry['cluster'].value!r}")
            return []
        points = {point.key for point in cluster.points}
        found: list[tuple[Node, Question]] = []
        for node in entry["points"].items():
            group = node.fields({"point", "questions"})
            if len(group) < 2:
                continue
            if group["point"].text() not in points:
                group["point"].fail(f"is not a compliance point of cluster {cluster.key!r}: {group['point'].value!r}")
            for question in group["questions"].items():
                found += self._question(question, cluster.key, str(group["point"].value))
        return found

    def _question(self, node: Node, cluster: str, point: str) -> list[tuple[Node, Question]]:
        """The national versions of one global question, each with its node."""
        entry = node.fields({"id", "type", "answer", "text", "national"}, frozenset({"finding", "tags"}))
        if not {"id", "type", "answer", "text", "national"} <= entry.keys():
            return []
        global_id = self._key(entry["id"])
        kind = AnswerKind(self._choice(entry["answer"], tuple(AnswerKind)))
        scored = _SCORED[self._choice(entry["type"], tuple(_SCORED))]
        if scored != (kind is AnswerKind.FINDING):
            entry["answer"].fail("a scored question is answered by a finding, a context question never is")
        if scored and "finding" not in entry:
            node.fail("lacks 'finding'")
        text = self._texts(entry["text"])
        finding = self._texts(entry["finding"]) if "finding" in entry else {}
        tags = tuple(self._tag(tag) for tag in entry["tags"].items()) if "tags" in entry else ()
        found = []
        for national in entry["national"].items():
            fields = national.fields(
                {"id", "country", "effective_from", "reference"},
                frozenset({"effective_to", "thresholds", "text", "finding"}),
            )
            if not {"id", "country", "effective_from", "reference"} <= fields.keys():
                continue
            question = Question(
                id=self._key(fields["id"]),
                global_id=global_id,
                country=self._choice(fields["country"], self.countries),
                cluster=cluster,
                point=point,
                kind=kind,
                text=self._texts(fields["text"]) if "text" in fields else text,
                finding=self._texts(fields["finding"]) if "finding" in fields else finding,
                reference=self._reference(fields["reference"]),
                thresholds=tuple(map(self._threshold, fields["thresholds"].items())) if "thresholds" in fields else (),
                tags=tags,
                effective_from=fields["effective_from"].day(),
                effective_to=self._last_day(fields.get("effective_to")),
            )
            found.append((national, question))
        return found

    def _last_day(self, node: Node | None) -> date | None:
        return None if node is None or node.value is None else node.day()

    def _texts(self, node: Node) -> Texts:
        """A text in every language of the bank and in no other."""
        if not isinstance(node.value, dict):
            node.fail("must be a mapping")
            return {}
        for language in self.languages:
            if language not in node.value:
                node.fail(f"lacks the translation {language!r}")
        for language in node.value.keys() - set(self.languages):
            node.fail(f"has a translation in {language!r}, which is not a language of the bank")
        return {key: entry.text() for key, entry in node.fields(set(), frozenset(map(str, node.value))).items()}

    def _tag(self, node: Node) -> Sourced:
        entry = node.fields({"tag", "source"})
        if len(entry) < 2:
            return Sourced("", None)
        return Sourced(self._key(entry["tag"]), self._source(entry["source"]))

    def _reference(self, node: Node) -> Sourced:
        """Either the word `unconfirmed`, or the reference's text and its source."""
        if node.value == UNCONFIRMED:
            return Sourced("", None)
        entry = node.fields({"text", "source"})
        if len(entry) < 2:
            return Sourced("", None)
        return Sourced(entry["text"].text(), self._source(entry["source"]))

    def _threshold(self, node: Node) -> Threshold:
        if isinstance(node.value, dict) and "source" not in node.value:
            node.fail("is a threshold without a source; name one, or write 'unconfirmed'")
        entry = node.fields({"name", "unit"}, frozenset({"value", "source"}))
        if not {"name", "unit", "source"} <= entry.keys():
            return Threshold("", None, "", None)
        source = self._source(entry["source"])
        if source and "value" not in entry:
            node.fail("has a source but no value")
        value = entry["value"].whole_number() if "value" in entry else None
        return Threshold(self._key(entry["name"]), value, entry["unit"].text(), source)

    def _source(self, node: Node) -> str | None:
        key = node.text()
        if key and key != UNCONFIRMED and key not in self.sources:
            node.fail(f"is an unknown source {key!r}")
        return None if key == UNCONFIRMED else key

    def _choice(self, node: Node, choices: tuple[str, ...]) -> str:
        if node.value in choices:
            return str(node.value)
        node.fail(f"must be one of {', '.join(choices)}, not {node.value!r}")
        return choices[0] if choices else ""

    def _key(self, node: Node) -> str:
        """Keys are lower-case words joined by hyphens, so that they can stand in a resource name and a field path."""
        key = node.text()
        if key and not _KEY.fullmatch(key):
            node.fail(f"must be lower-case letters, digits and hyphens, not {key!r}")
        return key

    def _unique(self, node: Node, seen: set[str]) -> str:
        key = self._key(node)
        if key in seen:
            node.fail(f"is a duplicate of {key!r}")
        seen.add(key)
        return key
