"""Small whole thoughts: every module says what it is, fits the eye, and leaves nothing behind."""

import ast
import re
from collections.abc import Iterator

import pytest

from .sources import Module, everything, product

LONGEST_MODULE = 270
LONGEST_TEST = 300
LONGEST_FUNCTION = 45
LEFTOVERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|pytest\.mark\.(skip|xfail)|pytest\.skip\(")


def _is_test(module: Module) -> bool:
    return "tests" in module.path.parts


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("module", everything(), ids=lambda module: module.name)
def test_it_opens_with_one_sentence(module: Module) -> None:
    docstring = ast.get_docstring(module.tree) or ""
    first = docstring.split("\n\n")[0]
    if module.path.name == "__init__.py" and not module.tree.body:
        return
    assert first.rstrip().endswith((".", "!", "?", ":")), f"{module.path} does not open with a sentence"


@pytest.mark.parametrize("module", everything(), ids=lambda module: module.name)
def test_it_can_be_read_in_one_sitting(module: Module) -> None:
    assert module.lines <= (LONGEST_TEST if _is_test(module) else LONGEST_MODULE)


@pytest.mark.parametrize("module", product(), ids=lambda module: module.name)
def test_its_functions_fit_the_eye(module: Module) -> None:
    long = {
        f"{one.name} ({one.end_lineno - one.lineno + 1} lines)"
        for one in _functions(module)
        if one.end_lineno and one.end_lineno - one.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == set()


@pytest.mark.parametrize("module", product(), ids=lambda module: module.name)
def test_what_it_offers_has_a_contract(module: Module) -> None:
    offered = [node for node in module.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    silent = {node.name for node in offered if not node.name.startswith("_") and not ast.get_docstring(node)}
    assert silent == set()


@pytest.mark.parametrize("module", everything(), ids=lambda module: module.name)
def test_nothing_is_left_for_later(module: Module) -> None:
    source = module.path.read_text()
    if module.path.name != "test_modules.py":
        assert not LEFTOVERS.search(source)
