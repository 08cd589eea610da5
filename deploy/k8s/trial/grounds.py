"""What the trial stands on: namespaces and operators' kinds of its own, known by a label; it removes nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from checks import build, fetch
from manifests.parts import Object

from trial import kill
from trial.cluster import Cluster, Failed

NAMESPACE, DRY = "amplify-trial", "amplify-trial-dry"
NAMESPACES = (NAMESPACE, DRY, kill.NAMESPACE)
OURS = {"amplify.example/trial": "true"}
MINE = "amplify.example/trial=true"
"""Selects what a trial has made."""


def claim(cluster: Cluster) -> None:
    """Refuse a cluster on which somebody else has a namespace of the trial's name. Raises Failed."""
    there = {one["metadata"]["name"]: one["metadata"].get("labels", {}) for one in cluster.get("namespaces")["items"]}
    foreign = [name for name in NAMESPACES if name in there and not OURS.items() <= there[name].items()]
    if foreign:
        raise Failed(
            f"the cluster has {', '.join(foreign)} already, without the label {MINE}: no trial made that, so none will "
            "touch it. Name another cluster, or move away what is there"
        )


def make(cluster: Cluster, name: str) -> None:
    """A namespace of the trial's own, under the standard that the overlays' namespaces enforce."""
    cluster.apply([namespace(name, build.namespace("dev")["metadata"]["labels"])])


def namespace(name: str, labels: dict[str, str]) -> Object:
    """A namespace that says it is the trial's."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {**labels, **OURS}}}


def dry_runs(cluster: Cluster) -> str:
    """The server is asked whether it would take each overlay, after the operators' kinds that it does not know yet."""
    told = []
    within = Cluster(cluster.program, DRY)
    made = missing(cluster, definitions(fetch.ensure() / "definitions"))
    make(cluster, DRY)
    try:
        if made:
            cluster.apply(made, "--server-side")
            listed = [f"customresourcedefinition/{one['metadata']['name']}" for one in made]
            cluster.run("wait", "--for=condition=Established", *listed, "--timeout=120s")
        for overlay in build.OVERLAYS:
            objects = [_moved(one) for one in build.overlay(overlay)]
            answer = within.apply(objects, "--dry-run=server", "--server-side", "--force-conflicts")
            warnings = [line for line in answer.splitlines() if line.startswith("Warning")]
            told.append(f"{overlay}: {len(answer.splitlines())} objects taken" + (f", {warnings}" if warnings else ""))
    finally:
        cluster.run("delete", "customresourcedefinition", "-l", MINE, "--ignore-not-found")
        cluster.run("delete", "namespace", DRY, "--ignore-not-found", "--timeout=180s")
    return f"{'; '.join(told)}; {len(made)} kinds made for it and removed"


def definitions(folder: Path) -> list[Object]:
    """The operators' kinds, with the trial's label."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for one in yaml.load_all(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if one and one["kind"] == "CustomResourceDefinition":
                metadata = one["metadata"]
                found.append({**one, "metadata": {**metadata, "labels": {**metadata.get("labels", {}), **OURS}}})
    return found


def missing(cluster: Cluster, kinds: Sequence[Object]) -> list[Any]:
    """Those that the cluster does not have: an operator that runs there keeps its own."""
    listed = cluster.run("get", "customresourcedefinitions", "-o", "name").split()
    there = {line.rpartition("/")[2] for line in listed}
    return [one for one in kinds if one["metadata"]["name"] not in there]


def remove(cluster: Cluster) -> None:
    """Take away what a trial has installed, its volumes included, and nothing that lacks its label."""
    for kind in ("namespace", "persistentvolume"):
        cluster.run("delete", kind, "-l", MINE, "--ignore-not-found", "--timeout=180s", check=False)


def _moved(one: Object) -> Object:
    return {**one, "metadata": {**one["metadata"], "namespace": DRY}}
