"""Topics, users and their rights for Strimzi, and scaling by lag for KEDA, all out of the registry of streams."""

from manifests.parts import Object, labels, workload_name
from manifests.scale import REPLICAS
from manifests.tree import Service, services, streams

CLUSTER = "amplify"
REPLICATION = 3
FOREVER = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete", "min.insync.replicas": "2"}
LAG_PER_REPLICA = 500
TOPICS_SERVICE = "programme"
"""Whose image and identity create the topics: the one service that every installation has."""
OF_THE_TOPICS_JOB = ("Create", "Describe", "DescribeConfigs")
SCALER = "keda"
"""The user that looks at lag, and the Secret `keda-kafka` with its `username` and `password`, which people make."""


def topics() -> list[Object]:
    """A KafkaTopic for each stream."""
    return [
        _resource("KafkaTopic", one.name, "topic")
        | {"spec": {"partitions": one.partitions, "replicas": REPLICATION, "config": {**FOREVER, **one.config}}}
        for one in streams()
    ]


def users() -> list[Object]:
    """A KafkaUser for each service that has streams: it may write its own, read what it consumes, and nothing else."""
    return [_user(one) for one in services() if one.writes or one.reads]


def rights(service: Service) -> list[Object]:
    """What a service may do at the broker. Owners read their own streams too: a relay and an operator look at ends."""
    own = {one.name for one in service.writes}
    found = [
        _right("topic", name, ["Describe", "DescribeConfigs", "Read", *(["Write"] if name in own else [])])
        for name in sorted(own | {one.name for one in service.reads})
    ]
    if service.reads:
        found.append(_right("group", f"{service.name}.", ["Read", "Describe", "Delete"], "prefix"))
    return found


def rights_table() -> str:
    """What each service's user may do, for whoever makes users at a broker of their own; the Job needs more."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in services():
        for right in rights(one):
            kind, name, pattern = (right["resource"][key] for key in ("type", "name", "patternType"))
            what = f"{kind}s that begin with" if pattern == "prefix" else f"{kind}s"
            found.setdefault((one.name, f"{', '.join(right['operations'])} on {what}"), []).append(f"`{name}`")
    rows = [f"| `{user}` | {operations} | {', '.join(on)} |" for (user, operations), on in found.items()]
    job = f"| `{TOPICS_SERVICE}`, for the Job `topics` | {', '.join(OF_THE_TOPICS_JOB)} on topics | all of these |"
    return "\n".join(["| user | may | which |", "| --- | --- | --- |", *rows, job])


def scaled_objects() -> list[Object]:
    """How the scaler signs in, and a ScaledObject for each stream role: replicas by lag, up to one for a partition."""
    return [_sign_in(), *(_scaled(one) for one in services() if one.reads)]


def scaler() -> Object:
    """The scaler's KafkaUser: it may see where topics end and how far consumers are, and reads nothing."""
    seen = sorted({one.name for service in services() for one in service.reads})
    acls = [_right("topic", name, ["Describe"]) for name in seen]
    acls += [_right("group", f"{one.name}.", ["Describe"], "prefix") for one in services() if one.reads]
    password = {"valueFrom": {"secretKeyRef": {"name": f"{SCALER}-kafka", "key": "password"}}}
    return _resource("KafkaUser", SCALER, "identity") | {
        "spec": {
            "authentication": {"type": "scram-sha-512", "password": password},
            "authorization": {"type": "simple", "acls": acls},
        }
    }


def scaler_trusts_cluster() -> list[Object]:
    """The patch with which the scaler trusts the certificates that Strimzi makes."""
    authority = {"parameter": "ca", "name": f"{CLUSTER}-cluster-ca-cert", "key": "ca.crt"}
    return [{"op": "add", "path": "/spec/secretTargetRef/-", "value": authority}]


def _user(service: Service) -> Object:
    return _resource("KafkaUser", service.name, "identity") | {
        "spec": {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {"type": "simple", "acls": rights(service)},
        }
    }


def _right(kind: str, name: str, operations: list[str], pattern: str = "literal") -> Object:
    return {
        "resource": {"type": kind, "name": name, "patternType": pattern},
        "operations": operations,
        "host": "*",
    }


def _resource(kind: str, name: str, component: str) -> Object:
    return {
        "apiVersion": "kafka.strimzi.io/v1beta2",
        "kind": kind,
        "metadata": {"name": name, "labels": {**labels(name, component), "strimzi.io/cluster": CLUSTER}},
    }


def _sign_in() -> Object:
    keys = [{"parameter": key, "name": f"{SCALER}-kafka", "key": key} for key in ("username", "password")]
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "TriggerAuthentication",
        "metadata": {"name": f"{SCALER}-kafka", "labels": labels(SCALER, "identity")},
        "spec": {"secretTargetRef": keys},
    }


def _scaled(service: Service) -> Object:
    triggers = [
        {
            "type": "kafka",
            "metadata": {
                "bootstrapServersFromEnv": "KAFKA_BOOTSTRAP",
                "consumerGroup": f"{service.name}.{consumer}.1",
                "topic": one.name,
                "lagThreshold": str(LAG_PER_REPLICA),
                "offsetResetPolicy": "earliest",
                "allowIdleConsumers": "false",
                "sasl": "scram_sha512",
                "tls": "enable",
            },
            "authenticationRef": {"name": f"{SCALER}-kafka"},
        }
        for one in service.reads
        for reader, consumer in one.consumers
        if reader == service.name
    ]
    name = workload_name(service, "stream")
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": name, "labels": labels(service.name, "stream")},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name},
            "minReplicaCount": REPLICAS,
            "maxReplicaCount": max(one.partitions for one in service.reads),
            "cooldownPeriod": 600,
            "triggers": triggers,
        },
    }
