"""The one place that decides who may do and see what; rules are data that a service declares.

`may(identity, action, resource)` guards verbs and `filter(identity, kind)` guards reads. Both read the same kind of
rule, and what no rule allows is denied. `mask(identity, kind, …)` says which fields of what is read are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.errors import Denied
from chassis.identity import Identity
from chassis.masks import Mask


@dataclass(frozen=True)
class Is:
    """In a rule: the resource's field must hold one of these constants."""

    values: tuple[str, ...]

    def __init__(self, *values: str) -> None:
        object.__setattr__(self, "values", values)


@dataclass(frozen=True)
class Allow:
    """Callers with the role, where each named field of the resource holds a value of the caller's attribute.

    `where={"country": "countries"}` compares the resource's `country` with the caller's `countries`; `subject` names
    the caller itself; `Is(...)` compares with constants. An empty `where` allows every resource.
    """

    role: str
    where: Mapping[str, str | Is] = field(default_factory=dict)

    def allowed(self, identity: Identity, name: str) -> frozenset[str]:
        """The values of the resource's field `name` that this rule lets the caller have."""
        source = self.where[name]
        return frozenset(source.values) if isinstance(source, Is) else identity.values(source)


class Filter:
    """What a caller may see, as a database query. Only `filter` and EVERYTHING make one."""

    __slots__ = ("query",)

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.query = dict(query)


@dataclass(frozen=True)
class Shown:
    """Which fields of a kind of message are shown to whom.

    `roles` maps each role that sees any to its paths, an empty list for all of them; `identity` are the paths that
    name the thing and its parts, and always come along.
    """

    roles: Mapping[str, Sequence[str]]
    identity: Sequence[str] = ()


EVERYTHING = Filter({})
"""For the service's own work (policies, deadlines), never on behalf of a caller."""

_actions: dict[str, Sequence[Allow]] = {}
_kinds: dict[str, Sequence[Allow]] = {}
_shown: dict[str, Shown] = {}


def declare(
    actions: Mapping[str, Sequence[Allow]],
    kinds: Mapping[str, Sequence[Allow]],
    shown: Mapping[str, Shown] | None = None,
) -> None:
    """Add a service's rules: `actions` by RPC method name, `kinds` and `shown` by kind of resource."""
    _actions.update(actions)
    _kinds.update(kinds)
    _shown.update(shown or {})


def has_policy(action: str) -> bool:
    """Whether a rule list exists for the action; a server does not start with an RPC that has none."""
    return action in _actions


def may(identity: Identity, action: str, resource: Mapping[str, Any] | None = None) -> None:
    """Return if the caller may do this (to this resource, where one is given); raise Denied otherwise."""
    for rule in _actions.get(action, ()):
        if rule.role in identity.roles and (resource is None or _matches(rule, identity, resource)):
            return
    raise Denied("Your role does not allow this.")


def filter(identity: Identity, kind: str) -> Filter:
    """The resources of a kind that the caller may see; matches nothing where no rule applies."""
    choices = [
        {name: {"$in": sorted(rule.allowed(identity, name))} for name in rule.where}
        for rule in _kinds.get(kind, ())
        if rule.role in identity.roles
    ]
    if not choices:
        return Filter({"_id": {"$in": []}})
    return EVERYTHING if {} in choices else Filter({"$or": choices})


def mask(identity: Identity, kind: str, *lists: Iterable[str]) -> Mask:
    """What is shown of a kind: what the caller's role opens, and each of the lists (a grant's fields, a read mask).

    Raises Denied where no role of the caller sees anything of the kind.
    """
    shown = _shown[kind]
    of_roles = [set(paths) for role, paths in shown.roles.items() if role in identity.roles]
    if not of_roles:
        raise Denied("Your role does not allow this.")
    open_to_some_role: set[str] = set() if set() in of_roles else set().union(*of_roles)
    return Mask([open_to_some_role, *lists], shown.identity)


def _matches(rule: Allow, identity: Identity, resource: Mapping[str, Any]) -> bool:
    for name in rule.where:
        held = resource.get(name)
        values = held if isinstance(held, list | tuple | set | frozenset) else [held]
        if rule.allowed(identity, name).isdisjoint(map(str, values)):
            return False
    return True
