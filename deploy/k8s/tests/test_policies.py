"""Each policy turns red when what it forbids is planted; a policy that nothing can violate would prove nothing."""

from copy import deepcopy
from pathlib import Path

import pytest
from checks import build, pods, policies
from manifests import tree
from manifests.parts import Object

from .violations import PLANTED, of_first, without


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_found(production: tuple[Object, ...], name: str) -> None:
    """Production keeps the policy, and does not once this is planted."""
    policy, plant = PLANTED[name]
    objects = [*deepcopy(production)]
    before = list(policy(objects))
    plant(objects)
    found = list(policy(objects))
    assert before == []
    assert found != []


def test_every_policy_has_a_planted_violation() -> None:
    assert {policy for policy, _ in PLANTED.values()} == set(policies.IN_PRODUCTION)


def test_a_stream_without_an_owner_is_found(production: tuple[Object, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    orphan = tree.Stream("orphans", "Nobody's.", 1, ("programme", "training"), (), {})
    monkeypatch.setattr(policies, "streams", lambda: (orphan,))
    assert "orphans: owned by programme, training" in list(policies.every_topic_has_an_owner(production))


@pytest.mark.parametrize(
    "path",
    [
        ("kafka", "template", "pod", "securityContext"),
        ("kafka", "template", "kafkaContainer", "securityContext", "allowPrivilegeEscalation"),
        ("kafka", "template", "initContainer", "securityContext", "capabilities"),
        ("entityOperator", "template"),
        ("entityOperator", "template", "userOperatorContainer"),
    ],
    ids=".".join,
)
def test_a_pod_that_the_operator_could_not_start_is_found(tools: Path, path: tuple[str, ...]) -> None:
    """Its namespace enforces the restricted standard, and the operator sets nothing of it by itself."""
    objects = deepcopy([*build.overlay("staging")])
    assert list(pods.nothing_is_privileged(objects)) == []
    without(of_first("Kafka"), "spec", *path)(objects)
    assert all(line.startswith("Kafka/amplify/") for line in pods.nothing_is_privileged(objects))
    assert list(pods.nothing_is_privileged(objects)) != []
