"""Builds overlays and combinations of components with kustomize."""

import shutil
import subprocess
import tempfile
from functools import cache
from itertools import combinations
from pathlib import Path

import yaml
from manifests.parts import Object
from manifests.tree import K8S

from checks.fetch import ensure

OVERLAY_FOLDERS = K8S / "overlays"
OVERLAYS = ("dev", "staging", "production")
NEVER_TOGETHER = (frozenset({"kafka-dev", "strimzi"}),)
"""Two brokers for one platform."""
OPTIONAL = (
    "kafka-dev",
    "mongodb-dev",
    "development-identity",
    "strimzi",
    "keda",
    "gateway",
    "telemetry",
    "high-availability",
)
LAST = ("own-images", "release")


class NotBuilt(Exception):
    """Kustomize refused; the text is its own."""


@cache
def overlay(name: str) -> tuple[Object, ...]:
    """The objects of an overlay."""
    return folder(OVERLAY_FOLDERS / name)


def sets() -> list[tuple[str, ...]]:
    """Each component alone, each pair that makes sense, and as many together as can be."""
    pairs = [pair for pair in combinations(OPTIONAL, 2) if frozenset(pair) not in NEVER_TOGETHER]
    whole = [tuple(name for name in OPTIONAL if name != left_out) for left_out in ("strimzi", "kafka-dev")]
    return [*((name,) for name in OPTIONAL), *pairs, *whole]


def combined(components: tuple[str, ...]) -> tuple[Object, ...]:
    """The base with some components."""
    with tempfile.TemporaryDirectory(dir=K8S, prefix=".combined-") as place:
        listed = [f"../components/{name}" for name in (*components, *LAST)]
        content = {"kind": "Kustomization", "namespace": "amplify", "resources": ["../base"], "components": listed}
        (Path(place) / "kustomization.yaml").write_text(yaml.safe_dump(content))
        return folder(Path(place))


def additions() -> list[tuple[str, str]]:
    """Each overlay with each component that it has not and that goes with those it has."""
    found = []
    for name in OVERLAYS:
        present = _components(name)
        shut_out = {other for pair in NEVER_TOGETHER for other in pair if pair & present}
        found += [(name, one) for one in (*OPTIONAL, "own-images") if one not in present | shut_out]
    return found


def extended(name: str, component: str) -> tuple[Object, ...]:
    """An overlay with one more component, added as the README says: before the release, which is the last."""
    with tempfile.TemporaryDirectory(dir=OVERLAY_FOLDERS, prefix=".extended-") as place:
        shutil.copytree(OVERLAY_FOLDERS / name, place, dirs_exist_ok=True)
        content = _kustomization(name)
        content["components"].insert(-1, f"../../components/{component}")
        (Path(place) / "kustomization.yaml").write_text(yaml.safe_dump(content))
        return folder(Path(place))


def _components(name: str) -> set[str]:
    return {one.rpartition("/")[2] for one in _kustomization(name)["components"]}


def _kustomization(name: str) -> Object:
    content: Object = yaml.safe_load((OVERLAY_FOLDERS / name / "kustomization.yaml").read_text())
    return content


def folder(place: Path) -> tuple[Object, ...]:
    """The objects of any kustomization."""
    program = ensure() / "bin" / "kubectl"
    told = subprocess.run([str(program), "kustomize", str(place)], capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise NotBuilt(told.stderr)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(one for one in yaml.load_all(told.stdout, loader) if one)
