"""From the release before to this one under load, and back: nothing fails, nothing is lost or done twice.

Needs images of the release before, tagged `previous`. It gets its secrets as variables too, in case it does not read
them from files yet; a service that did not exist then is missing until the upgrade, and again after the way back.
"""

import time
from copy import deepcopy
from pathlib import Path
from typing import Any

from checks.objects import workloads
from manifests.parts import Object
from manifests.tree import services

from trial.cluster import Cluster, Failed
from trial.people import ask, enough, load, verify

TAG = "previous"
PAUSE_SECONDS = 40
"""Programs of 0.1.0 that have just started look up where others are once in 30 seconds, also when these move."""


def before(objects: list[Object], present: set[str]) -> list[Object]:
    """What of this release's objects runs the release before: its images, and only the services that it had."""
    mine = {one.name for one in services()}
    found = []
    for one in deepcopy(objects):
        name = one["metadata"].get("labels", {}).get("app.kubernetes.io/name", "")
        if name in mine - present and one["kind"] in ("Deployment", "StatefulSet", "Job", "PodDisruptionBudget"):
            continue
        if one["kind"] in ("Deployment", "StatefulSet", "Job") and name in present | {"topics", "mongodb"}:
            for container in one["spec"]["template"]["spec"]["containers"]:
                _previous(container, one)
        found.append(one)
    return found


def both_ways(cluster: Cluster, objects: list[Object], present: set[str], ways: tuple[str, str]) -> str:
    """`up` to this release and `back` to the one before, in the order asked for, under load."""
    ask(cluster, "seed")
    old = before(objects, present)
    new_only = [one for one in workloads(objects) if one not in old]
    told = [f"before: {', '.join(sorted(present))}"]
    for direction in ways:
        wanted = objects if direction == "up" else old
        with load(cluster, 420) as seen:
            time.sleep(5)
            begin = time.monotonic()
            cluster.run("delete", "job", "-l", "app.kubernetes.io/component=migrate", "--ignore-not-found")
            for part in in_turn([one for one in wanted if one["kind"] != "Pod"], direction):
                cluster.apply(part)
                cluster.settle(400)
                time.sleep(PAUSE_SECONDS if direction == "back" else 0)
            if direction == "back":
                gone = [one for one in new_only if one["metadata"]["labels"]["app.kubernetes.io/name"] not in present]
                for one in gone:
                    cluster.run("delete", one["kind"], one["metadata"]["name"], "--wait=false", "--ignore-not-found")
            cluster.settle(400)
            took = time.monotonic() - begin
            enough(cluster)
        told.append(f"{direction} in {took:.0f} s: {seen}; {verify(cluster)}")
        if seen.errors:
            raise Failed("; ".join(told))
    return "; ".join(told)


def in_turn(objects: list[Object], direction: str) -> list[list[Object]]:
    """What is applied one after the other: what belongs to no service, then each service; the console is the last to
    go up and the first to go back, for it calls all others."""
    names = [*sorted({one.name for one in services()} - {"console"}), "console"]
    by_name: dict[str, list[Object]] = {name: [] for name in ["", *names]}
    for one in objects:
        name = one["metadata"].get("labels", {}).get("app.kubernetes.io/name", "")
        by_name[name if name in by_name else ""].append(one)
    order = ["", *(names if direction == "up" else reversed(names))]
    return [by_name[name] for name in order if by_name[name]]


def _previous(container: Any, owner: Object) -> None:
    image, _, _ = container["image"].rpartition(":")
    if image.startswith("amplify/") and image.rpartition("/")[2] not in ("kafka", "mongodb", "development"):
        container["image"] = f"{image}:{TAG}"
        volumes = owner["spec"]["template"]["spec"].get("volumes", [])
        sources = [source for one in volumes for source in one.get("projected", {}).get("sources", [])]
        container.setdefault("envFrom", []).extend({"secretRef": {"name": one["secret"]["name"]}} for one in sources)


def services_of(checkout: Path) -> set[str]:
    """The services that another checkout has."""
    return {path.parents[1].name for path in checkout.glob("services/*/*/__main__.py")}
