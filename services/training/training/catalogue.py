"""Reads the catalogue of courses from its file, and refuses one that cannot be so."""

import re
from importlib.resources import files
from typing import Any

import yaml

from chassis.data_files import read_yaml
from training.domain.course import Definition, Module, Point
from training.domain.outcomes import OutcomeKind
from training.domain.people import Role

_ID = re.compile(r"[a-z0-9-]{2,40}")
_NUMBERS = {
    "days": (1, 60),
    "hours_per_day": (1, 12),
    "trainee_weeks": (0, 52),
    "default_capacity": (1, 1000),
    "min_attendance_percent": (1, 100),
    "test_max_score": (0, 1000),
    "outcome_months": (0, 36),
}
"""Fields that are whole numbers, with the least and the greatest that each may be."""


class CatalogueError(Exception):
    """The file says something that cannot be so; the message names where."""


def load(text: str | None = None) -> dict[str, Definition]:
    """Course id -> definition, from `text` or else from the file beside this module. Raises CatalogueError."""
    if text is None:
        text = files("training").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    try:
        return {course_id: _definition(course_id, raw) for course_id, raw in read_yaml(text)["courses"].items()}
    except (KeyError, TypeError, AttributeError, ValueError, yaml.YAMLError) as error:
        raise CatalogueError(f"catalogue: {error!r}") from error


def _definition(course_id: str, raw: dict[str, Any]) -> Definition:
    if not _ID.fullmatch(course_id):
        raise CatalogueError(f"{course_id} is not an id of a course")
    numbers = {name: _number(course_id, name, raw[name]) for name in _NUMBERS}
    kinds = tuple(OutcomeKind(one) for one in raw["outcome_kinds"])
    if bool(kinds) != bool(numbers["outcome_months"]):
        raise CatalogueError(f"{course_id}: outcomes need a number of months, and months need outcomes")
    unknown = set(raw["sources"]) - set(Definition.__dataclass_fields__)
    if unknown:
        raise CatalogueError(f"{course_id}: sources of {', '.join(sorted(unknown))}, which are no fields")
    return Definition(
        titles=_titles(course_id, raw["titles"]),
        audience=tuple(Role(one) for one in raw["audience"]),
        modules=tuple(Module(one["key"], _titles(course_id, one["titles"])) for one in raw["modules"]),
        outcome_kinds=kinds,
        points=tuple(Point(*one.split("/")) for one in raw["points"]),
        sources={name: text.strip() for name, text in raw["sources"].items()},
        **numbers,
    )


def _number(course_id: str, name: str, value: Any) -> int:
    least, greatest = _NUMBERS[name]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= greatest:
        raise CatalogueError(f"{course_id}: {name} is a whole number from {least} to {greatest}")
    return value


def _titles(course_id: str, titles: dict[str, str]) -> dict[str, str]:
    if not {"en", "ar"} <= titles.keys() or not all(titles.values()):
        raise CatalogueError(f"{course_id}: every title is in English and in Arabic")
    return dict(titles)
