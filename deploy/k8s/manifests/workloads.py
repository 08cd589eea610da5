"""The workloads of a service: a Deployment for each role, a StatefulSet for its stream, and the migration Job."""

from typing import Any

from manifests.parts import (
    GRPC,
    HTTP,
    METRICS,
    PARTNER,
    PLATFORM_SETTINGS,
    SECRETS_DIR,
    USER,
    WAY,
    Object,
    all_labels,
    labels,
    selector,
    workload_name,
)
from manifests.tree import Service, release

GRACE_SECONDS = 60
"""Longer than the pause before the drain (5 s) and the longest drain (a process ends itself after 40 s)."""
PAUSE_SECONDS = 5
"""Endpoints are forgotten by clients and proxies in this time; calls that still come are answered."""
PROCESSOR = {"grpc": "200m", "stream": "150m", "web": "100m"}
"""Above what was measured under load; the other roles need less than 50m. See "Sizing" in the README."""


def workload(service: Service, role: str) -> Object:
    """What runs a role. A stream is a StatefulSet: its pods' names are their identities in the consumer group."""
    name = workload_name(service, role)
    stateful = role == "stream"
    spec: dict[str, Any] = {
        "selector": {"matchLabels": selector(service.name, role)},
        "template": {
            "metadata": {"labels": {**all_labels(service.name, role), **ways(service, role)}},
            "spec": pod(service, role),
        },
    }
    if stateful:
        spec |= {"serviceName": f"{service.name}-metrics", "podManagementPolicy": "Parallel"}
    else:
        spec |= {
            "revisionHistoryLimit": 5,
            "progressDeadlineSeconds": 300,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        }
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet" if stateful else "Deployment",
        "metadata": {"name": name, "labels": labels(service.name, role)},
        "spec": spec,
    }


def migration(service: Service) -> Object:
    """The Job that brings the database to this release's schema; its name changes with the release, as Jobs cannot."""
    role = "migrate"
    spec = pod(service, role)
    spec["restartPolicy"] = "OnFailure"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": f"{service.name}-migrate-{release().replace('.', '-')}",
            "labels": all_labels(service.name, role),
        },
        "spec": {
            "backoffLimit": 20,
            "activeDeadlineSeconds": 1800,
            "ttlSecondsAfterFinished": 86400,
            "template": {
                "metadata": {"labels": {**all_labels(service.name, role), **ways(service, role)}},
                "spec": spec,
            },
        },
    }


def disruption_budget(service: Service, role: str) -> Object:
    """At most one pod of a workload is taken away at a time."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": workload_name(service, role), "labels": labels(service.name, role)},
        "spec": {
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": selector(service.name, role)},
        },
    }


def service_account(service: Service) -> Object:
    """An identity for the pods of a service, without a token: no pod calls the API server."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": service.name, "labels": labels(service.name, "identity")},
        "automountServiceAccountToken": False,
    }


def ways(service: Service, role: str) -> dict[str, str]:
    """Labels that say what a pod of this role reaches beyond its own service."""
    found = ["mongodb"]
    if role == "web":
        found.append("identity")
    else:
        found += ["identity"] if role in ("grpc", "due", "stream") else []
        found += ["kafka"] if role in ("grpc", "stream", "relay", "topics") else []
    if "smtp_host" in service.fields and role == "due":
        found.append("mail")
    return {f"{WAY}{one}": "true" for one in found}


def pod(service: Service, role: str, arguments: list[str] | None = None) -> Object:
    """The pod of a role, within what the Pod Security Standard `restricted` allows."""
    one_shot = role in ("migrate", "topics")
    container: Object = {
        "name": service.name,
        "image": f"amplify/{service.name}",
        "imagePullPolicy": "IfNotPresent",
        "args": arguments or [service.package, *([] if role == "web" else [role])],
        "envFrom": [
            {"configMapRef": {"name": PLATFORM_SETTINGS}},
            {"configMapRef": {"name": f"{service.name}-settings"}},
        ],
        "env": [{"name": "CONSUMER_MEMBER", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        "resources": {
            "requests": {"cpu": PROCESSOR.get(role, "50m"), "memory": "128Mi"},
            "limits": {"cpu": "1", "memory": "384Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "secrets", "mountPath": SECRETS_DIR, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - the pod's own
        ],
    }
    if not one_shot:
        container |= probes(service)
    return {
        "serviceAccountName": service.name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **({} if one_shot else spread(service, role)),
        "containers": [container],
        "volumes": [
            {"name": "secrets", "projected": {"defaultMode": 0o440, "sources": [_secret(service)]}},
            {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
        ],
    }


def probes(service: Service) -> Object:
    """Startup and liveness ask whether loops turn, readiness whether the schema is there and no drain is under way."""
    port = "http" if service.is_web else "metrics"
    live = {"httpGet": {"path": "/live", "port": port}}
    ready = {"httpGet": {"path": "/live" if service.is_web else "/ready", "port": port}}
    ports = [{"name": "http", "containerPort": HTTP}]
    if not service.is_web:
        ports = [{"name": "grpc", "containerPort": GRPC}, {"name": "metrics", "containerPort": METRICS}]
        ports += [{"name": "partner", "containerPort": PARTNER}] if service.has_partners else []
    return {
        "ports": ports,
        "startupProbe": {**live, "periodSeconds": 2, "timeoutSeconds": 2, "failureThreshold": 90},
        "readinessProbe": {**ready, "periodSeconds": 3, "timeoutSeconds": 2, "failureThreshold": 2},
        "livenessProbe": {**live, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 6},
        "lifecycle": {"preStop": {"sleep": {"seconds": PAUSE_SECONDS}}},
    }


def spread(service: Service, role: str) -> Object:
    """Replicas go to other nodes and zones where there are any; one node is enough to start."""
    term = {"labelSelector": {"matchLabels": selector(service.name, role)}, "topologyKey": "kubernetes.io/hostname"}
    zone = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": selector(service.name, role)},
    }
    preferred = [{"weight": 100, "podAffinityTerm": term}]
    return {
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}},
        "topologySpreadConstraints": [zone],
    }


def _secret(service: Service) -> Object:
    return {"secret": {"name": f"{service.name}-secrets"}}
