"""What the NetworkPolicies of a set let through, as a cluster would decide it; whatever they leave open, they allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from manifests.parts import Object

from checks.objects import of_kind, selects

Labels = Mapping[str, str]
SIDES = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}


@dataclass(frozen=True)
class End:
    """The other end of a connection: a pod of the same namespace, or, with `namespace`, anything in another one. With
    neither label it is a stranger; `outside` is an address that is no pod's."""

    pod: Labels = field(default_factory=dict)
    namespace: Labels | None = None
    outside: bool = False


OUTSIDE = End(outside=True)
STRANGERS = (End(), End(namespace={}), OUTSIDE)


def lets(objects: Sequence[Object], side: str, pod: Labels, port: int, end: End, protocol: str = "TCP") -> bool:
    """Whether a pod may be reached by (`Ingress`) or may reach (`Egress`) an end at a port."""
    rules, peers = SIDES[side]
    meant = [
        one["spec"]
        for one in of_kind(objects, "NetworkPolicy")
        if side in one["spec"]["policyTypes"] and selects(one["spec"]["podSelector"], pod)
    ]
    return not meant or any(
        _at(rule, port, protocol) and _with(rule.get(peers, []), end) for one in meant for rule in one.get(rules) or []
    )


def _at(rule: Object, port: int, protocol: str) -> bool:
    ports = rule.get("ports") or []
    return not ports or any(
        one.get("protocol", "TCP") == protocol
        and ("port" not in one or one["port"] <= port <= one.get("endPort", one["port"]))
        for one in ports
    )


def _with(peers: Sequence[Object], end: End) -> bool:
    return not peers or any(_is(peer, end) for peer in peers)


def _is(peer: Object, end: End) -> bool:
    if "ipBlock" in peer:
        return True  # addresses are known to nobody here: a block may hold any end
    namespace, pods = peer.get("namespaceSelector"), peer.get("podSelector", {})
    if end.namespace is None:
        # A selector that names no labels chooses every namespace, this one too.
        return not end.outside and namespace in (None, {}) and selects(pods, end.pod)
    return namespace is not None and selects(namespace, end.namespace) and selects(pods, end.pod)
