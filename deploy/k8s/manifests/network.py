"""Services, and the NetworkPolicies that follow from who calls whom: whatever is not named here is denied."""

from typing import Any

from manifests.parts import GRPC, HTTP, METRICS, PARTNER, WAY, Object, labels, port_of, selector
from manifests.tree import Service, services

MONITORING = {"namespaceSelector": {"matchLabels": {"amplify.example/role": "monitoring"}}}
GATEWAY = {"namespaceSelector": {"matchLabels": {"amplify.example/role": "gateway"}}}
WAYS: dict[str, list[int]] = {
    "kafka": [9092, 9093, 9096],
    "mongodb": [27017],
    "identity": [443, 9000],
    "mail": [25, 465, 587, 1025],
}
"""The ports of what lies outside. Any address is open on them: no generator knows where these are."""


def network_services(service: Service) -> list[Object]:
    """Headless, so that gRPC clients see every replica and balance by themselves; and one for whom scrapes metrics."""
    name, number = port_of(service)
    role = "web" if service.is_web else "grpc"
    found = [_service(service, service.name, role, {name: number}, headless=not service.is_web)]
    if not service.is_web:
        found.append(_service(service, f"{service.name}-metrics", None, {"metrics": METRICS}, headless=True))
    if service.has_partners:
        found.append(_service(service, f"{service.name}-partner", "grpc", {"partner": PARTNER}, headless=False))
    return found


def policies(service: Service) -> list[Object]:
    """Who may reach the pods of a service, and whom they may reach."""
    main = "web" if service.is_web else "grpc"
    callers = [one for one in services() if service.name in one.calls]
    rules: list[Object] = []
    if callers:
        peers = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": one.name}}} for one in callers]
        rules.append({"from": peers, "ports": [_tcp(GRPC)]})
    if service.is_web:
        rules.append({"from": [GATEWAY], "ports": [_tcp(HTTP)]})
    if service.has_partners:
        rules.append({"from": [GATEWAY], "ports": [_tcp(PARTNER)]})
    found = [_policy(service, f"{service.name}-{main}", selector(service.name, main), {"ingress": rules})]
    if not service.is_web:
        scrape = {"from": [MONITORING], "ports": [_tcp(METRICS)]}
        found.append(_policy(service, f"{service.name}-metrics", _pods(service), {"ingress": [scrape]}))
    called = [one for one in services() if one.name in service.calls]
    if called:
        targets = [
            {
                "to": [{"podSelector": {"matchLabels": selector(one.name, "web" if one.is_web else "grpc")}}],
                "ports": [_tcp(port_of(one)[1])],
            }
            for one in called
        ]
        found.append(_policy(service, f"{service.name}-calls", _pods(service), {"egress": targets}))
    return found


def shared_policies() -> list[Object]:
    """Deny everything, allow names to be looked up, and the ways to broker, database, identity provider and mail."""
    deny: Object = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    dns: Object = {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}],
    }
    ways: dict[str, Object] = {
        f"way-to-{name}": {
            "podSelector": {"matchLabels": {f"{WAY}{name}": "true"}},
            "policyTypes": ["Egress"],
            "egress": [{"ports": [_tcp(port) for port in ports]}],
        }
        for name, ports in WAYS.items()
    }
    return [
        _object("NetworkPolicy", name, labels("platform", "network"), spec)
        for name, spec in {"deny-all": deny, "look-up-names": dns, **ways}.items()
    ]


def _policy(service: Service, name: str, pods: dict[str, str], rules: dict[str, Any]) -> Object:
    kinds = [kind.capitalize() for kind in rules]
    spec = {"podSelector": {"matchLabels": pods}, "policyTypes": kinds, **rules}
    return _object("NetworkPolicy", name, labels(service.name, "network"), spec)


def _object(kind: str, name: str, named: dict[str, str], spec: Object) -> Object:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name, "labels": named},
        "spec": spec,
    }


def _service(service: Service, name: str, role: str | None, ports: dict[str, int], *, headless: bool) -> Object:
    chosen = _pods(service) if role is None else selector(service.name, role)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": labels(service.name, role or "metrics")},
        "spec": {
            **({"clusterIP": "None"} if headless else {}),
            "selector": chosen,
            "ports": [
                {
                    "name": port,
                    "port": number,
                    "targetPort": port,
                    **({"appProtocol": "kubernetes.io/h2c"} if port in ("grpc", "partner") else {}),
                }
                for port, number in ports.items()
            ],
        },
    }


def _pods(service: Service) -> dict[str, str]:
    return {"app.kubernetes.io/name": service.name}


def _tcp(port: int) -> Object:
    return {"port": port, "protocol": "TCP"}
