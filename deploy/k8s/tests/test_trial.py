"""What the trial puts on a cluster, seen without one."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from checks import build
from checks.objects import containers, pods_of, workloads
from checks.pods import nothing_is_privileged
from checks.schemas import Schemas
from manifests.parts import Object
from manifests.tree import K8S, names
from trial import grounds, kill, upgrade
from trial.cluster import Cluster, Failed


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
    assert {one["metadata"]["namespace"] for one in tried} == {grounds.NAMESPACE}
    assert kill.NAMESPACE != grounds.NAMESPACE


RECORDS = """
import json, pathlib, sys
place = pathlib.Path(sys.argv[0]).parent
given = "" if sys.stdin.isatty() or "-" not in sys.argv else sys.stdin.read()
with (place / "asked.jsonl").open("a") as asked:
    asked.write(json.dumps([sys.argv[3:], given]) + "\\n")
for words, answer in json.loads((place / "answers.json").read_text()).items():
    if words in " ".join(sys.argv[3:]):
        print(answer)
"""


class Recorded:
    """A program in the place of kubectl that notes what it is asked, and answers by the words in the question."""

    def __init__(self, place: Path, answers: dict[str, str]) -> None:
        self.program = place / "kubectl"
        self.program.write_text(f"#!{sys.executable}\n{RECORDS}")
        self.program.chmod(0o755)
        (place / "answers.json").write_text(json.dumps(answers))
        self.cluster = Cluster(self.program, grounds.NAMESPACE)

    def asked(self) -> list[tuple[list[str], str]]:
        """Arguments and input of each call."""
        lines = (self.program.parent / "asked.jsonl").read_text().splitlines()
        return [(arguments, given) for arguments, given in map(json.loads, lines)]

    def changes(self) -> list[str]:
        """The calls that would change something on the cluster."""
        found = [(" ".join(arguments), given) for arguments, given in self.asked()]
        return [
            f"{words} {given}" for words, given in found if not words.startswith("get") and "--dry-run" not in words
        ]


def _namespaces(**labels: dict[str, str]) -> str:
    items = [{"metadata": {"name": name.replace("_", "-"), "labels": own}} for name, own in labels.items()]
    return json.dumps({"items": items})


@pytest.mark.parametrize("name", ["amplify_trial", "amplify_trial_dry", "amplify_trial_node"])
def test_a_namespace_that_no_trial_made_is_refused(tmp_path: Path, name: str) -> None:
    answer = _namespaces(amplify_production={}, **{name: {"team": "somebody"}})
    recorded = Recorded(tmp_path, {"get namespaces": answer})
    with pytest.raises(Failed, match=name.replace("_", "-")):
        grounds.claim(recorded.cluster)
    assert recorded.changes() == []


def test_a_namespace_of_an_earlier_trial_and_those_of_others_are_no_hindrance(tmp_path: Path) -> None:
    answer = _namespaces(amplify={}, amplify_production={}, amplify_staging={}, amplify_trial=grounds.OURS)
    grounds.claim(Recorded(tmp_path, {"get namespaces": answer}).cluster)


def test_the_dry_runs_touch_nothing_that_was_there(tools: Path, tmp_path: Path) -> None:
    """No namespace of an overlay is made or deleted; a kind of an operator that runs there is left alone."""
    there = "kafkas.kafka.strimzi.io"
    known = f"customresourcedefinition.apiextensions.k8s.io/{there}"
    recorded = Recorded(tmp_path, {"get customresourcedefinitions": known})
    grounds.dry_runs(recorded.cluster)
    made: list[Any] = [
        one for words, given in recorded.asked() if given and "--dry-run=server" not in words
        for one in json.loads(given)["items"]
    ]  # fmt: skip
    assert {one["kind"] for one in made} == {"Namespace", "CustomResourceDefinition"}
    assert all(grounds.OURS.items() <= one["metadata"]["labels"].items() for one in made)
    names = {one["metadata"]["name"] for one in made}
    assert there not in names
    assert {"kafkatopics.kafka.strimzi.io", grounds.DRY} < names
    assert not names & {build.namespace(overlay)["metadata"]["name"] for overlay in build.OVERLAYS}
    deleted = [words.split()[:4] for words in recorded.changes() if words.startswith("delete")]
    assert deleted == [
        ["delete", "customresourcedefinition", "-l", grounds.MINE],
        ["delete", "namespace", grounds.DRY, "--ignore-not-found"],
    ]


def test_only_what_bears_the_trial_s_label_is_removed(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path, {})
    grounds.remove(recorded.cluster)
    assert [f"-l {grounds.MINE} " in words for words in recorded.changes()] == [True, True]


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
