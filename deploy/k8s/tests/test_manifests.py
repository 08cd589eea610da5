"""Every overlay and combination builds, is valid by the schemas of its kinds, and keeps every policy."""

import pytest
from checks import build
from checks.objects import configuration, of_kind, workloads
from checks.policies import ALWAYS, IN_PRODUCTION, Policy
from checks.schemas import Schemas
from manifests.configuration import secret_keys
from manifests.tree import Service, services
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
    if policy in ALWAYS or overlay == "production":
        assert list(policy(build.overlay(overlay))) == []


@pytest.mark.parametrize("overlay", build.OVERLAYS)
@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_the_programs_accept_their_settings(
    overlay: str, service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What a pod would find in its variables and secret files is read by the service's own settings class."""
    folder = tmp_path_factory.mktemp("secrets")
    values = configuration(build.overlay(overlay), "platform-settings")
    values |= configuration(build.overlay(overlay), f"{service.name}-settings")
    for name in {field.upper() for field in service.fields}:
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value.replace("/run/secrets/amplify", str(folder)))
    for key in (*secret_keys(service), "kafka-ca.crt"):
        (folder / key).write_text(
            "a-secret-of-this-test-that-is-long-enough-for-all" if key != "MONGODB_URI" else "mongodb://db"
        )
    settings = load(service.settings)
    assert settings.mongodb_uri == "mongodb://db"
    known = {field.upper() for field in service.fields}
    own = configuration(build.overlay(overlay), f"{service.name}-settings")
    assert set(own) <= known, "a variable that no program reads"


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
