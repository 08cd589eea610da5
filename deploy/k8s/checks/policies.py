"""What must hold of every set of manifests; a policy answers with its violations, one line each."""

from collections.abc import Callable, Iterator, Sequence

from manifests.parts import Object
from manifests.tree import services, streams

from chassis.service import STOP_SECONDS
from checks import applying, strimzi
from checks.objects import configuration, containers, named, of_kind, pods_of, selects, workloads

Policy = Callable[[Sequence[Object]], Iterator[str]]
SHELL_OF_A_POD = ("hostNetwork", "hostPID", "hostIPC")


def nothing_is_privileged(objects: Sequence[Object]) -> Iterator[str]:
    """Within the Pod Security Standard `restricted`, what operators make too; ours with a read-only root besides."""
    for owner, pod in pods_of(objects):
        security = pod.get("securityContext", {})
        if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
            yield f"{owner}: may run as root"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{owner}: no seccomp profile"
        if any(pod.get(one) for one in SHELL_OF_A_POD) or any("hostPath" in one for one in pod.get("volumes", [])):
            yield f"{owner}: reaches into its node"
        for container in containers(pod):
            own = container.get("securityContext", {})
            if own.get("privileged") or own.get("allowPrivilegeEscalation") is not False:
                yield f"{owner}/{container['name']}: may gain privileges"
            if own.get("capabilities") != {"drop": ["ALL"]}:
                yield f"{owner}/{container['name']}: keeps capabilities"
            if own.get("readOnlyRootFilesystem") is not True:
                yield f"{owner}/{container['name']}: may write to its root"
    yield from strimzi.unrestricted(objects)


def every_container_has_limits(objects: Sequence[Object]) -> Iterator[str]:
    """Requests and limits, of processor and memory."""
    for owner, pod in pods_of(objects):
        for container in containers(pod):
            for kind in ("requests", "limits"):
                missing = {"cpu", "memory"} - set(container.get("resources", {}).get(kind, {}))
                if missing:
                    yield f"{owner}/{container['name']}: no {kind} of {', '.join(sorted(missing))}"


def every_workload_is_probed(objects: Sequence[Object]) -> Iterator[str]:
    """Startup, readiness and liveness."""
    for workload in workloads(objects):
        for container in containers(workload["spec"]["template"]["spec"]):
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                if probe not in container:
                    yield f"{named(workload)}: no {probe}"


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


def every_service_has_a_network_policy(objects: Sequence[Object]) -> Iterator[str]:
    """All is denied by default, both ways, and whoever serves says to whom."""
    policies = of_kind(objects, "NetworkPolicy")
    everybody = [one for one in policies if one["spec"]["podSelector"] == {}]
    closed = [one for one in everybody if not one["spec"].get("ingress") and not one["spec"].get("egress")]
    if not any({"Ingress", "Egress"} <= set(one["spec"]["policyTypes"]) for one in closed):
        yield "nothing denies by default"
    for service in of_kind(objects, "Service"):
        chosen = service["spec"]["selector"]
        meant = [one for one in policies if one not in everybody and one["spec"].get("ingress")]
        if not any(selects(one["spec"]["podSelector"], chosen) for one in meant):
            yield f"{named(service)}: no NetworkPolicy says who may reach it"


def no_call_is_missing_a_way(objects: Sequence[Object]) -> Iterator[str]:
    """Whom a service calls lets it in, and the caller is let out."""
    policies = of_kind(objects, "NetworkPolicy")
    for caller in services():
        for called in caller.calls:
            me, it = {"app.kubernetes.io/name": caller.name}, {"app.kubernetes.io/name": called}
            let_in = [
                one
                for one in policies
                if selects(one["spec"]["podSelector"], {**it, "app.kubernetes.io/component": "grpc"})
                for rule in one["spec"].get("ingress", [])
                if any(_names(peer, me) for peer in rule.get("from", []))
            ]
            let_out = [
                one
                for one in policies
                if selects(one["spec"]["podSelector"], me)
                for rule in one["spec"].get("egress", [])
                if any(_names(peer, it) for peer in rule.get("to", []))
            ]
            if not let_in or not let_out:
                yield f"{caller.name} calls {called}, and the network does not let it"


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


def no_pod_holds_a_token(objects: Sequence[Object]) -> Iterator[str]:
    """No pod calls the API server, so none has a token for it; each runs as an identity of its own."""
    for owner, pod in pods_of(objects):
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{owner}: mounts a token"
        if pod.get("serviceAccountName", "default") == "default":
            yield f"{owner}: runs as the default identity"


def secrets_are_files(objects: Sequence[Object]) -> Iterator[str]:
    """A secret in a variable shows in every crash report and child process."""
    hidden = {name.upper() for one in services() for name in one.secrets}
    for owner, pod in pods_of(objects):
        for container in containers(pod):
            sources = [*container.get("env", []), *container.get("envFrom", [])]
            if any("secretRef" in one or "secretKeyRef" in one.get("valueFrom", {}) for one in sources):
                yield f"{owner}/{container['name']}: takes a secret as a variable"
    for one in of_kind(objects, "ConfigMap"):
        told = hidden & set(one.get("data", {}))
        if told:
            yield f"{named(one)}: tells {', '.join(sorted(told))}"


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


def _names(peer: Object, labels: dict[str, str]) -> bool:
    wanted: dict[str, str] = peer.get("podSelector", {}).get("matchLabels", {})
    return labels.items() <= wanted.items()


ALWAYS: tuple[Policy, ...] = (
    nothing_is_privileged,
    every_container_has_limits,
    every_workload_is_probed,
    every_workload_has_a_disruption_budget,
    every_service_has_a_network_policy,
    no_call_is_missing_a_way,
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
IN_PRODUCTION: tuple[Policy, ...] = (*ALWAYS, production_is_strict)
