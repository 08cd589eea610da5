"""Looks into sets of Kubernetes objects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from manifests.parts import Object

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


def named(one: Object) -> str:
    """Kind and name of an object."""
    return f"{one['kind']}/{one['metadata']['name']}"


def of_kind(objects: Sequence[Object], kind: str) -> list[Object]:
    """The objects of a kind."""
    return [one for one in objects if one["kind"] == kind]


def workloads(objects: Sequence[Object]) -> list[Object]:
    """What keeps pods running."""
    return [one for one in objects if one["kind"] in WORKLOADS]


def templates(objects: Sequence[Object]) -> Iterator[tuple[str, Object]]:
    """Every pod that would be made: who makes it, and its metadata and specification."""
    for one in objects:
        match one["kind"]:
            case "Pod":
                yield named(one), one
            case "CronJob":
                yield named(one), one["spec"]["jobTemplate"]["spec"]["template"]
            case "Job" | "Deployment" | "StatefulSet" | "DaemonSet":
                yield named(one), one["spec"]["template"]


def pods_of(objects: Sequence[Object]) -> Iterator[tuple[str, Object]]:
    """Every pod that would be made: who makes it, and its specification."""
    for owner, template in templates(objects):
        yield owner, template["spec"]


def labels_of(template: Object) -> dict[str, str]:
    """The labels of an object or a pod."""
    return dict(template["metadata"].get("labels", {}))


def containers(pod: Object) -> list[Object]:
    """Its containers, those that prepare it included."""
    return [*pod.get("initContainers", []), *pod["containers"]]


def referred(pod: Object) -> set[str]:
    """Kind and name of each object that a pod cannot start without."""
    found = {f"ServiceAccount/{pod.get('serviceAccountName', 'default')}"}
    sources = [source for one in containers(pod) for source in one.get("envFrom", [])]
    found |= {f"ConfigMap/{one['configMapRef']['name']}" for one in sources if "configMapRef" in one}
    volumes = pod.get("volumes", [])
    found |= {f"ConfigMap/{one['configMap']['name']}" for one in volumes if "configMap" in one}
    parts = [part for one in volumes for part in one.get("projected", {}).get("sources", [])]
    return found | {f"Secret/{one['secret']['name']}" for one in parts if "secret" in one}


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether a label selector chooses these labels. Nothing here selects by expressions, so nothing reads them."""
    if set(selector) - {"matchLabels"}:
        raise ValueError(f"cannot read the selector {selector}")
    wanted: dict[str, str] = selector.get("matchLabels", {})
    return all(labels.get(name) == value for name, value in wanted.items())


def configuration(objects: Sequence[Object], name: str) -> dict[str, Any]:
    """The data of a ConfigMap by its name, whatever digest is behind it."""
    for one in of_kind(objects, "ConfigMap"):
        if one["metadata"]["name"].rpartition("-")[0] == name or one["metadata"]["name"] == name:
            return dict(one["data"])
    return {}
