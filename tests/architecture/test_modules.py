"""Small whole thoughts: every module says what it is, fits the eye, and leaves nothing behind."""

import ast
import re
from collections.abc import Iterator

from .sources import Module, everything, product

LONGEST_MODULE = 270
LONGEST_TEST = 300
LONGEST_FUNCTION = 45
LEFTOVERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|pytest\.mark\.(skip|xfail)|pytest\.skip\(")
DATA = {"tests.chaos.planted_bugs"}
"""A list of bugs, read one at a time."""


def _is_test(module: Module) -> bool:
    return "tests" in module.path.parts


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_every_module_opens_with_a_sentence() -> None:
    firsts = {
        module.name: (ast.get_docstring(module.tree) or "").split("\n\n")[0].rstrip()
        for module in everything()
        if module.tree.body
    }
    assert {name for name, first in firsts.items() if not first.endswith((".", "!", "?", ":"))} == set()


def test_every_module_can_be_read_in_one_sitting() -> None:
    lengths = {module: module.lines for module in everything() if module.name not in DATA}
    limits = {module: LONGEST_TEST if _is_test(module) else LONGEST_MODULE for module in lengths}
    assert {module.name: lines for module, lines in lengths.items() if lines > limits[module]} == {}


def test_every_function_fits_the_eye() -> None:
    lengths = {f"{module.name}.{one.name}": _length(one) for module in product() for one in _functions(module)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_what_a_module_offers_has_a_contract() -> None:
    offered = {
        f"{module.name}.{node.name}": node
        for module in product()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    assert {name for name, node in offered.items() if not ast.get_docstring(node)} == set()


def test_nothing_is_left_for_later() -> None:
    sources = {module.name: module.path.read_text() for module in everything() if module.name != __name__}
    assert {name for name, source in sources.items() if LEFTOVERS.search(source)} == set()
