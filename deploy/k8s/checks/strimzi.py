"""The pods that the Strimzi operator makes, as far as the templates of a Kafka cluster say what they are."""

from collections.abc import Iterator, Sequence

from manifests.parts import Object

from checks.objects import named, of_kind

PODS = {
    "kafka": ("kafkaContainer", "initContainer"),
    "entityOperator": ("topicOperatorContainer", "userOperatorContainer"),
}
"""The containers of each kind of pod; `initContainer` looks up the rack."""


def unrestricted(objects: Sequence[Object]) -> Iterator[str]:
    """What the Pod Security Standard `restricted` would refuse, for an operator sets nothing of it by itself."""
    for cluster in of_kind(objects, "Kafka"):
        for part, names in PODS.items():
            template = cluster["spec"][part].get("template", {})
            security = template.get("pod", {}).get("securityContext", {})
            if security.get("runAsNonRoot") is not True:
                yield f"{named(cluster)}/{part}: may run as root"
            if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
                yield f"{named(cluster)}/{part}: no seccomp profile"
            for name in names:
                own = template.get(name, {}).get("securityContext", {})
                if own.get("privileged") or own.get("allowPrivilegeEscalation") is not False:
                    yield f"{named(cluster)}/{part}/{name}: may gain privileges"
                if own.get("capabilities") != {"drop": ["ALL"]}:
                    yield f"{named(cluster)}/{part}/{name}: keeps capabilities"
