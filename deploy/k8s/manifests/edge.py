"""The routes from outside: pages for people over HTTPS, and the port for partners over gRPC with TLS."""

from manifests.parts import HTTP, PARTNER, PLATFORM_SETTINGS, Object, labels
from manifests.tree import Service, services

GATEWAY = "amplify"
PAGES, PARTNERS = "host", "partners.host"
"""What stands in the place of the host of PUBLIC_URL until an overlay is built: see `hosts`."""


def routes() -> list[Object]:
    """An HTTPRoute for whatever serves pages, a GRPCRoute for whatever serves partners."""
    pages = [_route("HTTPRoute", one, "pages", PAGES, one.name, HTTP, None) for one in services() if one.is_web]
    partners = [
        _route("GRPCRoute", one, "partners", PARTNERS, f"{one.name}-partner", PARTNER, _package(one))
        for one in services()
        if one.has_partners
    ]
    return [*pages, *partners]


def hosts() -> list[Object]:
    """The replacements that name the doors: pages at the host of PUBLIC_URL, partners at `partners.` before it."""
    url = {"kind": "ConfigMap", "name": PLATFORM_SETTINGS, "fieldPath": "data.PUBLIC_URL"}
    pages = [("Gateway", "spec.listeners.[name=pages].hostname"), ("HTTPRoute", "spec.hostnames.0")]
    partners = [("Gateway", "spec.listeners.[name=partners].hostname"), ("GRPCRoute", "spec.hostnames.0")]
    # Of `partners.host`, the part behind the first dot is replaced.
    return [
        {
            "source": {**url, "options": {"delimiter": "/", "index": 2}},
            "targets": [
                *({"select": {"kind": kind}, "fieldPaths": [path]} for kind, path in pages),
                *(
                    {"select": {"kind": kind}, "fieldPaths": [path], "options": {"delimiter": ".", "index": 1}}
                    for kind, path in partners
                ),
            ],
        }
    ]


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
