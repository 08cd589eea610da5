"""Builds overlays and combinations of components with kustomize."""

import subprocess
import tempfile
from functools import cache
from itertools import combinations
from pathlib import Path

import yaml
from manifests.parts import Object
from manifests.tree import K8S

from checks.fetch import ensure

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
    return folder(K8S / "overlays" / name)


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


def folder(place: Path) -> tuple[Object, ...]:
    """The objects of any kustomization."""
    program = ensure() / "bin" / "kubectl"
    told = subprocess.run([str(program), "kustomize", str(place)], capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise NotBuilt(told.stderr)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(one for one in yaml.load_all(told.stdout, loader) if one)
