"""`python -m trial [check …]`: tries the platform on the cluster of KUBECONFIG, from nothing; `--keep` leaves it."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from checks import build, fetch
from checks.objects import of_kind
from manifests.parts import Object
from manifests.tree import K8S

from trial import grounds, kill, upgrade
from trial.checks import CHECKS, NOT_EXERCISED
from trial.cluster import Cluster, Failed

STORAGE = ("data-kafka-0", "data-mongodb-0")


def main() -> int:
    """Run the checks; 1 when one failed."""
    parser = argparse.ArgumentParser(prog="trial", description=__doc__)
    parser.add_argument("checks", nargs="*", help=f"some of: {', '.join(one.__name__ for one in CHECKS)}")
    parser.add_argument("--keep", action="store_true", help="leave what was installed")
    parser.add_argument("--previous", type=Path, help="a checkout of the release before: try the upgrade from it")
    parser.add_argument("--there", action="store_true", help="it is installed already, by an earlier run with --keep")
    chosen = parser.parse_args()
    if not os.environ.get("KUBECONFIG"):
        raise SystemExit(
            "KUBECONFIG names no cluster: any with one node and 8 GiB will do, such as kind, k3d or a managed one"
        )
    program = fetch.ensure() / "bin" / "kubectl"
    cluster = Cluster(program, grounds.NAMESPACE)
    told = json.loads(cluster.run("version", "-o", "json"))
    _say(f"server {told['serverVersion']['gitVersion']}, kubectl {told['clientVersion']['gitVersion']}")
    try:
        grounds.claim(cluster)
    except Failed as problem:
        raise SystemExit(str(problem)) from None
    results = []
    objects = [*build.folder(K8S / "trial")]
    present = upgrade.services_of(chosen.previous) if chosen.previous else set()
    if not chosen.there:
        results.append(_tried("dry_runs", lambda: grounds.dry_runs(cluster)))
        first = upgrade.before(objects, present) if chosen.previous else objects
        results.append(_tried("install", lambda: install(cluster, first)))
    if all(results) and chosen.previous:
        ways = ("back", "up") if chosen.there else ("up", "back")
        results.append(_tried("it_starts", lambda: CHECKS[0](cluster)))
        results.append(_tried("upgrade", lambda: upgrade.both_ways(cluster, objects, present, ways)))
    elif all(results):
        wanted = [one for one in CHECKS if not chosen.checks or one.__name__ in chosen.checks]
        results += [_tried(one.__name__, lambda one=one: one(cluster)) for one in wanted]  # type: ignore[misc]
    for line in NOT_EXERCISED:
        _say(f"NOT EXERCISED  {line}")
    if not chosen.keep:
        grounds.remove(cluster)
    _say(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


def install(cluster: Cluster, objects: list[Object]) -> str:
    """Volumes where the cluster makes none, then the dev overlay with the images that were built here."""
    begin = time.monotonic()
    image = next(
        one["spec"]["containers"][0]["image"] for one in of_kind(objects, "Pod") if one["metadata"]["name"] == "visitor"
    )
    grounds.make(cluster, cluster.namespace)
    cluster.apply([grounds.namespace(kill.NAMESPACE, kill.UNRESTRICTED)])
    kill.prepare(cluster, image)
    made = _volumes(cluster)
    cluster.apply(objects)
    cluster.run("wait", "--for=condition=Complete", "job", "--all", "--timeout=600s", seconds=630)
    cluster.run("wait", "--for=condition=Ready", "pod/visitor", "--timeout=300s", seconds=330)
    return f"{len(objects)} objects, migrations complete after {time.monotonic() - begin:.0f} s{made}"


def _volumes(cluster: Cluster) -> str:
    """A cluster without a storage class gets two volumes in a folder of its node."""
    if cluster.get("storageclasses")["items"]:
        return ""
    run = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"  # a set that an earlier trial formed has other members
    for claim in STORAGE:
        source = f"import os; p='/volumes/{run}/{claim}'; os.makedirs(p, exist_ok=True); os.chmod(p, 0o777)"
        kill.node(cluster).python(kill.NAME, source)
        cluster.apply([_volume(claim, run)])
    return ", on volumes of the node's own"


def _volume(claim: str, run: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"amplify-trial-{claim}", "labels": grounds.OURS},
        "spec": {
            "capacity": {"storage": "2Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain",
            "claimRef": {"namespace": grounds.NAMESPACE, "name": claim},
            "hostPath": {"path": f"/var/lib/amplify-trial/{run}/{claim}"},
        },
    }


def _tried(name: str, check: Callable[[], str]) -> bool:
    begin = time.monotonic()
    try:
        seen, good = check(), True
    except Failed as problem:
        seen, good = str(problem), False
    _say(f"{'ok    ' if good else 'FAILED'}  {name.replace('_', ' ')} ({time.monotonic() - begin:.0f} s): {seen}")
    return good


def _say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
