"""Each policy turns red when what it forbids is planted; a policy that nothing can violate would prove nothing."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from checks import applying, build, policies
from checks.objects import of_kind
from manifests import tree
from manifests.parts import Object

Plant = Callable[[list[Object]], None]


def _pod(objects: Sequence[Object]) -> Any:
    return of_kind(objects, "Deployment")[0]["spec"]["template"]["spec"]


def _container(objects: Sequence[Object]) -> Any:
    return _pod(objects)["containers"][0]


def _settings_object(objects: Sequence[Object]) -> Any:
    return next(one for one in of_kind(objects, "ConfigMap") if one["metadata"]["name"].startswith("platform-"))


def _settings(objects: Sequence[Object]) -> Any:
    return _settings_object(objects)["data"]


def _drop(objects: list[Object], kind: str, name: str) -> None:
    objects[:] = [one for one in objects if not (one["kind"] == kind and one["metadata"]["name"] == name)]


def _foreign_writer(objects: list[Object]) -> None:
    right = {"resource": {"type": "topic", "name": "programme-factories"}, "operations": ["Write"]}
    spec = {"authorization": {"type": "simple", "acls": [right]}}
    objects.append({"kind": "KafkaUser", "metadata": {"name": "training"}, "spec": spec})


def _set(find: Callable[[Sequence[Object]], Any], *path: Any, to: Any) -> Plant:
    def plant(objects: list[Object]) -> None:
        target = find(objects)
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = to

    return plant


def _without(find: Callable[[Sequence[Object]], Any], *path: Any) -> Plant:
    def plant(objects: list[Object]) -> None:
        target = find(objects)
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return plant


def _of(kind: str, number: int = 0) -> Callable[[Sequence[Object]], Any]:
    return lambda objects: of_kind(objects, kind)[number]


PLANTED: dict[str, tuple[policies.Policy, Plant]] = {
    "privileged": (policies.nothing_is_privileged, _set(_container, "securityContext", "privileged", to=True)),
    "escalation": (policies.nothing_is_privileged, _without(_container, "securityContext", "allowPrivilegeEscalation")),
    "root": (policies.nothing_is_privileged, _set(_pod, "securityContext", "runAsNonRoot", to=False)),
    "writable root": (
        policies.nothing_is_privileged,
        _set(_container, "securityContext", "readOnlyRootFilesystem", to=False),
    ),
    "capabilities": (policies.nothing_is_privileged, _without(_container, "securityContext", "capabilities")),
    "seccomp": (policies.nothing_is_privileged, _without(_pod, "securityContext", "seccompProfile")),
    "host network": (policies.nothing_is_privileged, _set(_pod, "hostNetwork", to=True)),
    "host path": (
        policies.nothing_is_privileged,
        _set(_pod, "volumes", 0, to={"name": "x", "hostPath": {"path": "/"}}),
    ),
    "no limit": (policies.every_container_has_limits, _without(_container, "resources", "limits", "memory")),
    "no request": (policies.every_container_has_limits, _without(_container, "resources", "requests")),
    "no startup": (policies.every_workload_is_probed, _without(_container, "startupProbe")),
    "no readiness": (policies.every_workload_is_probed, _without(_container, "readinessProbe")),
    "no liveness": (policies.every_workload_is_probed, _without(_container, "livenessProbe")),
    "no budget": (
        policies.every_workload_has_a_disruption_budget,
        lambda objects: _drop(objects, "PodDisruptionBudget", "programme-grpc"),
    ),
    "budget that blocks": (
        policies.every_workload_has_a_disruption_budget,
        _set(_of("PodDisruptionBudget"), "spec", "maxUnavailable", to=0),
    ),
    "no default deny": (
        policies.every_service_has_a_network_policy,
        lambda objects: _drop(objects, "NetworkPolicy", "deny-all"),
    ),
    "open service": (
        policies.every_service_has_a_network_policy,
        _set(_of("Service"), "spec", "selector", to={"app.kubernetes.io/name": "stranger"}),
    ),
    "caller shut in": (
        policies.no_call_is_missing_a_way,
        lambda objects: _drop(objects, "NetworkPolicy", "console-calls"),
    ),
    "callee shut": (
        policies.no_call_is_missing_a_way,
        lambda objects: _drop(objects, "NetworkPolicy", "programme-grpc"),
    ),
    "foreign writer": (policies.every_topic_has_an_owner, _foreign_writer),
    "stray topic": (
        policies.every_topic_has_an_owner,
        lambda objects: objects.append({"kind": "KafkaTopic", "metadata": {"name": "nobodys"}}),
    ),
    "latest": (policies.every_image_names_a_release, _set(_container, "image", to="registry.example:5000/x:latest")),
    "no tag": (policies.every_image_names_a_release, _set(_container, "image", to="registry.example:5000/x")),
    "token": (policies.no_pod_holds_a_token, _without(_pod, "automountServiceAccountToken")),
    "default identity": (policies.no_pod_holds_a_token, _without(_pod, "serviceAccountName")),
    "secret variable": (
        policies.secrets_are_files,
        _set(_container, "env", to=[{"name": "X", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]),
    ),
    "secret in the open": (policies.secrets_are_files, _set(_settings, "OIDC_CLIENT_SECRET", to="hunter2")),
    "short grace": (policies.a_drain_has_time, _set(_pod, "terminationGracePeriodSeconds", to=30)),
    "no pause": (policies.a_drain_has_time, _without(_container, "lifecycle")),
    "no label": (
        applying.everything_is_labelled,
        _without(_of("Service"), "metadata", "labels", "app.kubernetes.io/part-of"),
    ),
    "unlabelled settings": (
        applying.everything_is_labelled,
        _without(_of("ConfigMap"), "metadata", "labels", "app.kubernetes.io/name"),
    ),
    "settings left out": (
        applying.a_service_can_be_applied_alone,
        _set(_settings_object, "metadata", "labels", "app.kubernetes.io/name", to="elsewhere"),
    ),
    "selector with release": (
        applying.everything_is_labelled,
        _set(_of("Deployment"), "spec", "selector", "matchLabels", "app.kubernetes.io/version", to="1"),
    ),
    "set beside a scaler": (
        applying.a_scaler_rules_alone,
        lambda objects: next(one for one in of_kind(objects, "Deployment") if one["metadata"]["name"] == "console")[
            "spec"
        ].update(replicas=3),
    ),
    "not spread": (policies.replicas_are_spread, _without(_pod, "topologySpreadConstraints")),
    "one address": (
        policies.callers_see_every_replica,
        lambda objects: next(one for one in of_kind(objects, "Service") if one["metadata"]["name"] == "programme")[
            "spec"
        ].pop("clusterIP"),
    ),
    "door of another name": (
        applying.the_doors_bear_the_public_name,
        _set(_of("Gateway"), "spec", "listeners", 1, "hostname", to="partners.elsewhere.example"),
    ),
    "route of another name": (
        applying.the_doors_bear_the_public_name,
        _set(_of("HTTPRoute"), "spec", "hostnames", 0, to="elsewhere.example"),
    ),
    "namespace": (
        applying.namespaces_stay,
        lambda objects: objects.append({"kind": "Namespace", "metadata": {"name": "amplify-production"}}),
    ),
    "development identity": (policies.production_is_strict, _set(_settings, "DEVELOPMENT_IDENTITY", to="true")),
    "fail points": (policies.production_is_strict, _set(_settings, "FAIL_POINTS", to="relay.sent=kill")),
    "not production": (policies.production_is_strict, _set(_settings, "ENVIRONMENT", to="development")),
    "plain issuer": (policies.production_is_strict, _set(_settings, "OIDC_ISSUER", to="http://identity")),
    "secret in the repository": (
        policies.production_is_strict,
        lambda objects: objects.append({"kind": "Secret", "metadata": {"name": "console-secrets"}}),
    ),
    "development image": (policies.production_is_strict, _set(_container, "image", to="amplify/development:1")),
    "too few": (
        policies.production_is_strict,
        _set(_of("HorizontalPodAutoscaler"), "spec", "minReplicas", to=1),
    ),
}


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
    assert list(policies.nothing_is_privileged(objects)) == []
    _without(_of("Kafka"), "spec", *path)(objects)
    assert all(line.startswith("Kafka/amplify/") for line in policies.nothing_is_privileged(objects))
    assert list(policies.nothing_is_privileged(objects)) != []
