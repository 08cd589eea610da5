"""The catalogue as it is reviewed: complete, in two languages, and refused where it cannot be so."""

import copy
from importlib.resources import files
from typing import Any

import pytest
import yaml

from chassis.data_files import read_yaml
from training.catalogue import CatalogueError, load
from training.domain.outcomes import OutcomeKind

TEXT = files("training").joinpath("catalogue.yaml").read_text(encoding="utf-8")


def test_what_is_known_of_the_courses() -> None:
    courses = load()
    assert (courses["sst"].days, courses["gear"].days, courses["gear"].trainee_weeks) == (3, 10, 8)
    assert courses["gear"].outcome_kinds == tuple(OutcomeKind)
    assert all(courses[name].sources["days"] for name in ("sst", "gear"))
    assert courses["industry-seminar"].test_max_score == 0
    assert len(courses) == 14


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("days", 0),
        ("days", "3"),
        ("min_attendance_percent", 101),
        ("audience", ["owner"]),
        ("titles", {"en": "Only English"}),
        ("outcome_months", 0),
        ("outcome_kinds", ["fame"]),
        ("points", ["no-cluster"]),
        ("sources", {"colour": "somewhere"}),
        ("modules", None),
    ],
)
def test_a_catalogue_that_cannot_be_so_is_refused(path: str, value: Any) -> None:
    raw = copy.deepcopy(read_yaml(TEXT))
    raw["courses"]["sst"][path] = value
    with pytest.raises(CatalogueError):
        load(yaml.safe_dump(raw))


def test_an_id_is_plain() -> None:
    raw = read_yaml(TEXT)
    raw["courses"]["SST 2"] = raw["courses"].pop("sst")
    with pytest.raises(CatalogueError):
        load(yaml.safe_dump(raw))
