"""What must hold so that a set of manifests can be applied, in part or again, and taken away; as policies do."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from manifests.parts import Object
from manifests.tree import services

from checks.objects import configuration, labels_of, named, of_kind, pods_of, referred, templates, workloads

RECOMMENDED = ("name", "component", "part-of")


def everything_is_labelled(objects: Sequence[Object]) -> Iterator[str]:
    """The recommended labels, on objects and pods, the version on pods of ours; what selects never changes with it."""
    mine = {one.name for one in services()}
    for one in objects:
        if one["kind"] != "Namespace":
            yield from _unlabelled(named(one), one, RECOMMENDED)
    for owner, template in templates(objects):
        ours = any(one["name"] in mine for one in template["spec"]["containers"])
        yield from _unlabelled(f"{owner}: its pods", template, (*RECOMMENDED, *(["version"] if ours else [])))
    for workload in workloads(objects):
        if "app.kubernetes.io/version" in workload["spec"]["selector"]["matchLabels"]:
            yield f"{named(workload)}: selects by release"


def an_installation_has_a_name(objects: Sequence[Object]) -> Iterator[str]:
    """What an overlay installs says of which installation it is, and what manages it."""
    for one in objects:
        yield from _unlabelled(named(one), one, ("instance", "managed-by"))


def _unlabelled(name: str, one: Object, wanted: Sequence[str]) -> Iterator[str]:
    missing = [label for label in wanted if not labels_of(one).get(f"app.kubernetes.io/{label}")]
    if missing:
        yield f"{name}: no label {', '.join(missing)}"


def a_service_can_be_applied_alone(objects: Sequence[Object]) -> Iterator[str]:
    """`-l "app.kubernetes.io/name in (platform, <service>)"` takes whatever the pods of a service refer to."""
    names = {named(one): one["metadata"].get("labels", {}).get("app.kubernetes.io/name") for one in objects}
    for owner, pod in pods_of(objects):
        alone = {names[owner], "platform"}
        for wanted in referred(pod):
            if names[owner] in {one.name for one in services()} and wanted in names and names[wanted] not in alone:
                yield f"{owner}: {wanted} would be left out"


def a_scaler_rules_alone(objects: Sequence[Object]) -> Iterator[str]:
    """Of what a scaler rules the manifests name no number of replicas, for each `apply` would set it back."""
    scalers = [*of_kind(objects, "HorizontalPodAutoscaler"), *of_kind(objects, "ScaledObject")]
    ruled = [(one["spec"]["scaleTargetRef"]["kind"], one["spec"]["scaleTargetRef"]["name"]) for one in scalers]
    for workload in workloads(objects):
        found = ruled.count((workload["kind"], workload["metadata"]["name"]))
        if found and "replicas" in workload["spec"]:
            yield f"{named(workload)}: says how many, and a scaler does too"
        if found > 1:
            yield f"{named(workload)}: ruled by {found} scalers"


def the_doors_bear_the_public_name(objects: Sequence[Object]) -> Iterator[str]:
    """Pages are served at the host of PUBLIC_URL, partners at `partners.` before it; routes and listeners agree."""
    host = urlsplit(configuration(objects, "platform-settings").get("PUBLIC_URL", "")).hostname
    for gateway in of_kind(objects, "Gateway"):
        for one in gateway["spec"]["listeners"]:
            if one.get("hostname") != (host if one["name"] == "pages" else f"partners.{host}"):
                yield f"{named(gateway)}: {one['name']} listens at {one.get('hostname')}, and PUBLIC_URL names {host}"
    for kind, wanted in (("HTTPRoute", host), ("GRPCRoute", f"partners.{host}")):
        for route in of_kind(objects, kind):
            if route["spec"]["hostnames"] != [wanted]:
                yield f"{named(route)}: {route['spec']['hostnames']} is not {wanted}"


def namespaces_stay(objects: Sequence[Object]) -> Iterator[str]:
    """`kubectl delete -k` of a namespace would take the claims and the Secrets in it too."""
    for one in of_kind(objects, "Namespace"):
        yield f"{named(one)}: would be deleted with everything in it"
