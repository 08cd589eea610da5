"""What the trial puts on a cluster, seen without one."""

from pathlib import Path

import pytest
from checks import build
from checks.objects import containers, of_kind, pods_of, workloads
from checks.pods import nothing_is_privileged
from checks.schemas import Schemas
from manifests.parts import Object
from manifests.tree import K8S, names
from trial import kill, upgrade


@pytest.fixture(scope="module")
def tried(tools: Path) -> list[Object]:
    """What `make k8s-try` installs."""
    return [*build.folder(K8S / "trial")]


def test_it_is_valid_and_pulls_nothing(tried: list[Object], schemas: Schemas) -> None:
    """Every image is one that `make images` builds."""
    assert [line for one in tried for line in schemas.problems(one)] == []
    images = {container["image"] for _, pod in pods_of(tried) for container in containers(pod)}
    assert all(image.startswith("amplify/") and ":" in image for image in images)


def test_only_the_pod_that_kills_reaches_its_node(tried: list[Object]) -> None:
    """And it lives in a namespace of its own."""
    assert list(nothing_is_privileged(tried)) == []
    assert list(nothing_is_privileged([kill.POD])) != []
    assert kill.NAMESPACE not in {one["metadata"]["name"] for one in of_kind(tried, "Namespace")}


def test_the_release_before_runs_its_own_images_and_services(tried: list[Object]) -> None:
    present = {"assessment", "console", "notifications", "programme"}
    old = upgrade.before(tried, present)
    running = {one["metadata"]["labels"]["app.kubernetes.io/name"] for one in workloads(old)}
    assert running & set(names()) == present & set(names())
    tags = {
        container["image"].rpartition(":")[2]
        for one in workloads(old)
        if one["metadata"]["labels"]["app.kubernetes.io/name"] in present
        for container in containers(one["spec"]["template"]["spec"])
    }
    assert tags == {upgrade.TAG}


def test_selectors_are_those_of_the_first_release(tried: list[Object]) -> None:
    """They cannot change on the way: by name and component, whatever else a pod is labelled with."""
    for one in workloads(tried):
        labels = one["metadata"]["labels"]
        wanted = {f"app.kubernetes.io/{label}": labels[f"app.kubernetes.io/{label}"] for label in ("name", "component")}
        assert one["spec"]["selector"] == {"matchLabels": wanted}


@pytest.mark.parametrize(("direction", "place"), [("up", -1), ("back", 1)])
def test_services_go_one_after_the_other_the_console_last_or_first(
    tried: list[Object], direction: str, place: int
) -> None:
    """And nothing is left out, whichever way."""
    parts = upgrade.in_turn(tried, direction)
    assert sorted(str(one) for part in parts for one in part) == sorted(map(str, tried))
    assert {one["metadata"]["labels"]["app.kubernetes.io/name"] for one in parts[place]} == {"console"}


def test_a_process_of_each_service_and_of_each_role_is_killed(tried: list[Object]) -> None:
    """And each is a workload of what is installed."""
    running = {
        tuple(one["metadata"]["labels"][f"app.kubernetes.io/{label}"] for label in ("name", "component"))
        for one in workloads(tried)
    }
    assert set(kill.KILLED) <= running
    assert {service for service, _ in kill.KILLED} == set(names())
    assert {role for _, role in kill.KILLED} == {role for service, role in running if service in names()}
