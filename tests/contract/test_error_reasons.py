"""The catalogue of error reasons and the code agree: what is given is described, and what is described can be given."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import generate
import grpc
import pytest
from descriptions import contracts

ROOT = generate.PROTO.parent
PACKAGES = {
    "platform": ROOT / "chassis/chassis",
    "programme": ROOT / "services/programme/programme",
    "assessment": ROOT / "services/assessment/assessment",
    "training": ROOT / "services/training/training",
    "finance_linkage": ROOT / "services/finance-linkage/finance_linkage",
    "notifications": ROOT / "services/notifications/notifications",
}
REASON = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
GIVERS = ("Problem", "Violation", "CellError", "FileRefused", "Refusal", "Invalid", "InvalidFields")
"""What takes a reason as an argument by position; everything else takes it by its name."""


def _documented(package: str) -> set[str]:
    values = contracts().values(f"amplify.{package}.v1.ErrorReason")
    return {value.full_name.rsplit(".ERROR_REASON_", 1)[1] for value in values} - {"UNSPECIFIED"}


def _given(folder: Path) -> Iterator[tuple[str, str]]:
    """(reason, where) for each reason that a module of the package gives as a literal."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            for constant in _reasons(node):
                if isinstance(constant, ast.Constant) and REASON.fullmatch(str(constant.value)):
                    yield str(constant.value), f"{file.relative_to(ROOT)}:{constant.lineno}"


def _reasons(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from (word.value for word in node.keywords if word.arg == "reason")
        if _name(node.func) in GIVERS:
            yield from node.args
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if {_name(target) for target in targets} & {"reason", "default_reason"}:
            yield node.value


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize("package", PACKAGES)
def test_every_reason_that_is_given_is_described(package: str) -> None:
    described = _documented(package) | _documented("platform")
    given = list(_given(PACKAGES[package]))
    assert given
    assert [f"{reason} at {where}" for reason, where in given if reason not in described] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_reason_that_is_described_can_be_given(package: str) -> None:
    sources = "\n".join(file.read_text() for file in PACKAGES[package].rglob("*.py"))
    assert {reason for reason in _documented(package) if f'"{reason}"' not in sources} == set()


def test_no_service_describes_a_shared_reason_again() -> None:
    for package in PACKAGES.keys() - {"platform"}:
        assert _documented(package) & _documented("platform") == set()


def test_a_shared_reason_says_which_code_comes_with_it() -> None:
    codes = {code.name for code in grpc.StatusCode}
    for value in contracts().values("amplify.platform.v1.ErrorReason")[1:]:
        stated = re.search(r"Code ([A-Z_]+)\.$", " ".join(value.comment.split()))
        assert stated is not None, value.full_name
        assert stated.group(1) in codes
