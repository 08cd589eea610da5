"""The images by their text: what goes in is locked, nothing is left over, and every service has one."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

HERE = Path(__file__).resolve().parents[1]
DOCKERFILES = sorted(HERE.glob("*/Dockerfile"))


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"images_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_service_has_an_image_within_a_budget() -> None:
    images = _module(HERE / "build.py").images()
    services = {path.parent.name for path in HERE.parents[1].glob("services/*/pyproject.toml")}
    assert services <= {image.name for image in images}
    budgets = yaml.safe_load((HERE / "images.yaml").read_text())["budgets"]
    assert {image.budget for image in images} == set(budgets)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_the_base_is_an_argument_and_names_a_release(path: Path) -> None:
    """An official image by default, whatever the caller wants otherwise, and both stages on the same."""
    text = path.read_text()
    default = re.search(r"^ARG BASE=(\S+)$", text, re.MULTILINE)
    assert default
    assert default[1].startswith("python:3.11-slim")
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${BASE}", "${BASE}"]


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_dependencies_come_with_their_hashes(path: Path) -> None:
    commands = re.split(r"&&|\n", path.read_text().replace("\\\n", " "))
    installs = [part for part in commands if "pip install" in part]
    locked = [part for part in installs if "--require-hashes" in part and "--only-binary :all:" in part]
    own = [part for part in installs if "--no-index" in part]
    assert locked
    assert len(locked) + len(own) == len(installs)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_it_runs_as_a_number_that_is_not_root(path: Path) -> None:
    (user,) = re.findall(r"^USER (\S+)$", path.read_text(), re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_it_says_what_it_is(path: Path) -> None:
    for label in ("title", "version", "revision", "licenses", "base.name"):
        assert f"org.opencontainers.image.{label}=" in path.read_text()


def test_kafka_s_variables_become_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the official image reads them."""
    monkeypatch.setenv("KAFKA_LOG_DIRS", "/data")
    monkeypatch.setenv("KAFKA_LISTENER_NAME_A__B_X___Y", "1")
    monkeypatch.setenv("KAFKA_HEAP_OPTS", "-Xmx1g")
    found = _module(HERE / "kafka" / "start.py").settings()
    assert found["log.dirs"] == "/data"
    assert found["listener.name.a_b.x-y"] == "1"
    assert not any("heap" in name for name in found)


@pytest.mark.parametrize(
    ("own", "told", "code"),
    [
        (180, {}, 0),
        (181, {}, 1),
        (1, {"tools": ["/usr/lib/python3.11/ensurepip"]}, 1),
        (1, {"user": 0}, 1),
        (1, {"writable": True}, 1),
        (1, {"parts": 0}, 1),
    ],
)
def test_an_image_fails_above_its_budget_and_where_it_is_not_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, own: int, told: dict[str, object], code: int
) -> None:
    """What the container would say is given; `make images` asks a real one."""
    build = _module(HERE / "build.py")
    answer = json.dumps({"user": 10001, "tools": [], "writable": False, "parts": 9} | told)
    monkeypatch.setattr(build.sys, "argv", ["build.py", "programme"])
    monkeypatch.setattr(build, "build", lambda image: image.name)
    monkeypatch.setattr(build, "weigh", lambda name, base: (own + 100, own))
    monkeypatch.setattr(build, "_run", lambda *command: answer if "run" in command else "base")
    assert build.main() == code


def test_build_tools_are_found_wherever_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    probe = _module(HERE / "probe.py")
    monkeypatch.setattr(probe, "PLACES", (str(tmp_path),))
    (tmp_path / "lib" / "python3.11" / "site-packages" / "other").mkdir(parents=True)
    assert probe.found() == []
    (tmp_path / "lib" / "python3.11" / "ensurepip").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pip").touch()
    assert sorted(Path(one).name for one in probe.found()) == ["ensurepip", "pip"]
