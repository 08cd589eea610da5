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
NEVER_TOGETHER = (
    frozenset({"kafka-dev", "strimzi"}),
    frozenset({"kafka-dev", "keda"}),
    frozenset({"kafka-dev", "keda-strimzi"}),
)
"""Two brokers for one platform; and a scaler, which signs in, at a broker that asks for nothing and lets no one in."""
NEEDS = {"keda-strimzi": ("strimzi", "keda")}
"""What a component stands on."""
OPTIONAL = (
    "kafka-dev",
    "mongodb-dev",
    "development-identity",
    "strimzi",
    "gateway",
    "telemetry",
    "high-availability",
    "keda",
    "keda-strimzi",
)
"""In the order in which they are listed: a scaler takes back the numbers of replicas that were set before it."""
WITHOUT = (("kafka-dev",), ("strimzi", "keda", "keda-strimzi"))
LAST = ("own-images", "release")


class NotBuilt(Exception):
    """Kustomize refused; the text is its own."""


@cache
def overlay(name: str) -> tuple[Object, ...]:
    """The objects of an overlay."""
    return folder(OVERLAY_FOLDERS / name)


def namespace(name: str) -> Object:
    """The namespace of an overlay: applied before the overlay, and no part of it."""
    found: Object = yaml.safe_load((K8S / "overlays" / name / "namespace.yaml").read_text())
    return found


def sets() -> list[tuple[str, ...]]:
    """Each component alone, each pair that makes sense, and as many together as can be; each with what it stands on."""
    single = [_with_needs((name,)) for name in OPTIONAL]
    pairs = [_with_needs(pair) for pair in combinations(OPTIONAL, 2)]
    whole = [tuple(one for one in OPTIONAL if one not in left_out) for left_out in WITHOUT]
    found = dict.fromkeys([*single, *pairs, *whole])
    return [one for one in found if not any(never <= set(one) for never in NEVER_TOGETHER)]


def _with_needs(names: tuple[str, ...]) -> tuple[str, ...]:
    wanted = {*names, *(need for name in names for need in NEEDS.get(name, ()))}
    return tuple(name for name in OPTIONAL if name in wanted)


def combined(components: tuple[str, ...]) -> tuple[Object, ...]:
    """The base with some components."""
    with tempfile.TemporaryDirectory(dir=K8S, prefix=".combined-") as place:
        listed = [f"../components/{name}" for name in (*components, *LAST)]
        settings = {
            "name": "platform-settings",
            "behavior": "merge",
            "literals": ["PUBLIC_URL=https://amplify.example"],
        }
        content = {
            "kind": "Kustomization",
            "namespace": "amplify",
            "resources": ["../base"],
            "components": listed,
            "configMapGenerator": [settings],
        }
        (Path(place) / "kustomization.yaml").write_text(yaml.safe_dump(content))
        return folder(Path(place))


def additions() -> list[tuple[str, str]]:
    """Each overlay with each component that it has not and that goes with those it has."""
    found = []
    for name in OVERLAYS:
        present = _components(name)
        for one in (*OPTIONAL, "own-images"):
            beside = present | {one}
            sound = not any(never <= beside for never in NEVER_TOGETHER) and set(NEEDS.get(one, ())) <= present
            if one not in present and sound:
                found.append((name, one))
    return found


def extended(name: str, component: str) -> tuple[Object, ...]:
    """An overlay with one more component, added as the README says: before the release, which is the last.

    Doors need a public name, which the overlay for trying has not.
    """
    with tempfile.TemporaryDirectory(dir=OVERLAY_FOLDERS, prefix=".extended-") as place:
        shutil.copytree(OVERLAY_FOLDERS / name, place, dirs_exist_ok=True)
        content = _kustomization(name)
        content["components"].insert(-1, f"../../components/{component}")
        if component == "gateway":
            (settings,) = content["configMapGenerator"]
            named = [one for one in settings["literals"] if not one.startswith("PUBLIC_URL=")]
            settings["literals"] = [*named, "PUBLIC_URL=https://amplify.example"]
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
