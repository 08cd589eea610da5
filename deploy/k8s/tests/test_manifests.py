"""Every overlay and combination builds, is valid by the schemas of its kinds, and keeps every policy."""

import re
from pathlib import Path

import pytest
from checks import build
from checks.objects import configuration, containers, of_kind, pods_of, workloads
from checks.policies import ALWAYS, IN_OVERLAYS, IN_PRODUCTION, Policy
from checks.schemas import Schemas
from manifests.configuration import secret_keys
from manifests.parts import SECRETS_DIR, Object
from manifests.tree import K8S, Service, services
from manifests.writing import differences

from chassis.settings import load


def test_what_is_generated_is_current() -> None:
    """`python deploy/k8s/generate.py` writes it."""
    stale, left_over = differences()
    assert [str(path) for path in (*stale, *left_over)] == []


@pytest.mark.parametrize("overlay", build.OVERLAYS)
def test_an_overlay_is_valid(schemas: Schemas, overlay: str) -> None:
    assert [line for one in build.overlay(overlay) for line in schemas.problems(one)] == []


@pytest.mark.parametrize("components", build.sets(), ids=lambda names: "+".join(names))
def test_a_combination_is_valid(schemas: Schemas, components: tuple[str, ...]) -> None:
    """Base with each component, each pair, and all at once: valid, and within every policy."""
    objects = build.combined(components)
    assert [line for one in objects for line in schemas.problems(one)] == []
    assert [line for policy in ALWAYS for line in policy(objects)] == []


@pytest.mark.parametrize(("overlay", "component"), build.additions(), ids=lambda name: name)
def test_an_overlay_takes_each_other_component(schemas: Schemas, overlay: str, component: str) -> None:
    """Beside those it has; without `own-images`, its brokers and databases are the official ones."""
    objects = build.extended(overlay, component)
    assert [line for one in objects for line in schemas.problems(one)] == []
    assert [line for policy in IN_OVERLAYS for line in policy(objects)] == []
    images = {container["image"] for _, pod in pods_of(objects) for container in containers(pod)}
    own = any(image.startswith(("amplify/kafka:", "amplify/mongodb:")) for image in images)
    assert own == (component == "own-images" and overlay == "dev")


@pytest.mark.parametrize("overlay", build.OVERLAYS)
def test_the_namespace_beside_an_overlay_is_its_own_and_restricted(schemas: Schemas, overlay: str) -> None:
    """It is applied first; the standard is enforced by the cluster too."""
    found = build.namespace(overlay)
    assert schemas.problems(found) == []
    assert {one["metadata"]["namespace"] for one in build.overlay(overlay)} == {found["metadata"]["name"]}
    assert found["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("overlay", build.OVERLAYS)
@pytest.mark.parametrize("policy", IN_PRODUCTION, ids=lambda policy: policy.__name__)
def test_a_policy_is_kept(overlay: str, policy: Policy) -> None:
    if policy in IN_OVERLAYS or overlay == "production":
        assert list(policy(build.overlay(overlay))) == []


@pytest.mark.parametrize("overlay", build.OVERLAYS)
@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_the_programs_accept_their_settings(
    overlay: str, service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What each pod would find in its variables and the secret files that it mounts is read by its settings class."""
    objects = build.overlay(overlay)
    own = configuration(objects, f"{service.name}-settings")
    values = configuration(objects, "platform-settings") | own
    known = {field.upper() for field in service.fields}
    assert set(own) <= known, "a variable that no program reads"
    started = [pod for _, pod in pods_of(objects) if pod["containers"][0]["name"] == service.name]
    # Where an operator makes the users, nobody writes their passwords into a Secret of ours.
    made = set(secret_keys(service)) - ({"KAFKA_PASSWORD"} if of_kind(objects, "KafkaUser") else set())
    assert len(started) >= len(service.roles) + (not service.is_web), "each role and the migration"
    for pod in started:
        folder = tmp_path_factory.mktemp("secrets")
        for file, key in secret_files(pod, service, made).items():
            (folder / file).write_text(
                "mongodb://db" if key == "MONGODB_URI" else "a-secret-of-this-test-that-is-long-enough-for-all"
            )
        for name in known:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value.replace(SECRETS_DIR, str(folder)))
        settings = load(service.settings)
        assert settings.mongodb_uri == "mongodb://db", pod["containers"][0]["args"]
        authority = settings.kafka_ca_file if settings.kafka_security.endswith("SSL") else None
        for path in (authority, settings.secret_key_file):
            assert path is None or path.is_file(), pod["containers"][0]["args"]


def secret_files(pod: Object, service: Service, made: set[str]) -> dict[str, str]:
    """The secret files that a pod finds, each with its key, where the service's own Secret has what was `made`."""
    (volume,) = [one for one in pod["volumes"] if one["name"] == "secrets"]
    (mount,) = [one for one in pod["containers"][0]["volumeMounts"] if one["name"] == "secrets"]
    assert mount["mountPath"] == SECRETS_DIR
    found: dict[str, str] = {}
    for source in [one["secret"] for one in volume["projected"]["sources"]]:
        if "items" in source:
            found |= {one["path"]: one["key"] for one in source["items"]}
        else:
            assert source["name"].startswith(f"{service.name}-secrets")
            found |= {key: key for key in made}
    return found


@pytest.mark.parametrize("overlay", build.OVERLAYS)
def test_a_shared_setting_is_some_program_s(overlay: str) -> None:
    """A misspelt name would be passed over by every program."""
    known = {field.upper() for service in services() for field in service.fields}
    assert set(configuration(build.overlay(overlay), "platform-settings")) <= known


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_each_role_runs(dev: tuple[object, ...], service: Service) -> None:
    """A workload for each role, and what it starts is a role that the program knows."""
    from chassis.service import ROLES

    started = [
        container["args"]
        for one in workloads(build.overlay("dev"))
        for container in one["spec"]["template"]["spec"]["containers"]
        if container["name"] == service.name
    ]
    assert sorted(args[0] for args in started) == [service.package] * len(service.roles)
    assert all(len(args) == 1 or args[1] in ROLES for args in started)


def test_the_broker_s_users_follow_the_registry(schemas: Schemas) -> None:
    """Whoever consumes a stream may read it; nobody else may."""
    users = {one["metadata"]["name"]: one for one in of_kind(build.overlay("staging"), "KafkaUser")}
    for service in services():
        if service.name not in users:
            assert not service.reads
            assert not service.writes
            continue
        rights = users[service.name]["spec"]["authorization"]["acls"]
        readable = {one["resource"]["name"] for one in rights if one["resource"]["type"] == "topic"}
        assert readable == {one.name for one in (*service.reads, *service.writes)}


def test_the_readme_names_the_rights_at_any_broker(tools: Path) -> None:
    """Each topic of each user of `components/strimzi`, with its operations, and what the Job needs that makes them."""
    rows = [line.split(" | ") for line in (K8S / "README.md").read_text().splitlines() if line.startswith("| `")]
    for user in of_kind(build.overlay("staging"), "KafkaUser"):
        for right in user["spec"]["authorization"]["acls"]:
            name, may = f"`{right['resource']['name']}`", f"{', '.join(right['operations'])} on "
            mine = [row for row in rows if row[0] == f"| `{user['metadata']['name']}`"]
            assert any(name in row[-1] and row[1].startswith(may) for row in mine), (name, may)
    (job,) = [one for one in of_kind(build.overlay("dev"), "Job") if "topics" in one["metadata"]["name"]]
    user = job["spec"]["template"]["spec"]["serviceAccountName"]
    assert any(row[0].startswith(f"| `{user}`, for the Job `topics`") and "Create" in row[1] for row in rows)


def test_the_scaler_sees_every_group_that_it_watches_and_reads_nothing(tools: Path) -> None:
    """It signs in, over TLS; a component that scales by lag keeps three where three outlive a node."""
    objects = build.combined(("strimzi", "high-availability", "keda", "keda-strimzi"))
    (user,) = [one for one in of_kind(objects, "KafkaUser") if one["metadata"]["name"] == "keda"]
    rights = user["spec"]["authorization"]["acls"]
    assert {operation for one in rights for operation in one["operations"]} == {"Describe"}
    topics = {one["resource"]["name"] for one in rights if one["resource"]["type"] == "topic"}
    groups = [one["resource"]["name"] for one in rights if one["resource"]["type"] == "group"]
    (sign_in,) = of_kind(objects, "TriggerAuthentication")
    assert {one["parameter"] for one in sign_in["spec"]["secretTargetRef"]} == {"username", "password", "ca"}
    for scaled in of_kind(objects, "ScaledObject"):
        assert scaled["spec"]["minReplicaCount"] == 3
        for trigger in scaled["spec"]["triggers"]:
            assert trigger["authenticationRef"]["name"] == sign_in["metadata"]["name"]
            assert (trigger["metadata"]["sasl"], trigger["metadata"]["tls"]) == ("scram_sha512", "enable")
            assert trigger["metadata"]["topic"] in topics
            assert any(trigger["metadata"]["consumerGroup"].startswith(group) for group in groups)


def _sizing() -> dict[str, tuple[int, int]]:
    """For each role of the README's table of measured figures: the most memory (MiB) and processor (thousandths)."""
    table = (K8S / "README.md").read_text().partition("<!-- sizing -->")[2].partition("<!-- end of sizing -->")[0]
    rows = re.findall(r"^\| (?:a `(\w+)` role|console) \|(.*)\|$", table, re.MULTILINE)
    return {
        role or "web": (max(map(int, re.findall(r"(\d+) MiB", row))), max(map(int, re.findall(r"(\d+) m\b", row))))
        for role, row in rows
    }


def test_requests_stand_above_what_was_measured(production: tuple[Object, ...]) -> None:
    """And an autoscaler does not add replicas below the load that one of them was seen to carry."""
    measured = _sizing()
    assert set(measured) == {role for service in services() for role in service.roles}
    busy = {one["spec"]["scaleTargetRef"]["name"]: one for one in of_kind(production, "HorizontalPodAutoscaler")}
    for one in workloads(production):
        role = one["metadata"]["labels"]["app.kubernetes.io/component"]
        if role in measured:
            (container,) = one["spec"]["template"]["spec"]["containers"]
            requests, (memory, processor) = container["resources"]["requests"], measured[role]
            assert int(requests["memory"].removesuffix("Mi")) > memory, one["metadata"]["name"]
            assert int(requests["cpu"].removesuffix("m")) > processor, one["metadata"]["name"]
            if one["metadata"]["name"] in busy:
                (metric,) = busy[one["metadata"]["name"]]["spec"]["metrics"]
                percent = metric["resource"]["target"]["averageUtilization"]
                assert int(requests["cpu"].removesuffix("m")) * percent / 100 > processor, one["metadata"]["name"]


def test_dev_fits_two_processors_and_eight_gibibytes(dev: tuple[Object, ...]) -> None:
    """What it asks for, jobs that end left aside."""
    pods = [one["spec"]["template"]["spec"] for one in workloads(dev)]
    requests = [container["resources"]["requests"] for pod in pods for container in pod["containers"]]
    assert sum(int(one["cpu"].removesuffix("m")) for one in requests) < 2000
    assert sum(int(one["memory"].removesuffix("Mi")) for one in requests) < 8 * 1024
