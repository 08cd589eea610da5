"""The checks, in the order in which they are run. Each returns what it saw, or raises Failed."""

import json
import time
from collections.abc import Callable
from typing import Any

from trial.cluster import Cluster, Failed, ready_seconds, restarts, until
from trial.kill import KILLED, kill_process
from trial.people import ask, enough, load, verify

ROLES = ("grpc", "stream", "relay", "due")
DOOR = "programme-grpc"
AGE_SECONDS = 200
"""A server closes connections when they are two minutes old, and only then do clients look for new replicas."""


def it_starts(cluster: Cluster) -> str:
    """Everything becomes ready; how long each workload took."""
    took = cluster.settle(900)
    pods = [one for one in cluster.get("pods")["items"] if "ReplicaSet" in _owner(one) or "StatefulSet" in _owner(one)]
    times = {one["metadata"]["name"]: ready_seconds(one) for one in pods}
    again = {one["metadata"]["name"]: restarts(one) for one in pods if restarts(one)}
    slowest = max(times, key=lambda name: times[name])
    median = sorted(times.values())[len(times) // 2]
    return (
        f"{len(pods)} pods ready {took:.0f} s after the wait began; median {median:.0f} s, "
        f"slowest {slowest} {times[slowest]:.0f} s; started again: {again or 'none'}"
    )


def the_journey(cluster: Cluster) -> str:
    """Demonstration data, then from a plan to a message in the mailbox."""
    ask(cluster, "seed")
    return json.dumps(ask(cluster, "journey"))


def a_quiet_load(cluster: Cluster) -> str:
    """Nothing fails when nothing is done to the platform."""
    with load(cluster, 20) as seen:
        pass
    return _flawless(cluster, str(seen), seen.errors)


def rolling_restarts(cluster: Cluster) -> str:
    """Every workload of ours is restarted, a service at a time, under load: no client error, no double effect."""
    ours: dict[str, list[str]] = {}
    for one in cluster.workloads():
        labels = one["metadata"]["labels"]
        if labels["app.kubernetes.io/component"] in (*ROLES, "web"):
            workload = f"{one['kind'].lower()}/{one['metadata']['name']}"
            ours.setdefault(labels["app.kubernetes.io/name"], []).append(workload)
    times: dict[str, float] = {}
    with load(cluster, 200 * len(ours)) as seen:
        for service, listed in ours.items():
            cluster.run("rollout", "restart", *listed)
            times[service] = cluster.settle()
        enough(cluster)
    told = ", ".join(f"{name} ({len(ours[name])} workloads) {took:.0f} s" for name, took in times.items())
    return _flawless(cluster, f"{seen}; {told}", seen.errors)


def kills(cluster: Cluster) -> str:
    """A process of each role and of each service dies by SIGKILL under load; nothing is lost or done twice."""
    told = []
    for service, role in KILLED:
        (pod, *_) = cluster.pods(service, role)
        name = pod["metadata"]["name"]
        before = restarts(pod)
        with load(cluster, 30) as seen:
            time.sleep(5)
            code = kill_process(cluster, pod)
            back = until(lambda: restarts(cluster.get("pod", name)) > before, 60, f"{name} was not started again")  # noqa: B023
            back += cluster.settle(120)
        told.append(f"{service} {role}: exit code {code}, back after {back:.0f} s; {seen}")
    return "; ".join([*told, verify(cluster)])


def eviction(cluster: Cluster) -> str:
    """With two replicas one may be evicted, and the second is refused while the first is away."""
    cluster.run("scale", f"deployment/{DOOR}", "--replicas=2")
    cluster.settle()
    first, second = [one["metadata"]["name"] for one in cluster.pods("programme", "grpc")]
    answers = [_evict(cluster, name) for name in (first, second)]
    cluster.settle()
    cluster.run("scale", f"deployment/{DOOR}", "--replicas=1")
    cluster.settle()
    if answers[0] or "disruption budget" not in answers[1]:
        raise Failed(f"answers: {answers}")
    return f"the first was evicted, the second refused: {answers[1][-120:]}"


def three_doors(cluster: Cluster) -> str:
    """gRPC at three replicas and back under load; once connections have aged, each replica answers its share."""
    with load(cluster, 300) as seen:
        cluster.run("scale", f"deployment/{DOOR}", "--replicas=3")
        took = cluster.settle()
        begin, gained = time.monotonic(), {"": 0}
        while not _even(gained) and time.monotonic() - begin < AGE_SECONDS:
            before = ask(cluster, "spread", "programme")["calls"]
            time.sleep(15)
            after = ask(cluster, "spread", "programme")["calls"]
            gained = {address: count - before.get(address, 0) for address, count in after.items()}
        spread_after = time.monotonic() - begin
        cluster.run("scale", f"deployment/{DOOR}", "--replicas=1")
        cluster.settle()
        enough(cluster)
    shares = f"calls in 15 s by replica {sorted(gained.values())}, {spread_after:.0f} s later"
    told = f"three ready after {took:.0f} s; {shares}; {seen}"
    if not _even(gained):
        raise Failed(told)
    return _flawless(cluster, told, seen.errors)


def two_streams(cluster: Cluster) -> str:
    """A stream at two members and back under load: partitions are handed over, order and single effects are kept."""
    name = "programme-stream"
    with load(cluster, 120) as seen:
        cluster.run("scale", f"statefulset/{name}", "--replicas=2")
        cluster.settle()
        time.sleep(25)
        shares = {one["metadata"]["name"]: _applied(cluster, one) for one in cluster.pods("programme", "stream")}
        time.sleep(15)
        later = {one["metadata"]["name"]: _applied(cluster, one) for one in cluster.pods("programme", "stream")}
        cluster.run("scale", f"statefulset/{name}", "--replicas=1")
        cluster.settle()
    gained = {pod: later[pod] - shares[pod] for pod in later}
    if len(gained) != 2 or not all(gained.values()):
        raise Failed(f"facts applied by each: {gained}")
    return _flawless(cluster, f"facts applied by each in 15 s: {gained}; {seen}", seen.errors)


def a_bad_image(cluster: Cluster) -> str:
    """A release that cannot start never takes the place of one that serves, and is taken back."""
    with load(cluster, 45) as seen:
        cluster.run("set", "image", f"deployment/{DOOR}", "programme=amplify/programme:no-such-release")
        until(lambda: _waiting(cluster) & {"ErrImagePull", "ImagePullBackOff"}, 60, "no pull failed")
        why = _waiting(cluster)
        cluster.run("rollout", "undo", f"deployment/{DOOR}")
        cluster.rollout("deployment", DOOR)
    return _flawless(cluster, f"the new pod waits ({', '.join(sorted(why))}), rolled back; {seen}", seen.errors)


def a_wrong_setting(cluster: Cluster) -> str:
    """A wrong setting ends the start, and the log names it."""
    cluster.run("set", "env", f"deployment/{DOOR}", "GRPC_THREADS=many")
    try:
        until(lambda: _waiting(cluster) & {"CrashLoopBackOff", "Error"}, 90, "it started")
        name = cluster.pods("programme", "grpc")[-1]["metadata"]["name"]
        log = cluster.run("logs", name, "--previous", check=False) + cluster.run("logs", name, check=False)
    finally:
        cluster.run("set", "env", f"deployment/{DOOR}", "GRPC_THREADS-")
        cluster.settle()
    if "setting GRPC_THREADS" not in log:
        raise Failed(log[-300:])
    return next(line for line in log.splitlines() if "GRPC_THREADS" in line)


def stores(cluster: Cluster) -> str:
    """The broker's and the database's pods are replaced under load; what was acknowledged stays, the backlog drains."""
    told = []
    for name in ("kafka", "mongodb"):
        with load(cluster, 60) as seen:
            time.sleep(5)
            cluster.run("delete", "pod", f"{name}-0", "--wait=false")
            time.sleep(3)
            back = cluster.settle(180)
        told.append(f"{name} back after {back:.0f} s; {seen}")
        told.append(verify(cluster))
    return "; ".join(told)


def out_of_memory(cluster: Cluster) -> str:
    """A process that needs more than its limit is killed and started again, and the rest goes on."""
    name = "programme-due"
    cluster.run("set", "resources", f"deployment/{name}", "--limits=memory=48Mi", "--requests=memory=32Mi")
    try:
        until(lambda: "OOMKilled" in _ended(cluster, "due"), 120, lambda: f"ended: {_ended(cluster, 'due')}")
        ended = _ended(cluster, "due")
    finally:
        cluster.run("rollout", "undo", f"deployment/{name}")
        cluster.settle()
    return f"the pod with 48 MiB ended with {', '.join(sorted(ended))}; rolled back"


def drains(cluster: Cluster) -> str:
    """From the order to stop until the pod is gone, for each role, with the pause of five seconds before the drain."""
    times = {}
    for role in ROLES:
        (pod, *_) = cluster.pods("programme", role)
        begin = time.monotonic()
        cluster.run("delete", "pod", pod["metadata"]["name"], "--wait=true")
        times[role] = time.monotonic() - begin
    cluster.settle()
    if max(times.values()) > 58:
        raise Failed(f"killed at the end of its grace: {times}")
    return ", ".join(f"{role} {seconds:.1f} s" for role, seconds in times.items())


def _even(gained: dict[str, int]) -> bool:
    """Whether each of three has at least half of its share."""
    return len(gained) == 3 and min(gained.values()) >= sum(gained.values()) / 6


def _flawless(cluster: Cluster, told: str, errors: int) -> str:
    checked = verify(cluster)
    if errors:
        raise Failed(f"{told}; {checked}")
    return f"{told}; {checked}"


def _evict(cluster: Cluster, name: str) -> str:
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": cluster.namespace}}
    path = f"/api/v1/namespaces/{cluster.namespace}/pods/{name}/eviction"
    answer = cluster.run("create", "--raw", path, "-f", "-", given=json.dumps(body), check=False)
    return "" if '"Success"' in answer else answer.strip()


def _applied(cluster: Cluster, pod: Any) -> int:
    source = (
        "import re, urllib.request as u\n"
        f"t = u.urlopen('http://{pod['status']['podIP']}:9090/metrics').read().decode()\n"
        r"print(int(sum(float(x) for x in re.findall(r'^consumer_facts_applied_total\{.*\} (\S+)$', t, re.M))))"
    )
    return int(cluster.python("visitor", source).strip() or 0)


def _waiting(cluster: Cluster) -> set[str]:
    states = [one for pod in cluster.pods("programme", "grpc") for one in pod["status"].get("containerStatuses", [])]
    found = {one["state"].get("waiting", {}).get("reason", "") for one in states}
    found |= {one["state"].get("terminated", {}).get("reason", "") for one in states}
    return found - {"", "ContainerCreating"}


def _ended(cluster: Cluster, role: str) -> set[str]:
    states = [one for pod in cluster.pods("programme", role) for one in pod["status"].get("containerStatuses", [])]
    found = {
        one.get(when, {}).get("terminated", {}).get("reason", "") for one in states for when in ("lastState", "state")
    }
    return found - {""}


def _owner(pod: Any) -> str:
    return " ".join(one["kind"] for one in pod["metadata"].get("ownerReferences", []))


CHECKS: tuple[Callable[[Cluster], str], ...] = (
    it_starts,
    the_journey,
    a_quiet_load,
    rolling_restarts,
    kills,
    eviction,
    three_doors,
    two_streams,
    a_bad_image,
    a_wrong_setting,
    stores,
    out_of_memory,
    drains,
)
NOT_EXERCISED = (
    "HorizontalPodAutoscalers on real metrics, where the cluster has no metrics server",
    "NetworkPolicies, where the cluster's network does not enforce them",
    "spread over zones, on one node",
    "Gateway, Strimzi, KEDA and collector at work: the server has validated their objects, and nothing ran them",
)
