"""The routes from outside: pages for people over HTTPS, and the port for partners over gRPC with TLS."""

from manifests.parts import HTTP, PARTNER, Object, labels
from manifests.tree import Service, services

GATEWAY = "amplify"
PAGES, PARTNERS = "amplify.example", "partners.amplify.example"


def routes() -> list[Object]:
    """An HTTPRoute for whatever serves pages, a GRPCRoute for whatever serves partners."""
    pages = [_route("HTTPRoute", one, "pages", PAGES, one.name, HTTP, None) for one in services() if one.is_web]
    partners = [
        _route("GRPCRoute", one, "partners", PARTNERS, f"{one.name}-partner", PARTNER, _package(one))
        for one in services()
        if one.has_partners
    ]
    return [*pages, *partners]


def _package(service: Service) -> str:
    return rf"amplify\.{service.package}\.v1\..*"


def _route(kind: str, service: Service, section: str, host: str, name: str, port: int, package: str | None) -> Object:
    match = {"matches": [{"method": {"type": "RegularExpression", "service": package}}]} if package else {}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name, "labels": labels(service.name, section)},
        "spec": {
            "parentRefs": [{"name": GATEWAY, "sectionName": section}],
            "hostnames": [host],
            "rules": [{**match, "backendRefs": [{"name": name, "port": port}]}],
        },
    }
