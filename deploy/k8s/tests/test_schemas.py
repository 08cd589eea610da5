"""The validation itself finds what an API server would refuse or drop."""

from copy import deepcopy
from typing import Any

import pytest
from checks import build
from checks.objects import of_kind
from checks.schemas import Schemas, strict
from manifests.parts import Object


def _first(kind: str) -> Object:
    for overlay in build.OVERLAYS:
        found = of_kind(build.overlay(overlay), kind)
        if found:
            return deepcopy(found[0])
    return deepcopy(of_kind(build.combined(("keda",)), kind)[0])


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("Deployment", "replicaz", 3),
        ("Deployment", "replicas", "three"),
        ("StatefulSet", "serviceNam", "x"),
        ("NetworkPolicy", "podSelektor", {}),
        ("PodDisruptionBudget", "maxUnavailabel", 1),
        ("HorizontalPodAutoscaler", "minReplicas", "one"),
        ("HTTPRoute", "hostname", "x"),
        ("GRPCRoute", "rulez", []),
        ("Gateway", "gatewayClassName", 7),
        ("KafkaTopic", "partitions", 0),
        ("KafkaUser", "authentification", {}),
        ("KafkaNodePool", "roles", ["brokr"]),
        ("Kafka", "kafka", {"listenerz": []}),
        ("ScaledObject", "triggerz", []),
        ("TriggerAuthentication", "secretTargetRev", []),
    ],
)
def test_a_wrong_field_is_found(schemas: Schemas, kind: str, field: str, value: Any) -> None:
    found = _first(kind)
    assert schemas.problems(found) == []
    found["spec"][field] = value
    problems = schemas.problems(found)
    assert problems
    assert all(line.startswith(f"{kind}/") for line in problems)


def test_an_unknown_kind_is_found(schemas: Schemas) -> None:
    one: Object = {"apiVersion": "example.org/v1", "kind": "Wish", "metadata": {"name": "x"}}
    assert schemas.problems(one) == ["Wish/x: no schema for example.org/v1 Wish"]


def test_what_a_definition_leaves_open_stays_open() -> None:
    """`x-kubernetes-preserve-unknown-fields` means what it says, and an embedded object may name itself."""
    schema = {
        "type": "object",
        "properties": {
            "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            "both": {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]},
            "none": {"type": "string", "nullable": True},
        },
    }
    made = strict(schema, root=True)
    assert made["additionalProperties"] is False
    assert "additionalProperties" not in made["properties"]["free"]
    assert "type" not in made["properties"]["both"]
    assert made["properties"]["none"]["type"] == ["string", "null"]
    assert "metadata" in made["properties"]
