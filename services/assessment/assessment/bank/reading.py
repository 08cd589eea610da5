"""Reading YAML strictly: every value is asked for with its type, and what is wrong is named by file, path and rule."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Problem:
    """One reason to reject a bank: the file, the path inside it, and the rule that is broken."""

    file: str
    path: str
    rule: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.rule}"


class _StrictLoader(yaml.CSafeLoader):
    """YAML refuses nothing when a key is written twice and keeps the last; here it is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if repeated := {key for key in keys if keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(
                None, None, f"repeated key {sorted(repeated)[0]!r}", node.start_mark
            )
        return super().construct_mapping(node, deep)


@dataclass
class Node:
    """A value of a YAML file with its place. A wrong value notes a problem and reads as an empty one of its type."""

    file: str
    path: str
    value: Any
    problems: list[Problem] = field(repr=False)

    def fail(self, rule: str) -> None:
        """Notes that this value breaks the rule."""
        self.problems.append(Problem(self.file, self.path or "(file)", rule))

    def fields(self, required: set[str], optional: frozenset[str] = frozenset()) -> dict[str, "Node"]:
        """The entries of a mapping; notes missing and unknown keys. Missing ones are left out."""
        if not isinstance(self.value, dict):
            self.fail("must be a mapping")
            return {}
        for key in sorted(required - self.value.keys()):
            self.fail(f"lacks {key!r}")
        for key in sorted(str(key) for key in self.value.keys() - required - optional):
            self.fail(f"has an unknown key {key!r}")
        prefix = f"{self.path}." if self.path else ""
        return {str(key): Node(self.file, f"{prefix}{key}", value, self.problems) for key, value in self.value.items()}

    def items(self) -> Iterator["Node"]:
        """The entries of a list."""
        if not isinstance(self.value, list):
            self.fail("must be a list")
            return
        for index, value in enumerate(self.value):
            yield Node(self.file, f"{self.path}[{index}]", value, self.problems)

    def text(self) -> str:
        """A text that is not empty."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self.fail("must be a text")
        return ""

    def whole_number(self) -> int:
        """A whole number."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        self.fail("must be a whole number")
        return 0

    def day(self) -> date:
        """A calendar day, written 2026-01-31."""
        if type(self.value) is date:
            return self.value
        self.fail("must be a day such as 2026-01-31")
        return date.min


def read_file(path: Path, name: str, problems: list[Problem]) -> Node | None:
    """The root of a YAML file; None, with a problem noted, where it is missing or not YAML."""
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        problems.append(Problem(name, "(file)", "is missing"))
    except UnicodeDecodeError:
        problems.append(Problem(name, "(file)", "must be UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(Problem(name, f"line {line}", f"is not valid YAML: {error.problem}"))
    else:
        return Node(name, "", value, problems)
    return None
