"""What must hold of the network of every set of manifests: everybody reaches whom they call, and nobody else does."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from manifests.parts import Object
from manifests.tree import Service, names, services

from checks.objects import configuration, containers, labels_of, named, of_kind, selects, templates, workloads
from checks.reach import OUTSIDE, STRANGERS, End, lets

NAME, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"
UNUSED = (1, 22, 80)
"""Ports at which nothing here serves or calls."""
DNS = 53
MONGODB = 27017
"""The connection string, which is secret, names no other port."""
USES = {
    "KAFKA_BOOTSTRAP": ("grpc", "stream", "relay", "topics"),
    "OIDC_ISSUER": ("grpc", "stream", "due", "web"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("grpc", "stream", "relay", "due", "web"),
}
"""The roles that call what a shared setting names."""
SERVED = {"http": "gateway", "partner": "gateway", "metrics": "monitoring"}
"""From which namespaces a port is called, by what `amplify.example/role` says of them."""


def all_is_denied_by_default(objects: Sequence[Object]) -> Iterator[str]:
    """Both ways, so that whatever is let through is named."""
    everybody = [one["spec"] for one in of_kind(objects, "NetworkPolicy") if one["spec"]["podSelector"] == {}]
    closed = [one for one in everybody if not one.get("ingress") and not one.get("egress")]
    if not any({"Ingress", "Egress"} <= set(one["policyTypes"]) for one in closed):
        yield "nothing denies by default"


def strangers_are_kept_out(objects: Sequence[Object]) -> Iterator[str]:
    """Whom no policy names reaches no port of a pod, and no pod reaches a port that none of them uses."""
    for owner, template in templates(objects):
        labels = labels_of(template)
        ports = {port["containerPort"] for one in containers(template["spec"]) for port in one.get("ports", [])}
        for port in sorted({*ports, *UNUSED}):
            if any(lets(objects, "Ingress", labels, port, end) for end in STRANGERS):
                yield f"{owner}: anybody may reach it at {port}"
        for port in UNUSED:
            if any(lets(objects, "Egress", labels, port, end) for end in STRANGERS):
                yield f"{owner}: may reach anybody at {port}"


def names_can_be_looked_up(objects: Sequence[Object]) -> Iterator[str]:
    """By every pod, over both protocols."""
    for owner, template in templates(objects):
        for protocol in ("UDP", "TCP"):
            if not lets(objects, "Egress", labels_of(template), DNS, End(namespace={}), protocol):
                yield f"{owner}: cannot look up names over {protocol}"


def no_call_is_missing_a_way(objects: Sequence[Object]) -> Iterator[str]:
    """Whatever the settings of a pod name, it is let out to; and where that is a pod here, that lets it in."""
    for owner, service, template in _ours(objects):
        caller = labels_of(template)
        for what, address in _called(objects, service, caller[COMPONENT]):
            if not _reaches(objects, caller, address):
                yield f"{owner}: calls {what} at {address}, and the network does not let it"


def whoever_is_served_gets_in(objects: Sequence[Object]) -> Iterator[str]:
    """Pages and partners' ports from the gateway, measurements by whoever monitors, within or from outside."""
    collectors = [labels_of(one) for _, one in templates(objects) if labels_of(one).get(COMPONENT) == "telemetry"]
    for service in of_kind(objects, "Service"):
        behind = _pods_behind(objects, service)
        if not behind:
            yield f"{named(service)}: no pod is behind it"
        for port in service["spec"]["ports"]:
            role = SERVED.get(port["name"]) if service["metadata"]["labels"][NAME] in names() else None
            for labels, number in [(labels_of(one), _target(one, port)) for one in behind] if role else []:
                if not lets(objects, "Ingress", labels, number, End(namespace={"amplify.example/role": str(role)})):
                    yield f"{named(service)}: no way in to its port {port['name']} for {role}"
                for collector in collectors if role == "monitoring" else []:
                    if not _pass(objects, collector, labels, number):
                        yield f"{named(service)}: the collector does not reach its port {port['name']}"


def _ours(objects: Sequence[Object]) -> Iterator[tuple[str, Service, Object]]:
    mine = {one.name: one for one in services()}
    for owner, template in templates(objects):
        for container in template["spec"]["containers"]:
            if container["name"] in mine:
                yield owner, mine[container["name"]], template


def _called(objects: Sequence[Object], service: Service, role: str) -> Iterator[tuple[str, str]]:
    """What a role of a service calls, and at which `host:port`."""
    values = configuration(objects, "platform-settings") | configuration(objects, f"{service.name}-settings")
    yield "mongodb", f"mongodb:{MONGODB}"
    for name, roles in USES.items():
        if role in roles and values.get(name):
            yield name, _address(values[name].partition(",")[0])
    if role == "due" and "smtp_host" in service.fields:
        yield "SMTP_HOST", f"{values.get('SMTP_HOST', 'mail')}:{values.get('SMTP_PORT', service.default('smtp_port'))}"
    for called in service.calls if role not in ("migrate", "topics") else ():
        yield called, values[f"{called.replace('-', '_')}_address".upper()]


def _address(value: str) -> str:
    parts = urlsplit(value if "://" in value else f"//{value}")
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _reaches(objects: Sequence[Object], caller: dict[str, str], address: str) -> bool:
    host, _, port = address.rpartition(":")
    for service in of_kind(objects, "Service"):
        name = service["metadata"]["name"]
        if host == name or host.endswith(f".{name}"):
            ports = [one for one in service["spec"]["ports"] if one["port"] == int(port)]
            behind = [(labels_of(pod), _target(pod, one)) for pod in _pods_behind(objects, service) for one in ports]
            return bool(behind) and all(_pass(objects, caller, labels, number) for labels, number in behind)
    return lets(objects, "Egress", caller, int(port), OUTSIDE)


def _pass(objects: Sequence[Object], caller: dict[str, str], called: dict[str, str], port: int) -> bool:
    out = lets(objects, "Egress", caller, port, End(called))
    return out and lets(objects, "Ingress", called, port, End(caller))


def _pods_behind(objects: Sequence[Object], service: Object) -> list[Object]:
    """The pods that keep running which a Service chooses."""
    chosen = {"matchLabels": service["spec"]["selector"]}
    return [one for _, one in templates(workloads(objects)) if selects(chosen, labels_of(one))]


def _target(template: Object, port: Object) -> int:
    """The number of the port of a pod that a Service's port leads to, -1 when it leads to none."""
    ports = [one for container in containers(template["spec"]) for one in container.get("ports", [])]
    return next((int(one["containerPort"]) for one in ports if one["name"] == port.get("targetPort")), -1)
