"""The shape of a service: its first file tells the business, and what it tells is what there is."""

import ast
import importlib
import inspect
import re
from types import ModuleType

import pytest

from .sources import ROOT, SERVICES, below

TABLES = ("ACCEPTS", "REACTS", "ANNOUNCES", "ANSWERS")
BUSINESS = sorted(set(SERVICES) - {"console"})
"""The services that own data; the console owns none and lists its pages instead."""


def _first_file(service: str) -> ModuleType:
    return importlib.import_module(f"{service}.service")


@pytest.mark.parametrize("service", SERVICES)
def test_its_first_file_is_short_and_states_a_mission(service: str) -> None:
    source = (SERVICES[service] / "service.py").read_text()
    assert len(source.splitlines()) <= 130
    assert len(ast.get_docstring(ast.parse(source)) or "") > 60


@pytest.mark.parametrize("service", BUSINESS)
def test_its_first_file_has_the_four_tables(service: str) -> None:
    module = _first_file(service)
    assert [name for name in TABLES if not hasattr(module, name)] == []


@pytest.mark.parametrize("service", BUSINESS)
def test_the_tables_are_in_their_order_and_before_any_function(service: str) -> None:
    tree = ast.parse((SERVICES[service] / "service.py").read_text())
    places = {}
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            if isinstance(target, ast.Name) and target.id in TABLES:
                places[target.id] = node.lineno
    assert list(places) == sorted(places, key=TABLES.index)


@pytest.mark.parametrize("service", BUSINESS)
def test_every_use_case_file_is_reached_from_the_service(service: str) -> None:
    files = {path.stem for path in (SERVICES[service] / "use_cases").glob("*.py")} - {"__init__"}
    mentioned = "\n".join(path.read_text() for path in SERVICES[service].rglob("*.py") if "use_cases" not in path.parts)
    assert {name for name in files if not re.search(rf"\b{name}\b", mentioned)} == set()


def test_a_use_case_is_a_verb_and_a_noun() -> None:
    names = {module.name.rsplit(".", 1)[-1] for module in below("use_cases")} - {"use_cases"}
    assert len(names) > 15
    assert {name for name in names if "_" not in name} == set()


@pytest.mark.parametrize("service", BUSINESS)
def test_a_policy_says_what_it_does_when(service: str) -> None:
    file = SERVICES[service] / "policies.py"
    if not file.exists():
        return
    policies = importlib.import_module(f"{service}.policies")
    own = [
        name for name, one in inspect.getmembers(policies, inspect.isfunction) if one.__module__ == policies.__name__
    ]
    assert {name for name in own if not name.startswith("_") and "_when_" not in name} == set()


@pytest.mark.parametrize("service", BUSINESS)
def test_a_service_explains_itself(service: str) -> None:
    readme = SERVICES[service].parent / "README.md"
    assert readme.exists()
    for heading in ("## Accepts", "## Reacts to", "## Announces", "## Invariants"):
        assert heading in readme.read_text(), f"{readme.relative_to(ROOT)} lacks {heading}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_stands_on_its_own(service: str) -> None:
    folder = SERVICES[service].parent
    project = (folder / "pyproject.toml").read_text()
    others = {f"amplify-{name}" for name in SERVICES} - {f"amplify-{service}"}
    assert {name for name in others if name in project} == set()
    assert (folder / "tests").is_dir()
