"""What each policy forbids, planted into a rendering of production."""

from collections.abc import Callable, Sequence
from typing import Any

from checks import applying, network, pods, policies
from checks.objects import of_kind
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


def _policies(objects: Sequence[Object]) -> list[Any]:
    return [one["spec"] for one in of_kind(objects, "NetworkPolicy")]


def _every_port_wrong(objects: list[Object]) -> None:
    for spec in _policies(objects):
        for rule in [*spec.get("ingress", []), *spec.get("egress", [])]:
            for port in rule["ports"]:
                port["port"] = 1


def _let(rules: dict[str, Any]) -> Plant:
    """One more policy, for every pod."""

    def plant(objects: list[Object]) -> None:
        spec = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], **rules}
        objects.append({"kind": "NetworkPolicy", "metadata": {"name": "more"}, "spec": spec})

    return plant


def _no_ways(objects: list[Object]) -> None:
    kept = [one for one in objects if not one["metadata"]["name"].startswith(("way-to-", "look-up-"))]
    objects[:] = kept


def _pods(component: str) -> Callable[[Sequence[Object]], Any]:
    """The template of the first workload of ours with a role."""
    return lambda objects: next(
        one["spec"]["template"]
        for one in of_kind(objects, "Deployment")
        if one["metadata"]["labels"]["app.kubernetes.io/component"] == component
    )


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


def without(find: Callable[[Sequence[Object]], Any], *path: Any) -> Plant:
    def plant(objects: list[Object]) -> None:
        target = find(objects)
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return plant


def of_first(kind: str, number: int = 0) -> Callable[[Sequence[Object]], Any]:
    return lambda objects: of_kind(objects, kind)[number]


PLANTED: dict[str, tuple[policies.Policy, Plant]] = {
    "privileged": (pods.nothing_is_privileged, _set(_container, "securityContext", "privileged", to=True)),
    "escalation": (pods.nothing_is_privileged, without(_container, "securityContext", "allowPrivilegeEscalation")),
    "root": (pods.nothing_is_privileged, _set(_pod, "securityContext", "runAsNonRoot", to=False)),
    "writable root": (
        pods.nothing_is_privileged,
        _set(_container, "securityContext", "readOnlyRootFilesystem", to=False),
    ),
    "capabilities": (pods.nothing_is_privileged, without(_container, "securityContext", "capabilities")),
    "seccomp": (pods.nothing_is_privileged, without(_pod, "securityContext", "seccompProfile")),
    "root in a container": (
        pods.nothing_is_privileged,
        _set(_container, "securityContext", "runAsUser", to=0),
    ),
    "root allowed in a container": (
        pods.nothing_is_privileged,
        _set(_container, "securityContext", "runAsNonRoot", to=False),
    ),
    "no seccomp in a container": (
        pods.nothing_is_privileged,
        _set(_container, "securityContext", "seccompProfile", to={"type": "Unconfined"}),
    ),
    "all of /proc": (pods.nothing_is_privileged, _set(_container, "securityContext", "procMount", to="Unmasked")),
    "host port": (pods.nothing_is_privileged, _set(_container, "ports", 0, "hostPort", to=80)),
    "host network": (pods.nothing_is_privileged, _set(_pod, "hostNetwork", to=True)),
    "host path": (
        pods.nothing_is_privileged,
        _set(_pod, "volumes", 0, to={"name": "x", "hostPath": {"path": "/"}}),
    ),
    "no limit": (pods.every_container_has_limits, without(_container, "resources", "limits", "memory")),
    "no request": (pods.every_container_has_limits, without(_container, "resources", "requests")),
    "no startup": (pods.every_workload_is_probed, without(_container, "startupProbe")),
    "no readiness": (pods.every_workload_is_probed, without(_container, "readinessProbe")),
    "no liveness": (pods.every_workload_is_probed, without(_container, "livenessProbe")),
    "a command instead of readiness": (
        pods.every_workload_is_probed,
        _set(_container, "readinessProbe", to={"exec": True}),
    ),
    "liveness of nothing": (
        pods.every_workload_is_probed,
        _set(_container, "livenessProbe", "httpGet", "path", to="/nonsense"),
    ),
    "liveness as readiness": (
        pods.every_workload_is_probed,
        _set(_container, "readinessProbe", "httpGet", "path", to="/live"),
    ),
    "probed at no port": (
        pods.every_workload_is_probed,
        _set(_container, "startupProbe", "httpGet", "port", to="metric"),
    ),
    "no budget": (
        policies.every_workload_has_a_disruption_budget,
        lambda objects: _drop(objects, "PodDisruptionBudget", "programme-grpc"),
    ),
    "budget that blocks": (
        policies.every_workload_has_a_disruption_budget,
        _set(of_first("PodDisruptionBudget"), "spec", "maxUnavailable", to=0),
    ),
    "no default deny": (
        network.all_is_denied_by_default,
        lambda objects: _drop(objects, "NetworkPolicy", "deny-all"),
    ),
    "all allowed": (network.strangers_are_kept_out, _let({"ingress": [{}], "egress": [{}]})),
    "all let in": (network.strangers_are_kept_out, _let({"ingress": [{"from": [{"podSelector": {}}]}]})),
    "all let out": (network.strangers_are_kept_out, _let({"egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]})),
    "another namespace let in": (
        network.strangers_are_kept_out,
        _let({"ingress": [{"from": [{"namespaceSelector": {}}], "ports": [{"port": 50051}]}]}),
    ),
    "service of nobody": (
        network.whoever_is_served_gets_in,
        _set(of_first("Service"), "spec", "selector", to={"app.kubernetes.io/name": "stranger"}),
    ),
    "gateway shut out": (
        network.whoever_is_served_gets_in,
        lambda objects: _drop(objects, "NetworkPolicy", "console-web"),
    ),
    "collector shut out": (
        network.whoever_is_served_gets_in,
        lambda objects: _drop(objects, "NetworkPolicy", "scraped-by-collector"),
    ),
    "wrong ports": (network.no_call_is_missing_a_way, _every_port_wrong),
    "wrong ports for names": (network.names_can_be_looked_up, _every_port_wrong),
    "wrong ports to serve": (network.whoever_is_served_gets_in, _every_port_wrong),
    "no ways": (network.no_call_is_missing_a_way, _no_ways),
    "no names": (network.names_can_be_looked_up, _no_ways),
    "relay without its way": (
        network.no_call_is_missing_a_way,
        without(_pods("relay"), "metadata", "labels", "amplify.uses/kafka"),
    ),
    "call of another port": (
        network.no_call_is_missing_a_way,
        lambda objects: next(one for one in of_kind(objects, "Service") if one["metadata"]["name"] == "programme")[
            "spec"
        ]["ports"][0].update(port=50052),
    ),
    "caller shut in": (
        network.no_call_is_missing_a_way,
        lambda objects: _drop(objects, "NetworkPolicy", "console-calls"),
    ),
    "callee shut": (
        network.no_call_is_missing_a_way,
        lambda objects: _drop(objects, "NetworkPolicy", "programme-grpc"),
    ),
    "foreign writer": (policies.every_topic_has_an_owner, _foreign_writer),
    "stray topic": (
        policies.every_topic_has_an_owner,
        lambda objects: objects.append({"kind": "KafkaTopic", "metadata": {"name": "nobodys"}}),
    ),
    "latest": (policies.every_image_names_a_release, _set(_container, "image", to="registry.example:5000/x:latest")),
    "no tag": (policies.every_image_names_a_release, _set(_container, "image", to="registry.example:5000/x")),
    "token": (pods.no_pod_holds_a_token, without(_pod, "automountServiceAccountToken")),
    "default identity": (pods.no_pod_holds_a_token, without(_pod, "serviceAccountName")),
    "secret variable": (
        policies.secrets_are_files,
        _set(_container, "env", to=[{"name": "X", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]),
    ),
    "secret in the open": (policies.secrets_are_files, _set(_settings, "OIDC_CLIENT_SECRET", to="hunter2")),
    "connection string in a variable": (
        policies.secrets_are_files,
        _set(_container, "env", to=[{"name": "MONGODB_URI", "value": "mongodb://amplify:hunter2@db.example"}]),
    ),
    "password in an address": (
        policies.secrets_are_files,
        _set(_container, "env", to=[{"name": "PROXY", "value": "http://amplify:hunter2@proxy.example"}]),
    ),
    "short grace": (policies.a_drain_has_time, _set(_pod, "terminationGracePeriodSeconds", to=30)),
    "no pause": (policies.a_drain_has_time, without(_container, "lifecycle")),
    "no label": (
        applying.everything_is_labelled,
        without(of_first("Service"), "metadata", "labels", "app.kubernetes.io/part-of"),
    ),
    "no label on a pod": (
        applying.everything_is_labelled,
        without(_pods("relay"), "metadata", "labels", "app.kubernetes.io/part-of"),
    ),
    "no version on a pod": (
        applying.everything_is_labelled,
        without(_pods("relay"), "metadata", "labels", "app.kubernetes.io/version"),
    ),
    "no manager": (
        applying.an_installation_has_a_name,
        without(of_first("Service"), "metadata", "labels", "app.kubernetes.io/managed-by"),
    ),
    "unlabelled settings": (
        applying.everything_is_labelled,
        without(of_first("ConfigMap"), "metadata", "labels", "app.kubernetes.io/name"),
    ),
    "settings left out": (
        applying.a_service_can_be_applied_alone,
        _set(_settings_object, "metadata", "labels", "app.kubernetes.io/name", to="elsewhere"),
    ),
    "selector with release": (
        applying.everything_is_labelled,
        _set(of_first("Deployment"), "spec", "selector", "matchLabels", "app.kubernetes.io/version", to="1"),
    ),
    "set beside a scaler": (
        applying.a_scaler_rules_alone,
        lambda objects: next(one for one in of_kind(objects, "Deployment") if one["metadata"]["name"] == "console")[
            "spec"
        ].update(replicas=3),
    ),
    "not spread": (policies.replicas_are_spread, without(_pod, "topologySpreadConstraints")),
    "one address": (
        policies.callers_see_every_replica,
        lambda objects: next(one for one in of_kind(objects, "Service") if one["metadata"]["name"] == "programme")[
            "spec"
        ].pop("clusterIP"),
    ),
    "door of another name": (
        applying.the_doors_bear_the_public_name,
        _set(of_first("Gateway"), "spec", "listeners", 1, "hostname", to="partners.elsewhere.example"),
    ),
    "route of another name": (
        applying.the_doors_bear_the_public_name,
        _set(of_first("HTTPRoute"), "spec", "hostnames", 0, to="elsewhere.example"),
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
        _set(of_first("HorizontalPodAutoscaler"), "spec", "minReplicas", to=1),
    ),
}
