"""What must hold of every pod of every set of manifests: its rights, its limits and its probes."""

from collections.abc import Iterator, Sequence

from manifests.parts import Object
from manifests.tree import Service, services

from checks import strimzi
from checks.objects import containers, named, pods_of, workloads

SHELL_OF_A_POD = ("hostNetwork", "hostPID", "hostIPC")
PROBED_BY = ("httpGet", "tcpSocket")


def nothing_is_privileged(objects: Sequence[Object]) -> Iterator[str]:
    """Within the Pod Security Standard `restricted`, what operators make too; ours with a read-only root besides."""
    for owner, pod in pods_of(objects):
        if any(pod.get(one) for one in SHELL_OF_A_POD) or any("hostPath" in one for one in pod.get("volumes", [])):
            yield f"{owner}: reaches into its node"
        for container in containers(pod):
            # What a container says for itself wins over what its pod says.
            security = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
            for problem in _privileges(security):
                yield f"{owner}/{container['name']}: {problem}"
            if any("hostPort" in one for one in container.get("ports", [])):
                yield f"{owner}/{container['name']}: takes a port of its node"
    yield from strimzi.unrestricted(objects)


def _privileges(security: Object) -> Iterator[str]:
    if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
        yield "may run as root"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "no seccomp profile"
    if security.get("privileged") or security.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    if security.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps capabilities"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "may write to its root"
    if security.get("procMount", "Default") != "Default":
        yield "sees all of /proc"


def every_container_has_limits(objects: Sequence[Object]) -> Iterator[str]:
    """Requests and limits, of processor and memory."""
    for owner, pod in pods_of(objects):
        for container in containers(pod):
            for kind in ("requests", "limits"):
                missing = {"cpu", "memory"} - set(container.get("resources", {}).get(kind, {}))
                if missing:
                    yield f"{owner}/{container['name']}: no {kind} of {', '.join(sorted(missing))}"


def every_workload_is_probed(objects: Sequence[Object]) -> Iterator[str]:
    """Startup, readiness and liveness, by HTTP or a connection at a port of its own; ours at the paths they serve."""
    mine = {one.name: one for one in services()}
    for workload in workloads(objects):
        for container in containers(workload["spec"]["template"]["spec"]):
            service = mine.get(container["name"])
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                ways = [container.get(probe, {}).get(way) for way in PROBED_BY]
                (way,) = [one for one in ways if one] or [None]
                if way is None or "exec" in container[probe]:
                    yield f"{named(workload)}: no {probe}"
                elif way.get("port") not in {one["name"] for one in container.get("ports", [])}:
                    yield f"{named(workload)}: its {probe} asks at a port that it has not"
                elif service and way.get("path") != _path(service, probe):
                    yield f"{named(workload)}: its {probe} asks for {way.get('path')}"


def _path(service: Service, probe: str) -> str:
    """Liveness asks whether loops turn, readiness whether it may be sent work; pages know only the first."""
    return "/ready" if probe == "readinessProbe" and not service.is_web else "/live"


def no_pod_holds_a_token(objects: Sequence[Object]) -> Iterator[str]:
    """No pod calls the API server, so none has a token for it; each runs as an identity of its own."""
    for owner, pod in pods_of(objects):
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{owner}: mounts a token"
        if pod.get("serviceAccountName", "default") == "default":
            yield f"{owner}: runs as the default identity"
