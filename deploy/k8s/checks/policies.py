"""What must hold of every set of manifests; a policy answers with its violations, one line each."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from manifests.parts import Object
from manifests.tree import services, streams

from chassis.service import STOP_SECONDS
from checks import applying
from checks.network import (
    all_is_denied_by_default,
    names_can_be_looked_up,
    no_call_is_missing_a_way,
    strangers_are_kept_out,
    whoever_is_served_gets_in,
)
from checks.objects import (
    configuration,
    containers,
    named,
    of_kind,
    pods_of,
    selects,
    workloads,
)
from checks.pods import (
    every_container_has_limits,
    every_workload_is_probed,
    no_pod_holds_a_token,
    nothing_is_privileged,
)

Policy = Callable[[Sequence[Object]], Iterator[str]]
PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


def every_workload_has_a_disruption_budget(objects: Sequence[Object]) -> Iterator[str]:
    """Exactly one, that never lets more than one pod go at a time and never blocks a node for good."""
    budgets = of_kind(objects, "PodDisruptionBudget")
    for workload in workloads(objects):
        labels = workload["spec"]["template"]["metadata"]["labels"]
        found = [one for one in budgets if selects(one["spec"]["selector"], labels)]
        if len(found) != 1:
            yield f"{named(workload)}: {len(found)} disruption budgets"
        elif found[0]["spec"].get("maxUnavailable") != 1:
            yield f"{named(workload)}: its disruption budget does not say maxUnavailable 1"


def every_topic_has_an_owner(objects: Sequence[Object]) -> Iterator[str]:
    """Each stream has one owner, which produces it; where users are declared, only the owner may write."""
    owners = {one.name: one.producers for one in streams()}
    for name, producers in owners.items():
        if len(producers) != 1:
            yield f"{name}: owned by {', '.join(producers) or 'nobody'}"
    for topic in of_kind(objects, "KafkaTopic"):
        if topic["metadata"]["name"] not in owners:
            yield f"{named(topic)}: in no registry"
    for user in of_kind(objects, "KafkaUser"):
        for right in user["spec"]["authorization"]["acls"]:
            name, writes = right["resource"]["name"], {"Write", "All", "Alter", "Delete"} & set(right["operations"])
            mine = owners.get(name, ()) == (user["metadata"]["name"],)
            if right["resource"]["type"] == "topic" and writes and not mine:
                yield f"{named(user)}: may write {name}, which it does not own"


def every_image_names_a_release(objects: Sequence[Object]) -> Iterator[str]:
    """No image without a tag, and none that moves."""
    for owner, pod in pods_of(objects):
        for container in containers(pod):
            name, _, digest = container["image"].partition("@")
            tag = name.rpartition("/")[2].partition(":")[2]
            if not digest and tag in ("", "latest", "main", "edge"):
                yield f"{owner}: image {container['image']} names no release"


def secrets_are_files(objects: Sequence[Object]) -> Iterator[str]:
    """A secret in a variable shows in every crash report and child process, one in a manifest to everybody."""
    hidden = {name.upper() for one in services() for name in one.secrets}
    for owner, pod in pods_of(objects):
        for container in containers(pod):
            variables = container.get("env", [])
            sources = [*variables, *container.get("envFrom", [])]
            if any("secretRef" in one or "secretKeyRef" in one.get("valueFrom", {}) for one in sources):
                yield f"{owner}/{container['name']}: takes a secret as a variable"
            told = _told({one["name"]: one.get("value", "") for one in variables}, hidden)
            if told:
                yield f"{owner}/{container['name']}: tells {', '.join(told)}"
    for one in of_kind(objects, "ConfigMap"):
        told = _told(one.get("data", {}), hidden)
        if told:
            yield f"{named(one)}: tells {', '.join(told)}"


def _told(values: Mapping[str, str], hidden: set[str]) -> list[str]:
    """Secrets among variables: by their name, or as a password within an address."""
    return sorted(name for name, value in values.items() if name in hidden or PASSWORD.search(value))


def a_drain_has_time(objects: Sequence[Object]) -> Iterator[str]:
    """The grace is longer than the pause before the drain and the longest drain together."""
    for workload in workloads(objects):
        pod = workload["spec"]["template"]["spec"]
        for container in containers(pod):
            if container["image"].startswith("amplify/") and container["name"] in {one.name for one in services()}:
                pause = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
                if not pause or pod.get("terminationGracePeriodSeconds", 30) <= pause + STOP_SECONDS:
                    yield f"{named(workload)}: its grace is too short for its drain"


def replicas_are_spread(objects: Sequence[Object]) -> Iterator[str]:
    """Over zones and nodes, as far as there are any."""
    mine = {one.name for one in services()}
    for workload in workloads(objects):
        if workload["metadata"]["labels"]["app.kubernetes.io/name"] in mine:
            pod = workload["spec"]["template"]["spec"]
            if not pod.get("topologySpreadConstraints") or "podAntiAffinity" not in pod.get("affinity", {}):
                yield f"{named(workload)}: its replicas may all be on one node"


def callers_see_every_replica(objects: Sequence[Object]) -> Iterator[str]:
    """A gRPC client balances by itself, so the Service that it is told of is headless."""
    for service in of_kind(objects, "Service"):
        ports = {port["name"] for port in service["spec"]["ports"]}
        if "grpc" in ports and service["spec"].get("clusterIP") != "None":
            yield f"{named(service)}: hides its replicas behind one address"


def production_is_strict(objects: Sequence[Object]) -> Iterator[str]:
    """No test aid, no secret in the repository, three of everything."""
    values = configuration(objects, "platform-settings")
    if values.get("ENVIRONMENT") != "production":
        yield "ENVIRONMENT is not production"
    for name in ("DEVELOPMENT_IDENTITY", "FAIL_POINTS", "BUSINESS_CLOCK_FILE"):
        if values.get(name, "").lower() not in ("", "false"):
            yield f"{name} is a test aid"
    for name in ("OIDC_ISSUER", "PUBLIC_URL"):
        if not values.get(name, "").startswith("https://"):
            yield f"{name} is not https"
    for secret in of_kind(objects, "Secret"):
        yield f"{named(secret)}: a secret that everybody can read here"
    for owner, pod in pods_of(objects):
        if any(one["image"].startswith("amplify/development") for one in containers(pod)):
            yield f"{owner}: is for trying"
    scaled = {one["spec"]["scaleTargetRef"]["name"]: one["spec"] for one in of_kind(objects, "HorizontalPodAutoscaler")}
    for workload in workloads(objects):
        name = workload["metadata"]["name"]
        least = scaled[name]["minReplicas"] if name in scaled else workload["spec"].get("replicas", 1)
        if least < 3 and workload["metadata"]["labels"]["app.kubernetes.io/name"] in {one.name for one in services()}:
            yield f"{named(workload)}: fewer than three"


ALWAYS: tuple[Policy, ...] = (
    nothing_is_privileged,
    every_container_has_limits,
    every_workload_is_probed,
    every_workload_has_a_disruption_budget,
    all_is_denied_by_default,
    strangers_are_kept_out,
    no_call_is_missing_a_way,
    names_can_be_looked_up,
    whoever_is_served_gets_in,
    every_topic_has_an_owner,
    every_image_names_a_release,
    no_pod_holds_a_token,
    secrets_are_files,
    a_drain_has_time,
    applying.everything_is_labelled,
    applying.a_service_can_be_applied_alone,
    applying.a_scaler_rules_alone,
    replicas_are_spread,
    callers_see_every_replica,
    applying.the_doors_bear_the_public_name,
    applying.namespaces_stay,
)
IN_OVERLAYS: tuple[Policy, ...] = (*ALWAYS, applying.an_installation_has_a_name)
IN_PRODUCTION: tuple[Policy, ...] = (*IN_OVERLAYS, production_is_strict)
