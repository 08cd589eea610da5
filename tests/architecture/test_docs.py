"""Documentation that cannot lie: what it names exists, and what exists is named."""

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from .sources import ROOT, modules, product, tracked

PAGES = [path for path in tracked() if path.suffix == ".md"]
RUNBOOKS = sorted(path for path in (ROOT / "docs/runbooks").glob("*.md") if path.stem != "README")
DECISIONS = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
TARGET = re.compile(r"^([a-z][a-z0-9-]*):.*##", re.MULTILINE)
TEXTS = {".md", ".py", ".yaml", ".yml", ".toml", ".proto", ".html", ".jinja", ".js", ".css", ".sh", ".xml", ""}


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_lead_somewhere() -> None:
    broken = set()
    for page in PAGES:
        targets = {match.group(1) for match in LINK.finditer(page.read_text())}
        local = {target for target in targets if "://" not in target and not target.startswith("mailto:")}
        broken |= {(_relative(page), target) for target in local if not (page.parent / target).exists()}
    assert broken == set()


def test_make_targets_that_are_named_exist() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    named = {
        (_relative(page), name) for page in PAGES for name in re.findall(r"`make ([a-z][a-z0-9-]*)", page.read_text())
    }
    assert {(page, name) for page, name in named if name not in targets} == set()


def test_settings_and_metrics_pages_are_what_the_code_says() -> None:
    assert _generator().stale() == [], "run python docs/generate.py"


def test_every_metric_of_the_catalogue_is_measured_somewhere() -> None:
    catalogue = next(module for module in modules("chassis") if module.name == "chassis.metrics")
    names = {
        target.id
        for node in catalogue.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and not target.id.startswith("_")
    }
    used = "\n".join(module.path.read_text() for module in product() if module is not catalogue)
    assert {name for name in names if f"metrics.{name}" not in used} == set()


def test_a_fail_point_is_documented_and_passed() -> None:
    from chassis.fail_points import POINTS

    passed = set()
    for module in product():
        passed |= set(re.findall(r'fail_points\.reach\("([a-z.]+)"\)', module.path.read_text()))
    assert passed == set(POINTS)


@pytest.mark.parametrize("page", RUNBOOKS, ids=_relative)
def test_a_runbook_can_be_followed(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem}: ")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Symptom", "Check", "Act", "Verify", "Undo"]
    assert f"[{page.stem}]({page.name})" in (page.parent / "README.md").read_text()


@pytest.mark.parametrize("page", RUNBOOKS, ids=_relative)
def test_the_signals_of_a_runbook_exist(page: Path) -> None:
    catalogue = (ROOT / "docs/metrics.md").read_text()
    code = "\n".join(module.path.read_text() for module in product())
    text = page.read_text()
    named = set(re.findall(r"\b((?:facts|consumer|parked|relay|due_work|rpc)_[a-z_]*[a-z])\b(?=[`\s{\[)>=])", text))
    assert {name for name in named if f"`{name}`" not in catalogue and name not in {"due_work"}} == set()
    for line in re.findall(r"[Ll]og (?:line|says|lines) `([^`]+)`", text):
        assert f'"{line}"' in code, f"nothing logs {line!r}"


@pytest.mark.parametrize("page", RUNBOOKS, ids=_relative)
def test_the_commands_of_a_runbook_exist(page: Path) -> None:
    commands = (ROOT / "chassis/chassis/commands.py").read_text() + (ROOT / "chassis/chassis/service.py").read_text()
    for command in re.findall(r"python -m <service> ([a-z-]+)", page.read_text()):
        assert f'"{command}"' in commands


@pytest.mark.parametrize("page", DECISIONS, ids=_relative)
def test_a_decision_is_one_page_of_four_parts(page: Path) -> None:
    text = page.read_text()
    assert re.match(rf"# {page.name[:4]} \S", text)
    assert "**Status:** " in text
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 60
    assert page.name in (page.parent / "README.md").read_text()


def test_the_checklists_of_contributing_name_files_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|toml))`", text))
    concrete = {name for name in named if "<" not in name}
    assert len(concrete) > 15
    assert {name for name in concrete if not (ROOT / name).exists()} == set()


def test_the_readme_starts_with_two_commands() -> None:
    text = (ROOT / "README.md").read_text()
    assert "make run" in text
    assert "make test" in text
    assert "```mermaid" in text or "](docs/images/" in text


@pytest.mark.parametrize("service", sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir()))
def test_the_readme_and_the_architecture_know_every_service(service: str) -> None:
    for page in ("README.md", "docs/architecture.md"):
        assert service in (ROOT / page).read_text()


def test_no_file_names_a_place_of_one_machine() -> None:
    place = re.compile(r"(?<![\w.:])/(?:home|root|work|Users)/\w+")
    files = [path for path in tracked() if path.suffix in TEXTS and path.name != "uv.lock"]
    assert {_relative(path) for path in files if place.search(path.read_text(errors="replace"))} == set()
