"""`may` and `filter` read the same rules and never disagree; what no rule allows is denied."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import access
from chassis.access import Allow, Is
from chassis.errors import Denied
from chassis.identity import Identity, from_claims

ROLES = ["one", "two"]
VALUES = ["x", "y", "z"]
FIELDS = ["colour", "owner", "state"]

rules = st.builds(
    Allow,
    st.sampled_from(ROLES),
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.sampled_from(["colours", "owners", "subject"])
        | st.lists(st.sampled_from(VALUES), min_size=1, max_size=2).map(lambda values: Is(*values)),
        max_size=2,
    ),
)
identities = st.builds(
    Identity,
    st.sampled_from(VALUES),
    st.frozensets(st.sampled_from(ROLES), max_size=2),
    st.fixed_dictionaries({name: st.frozensets(st.sampled_from(VALUES)) for name in ("colours", "owners")}),
)
resources = st.fixed_dictionaries(
    {name: st.none() | st.sampled_from(VALUES) | st.lists(st.sampled_from(VALUES), max_size=2) for name in FIELDS}
)


def matches(query: dict[str, Any], resource: dict[str, Any]) -> bool:
    """What the database would answer, for the few operators that a filter uses."""
    for name, condition in query.items():
        if name == "$or":
            if not any(matches(choice, resource) for choice in condition):
                return False
            continue
        held = resource.get(name)
        values = held if isinstance(held, list) else [held]
        if not set(values) & set(condition["$in"]):
            return False
    return True


@settings(deadline=None)
@given(st.lists(rules, max_size=3), identities, resources)
def test_may_and_filter_agree(table: list[Allow], caller: Identity, resource: dict[str, Any]) -> None:
    """A caller who may act on a resource finds it in the list, and no other does."""
    access.declare({"Act": table}, {"thing": table})
    try:
        access.may(caller, "Act", resource)
        allowed = True
    except Denied:
        allowed = False
    assert matches(access.filter(caller, "thing").query, resource) == allowed
    if not table:
        assert not allowed


def test_what_no_rule_names_is_denied() -> None:
    """An unknown action, an unknown kind, a caller without roles."""
    caller = Identity("somebody", frozenset({"one"}))
    with pytest.raises(Denied):
        access.may(caller, "Unheard-of")
    assert access.filter(caller, "unheard-of").query == {"_id": {"$in": []}}
    assert not access.has_policy("Unheard-of")


def test_every_private_claim_becomes_an_attribute_and_registered_ones_do_not() -> None:
    """Names and addresses of persons are never compared with anything."""
    caller = from_claims(
        {"sub": "p1", "iss": "x", "roles": ["one"], "owners": ["a", "b"], "owner": "c", "email": "p@x", "empty": []}
    )
    assert caller.attributes == {"owners": frozenset("ab"), "owner": frozenset("c")}
    assert caller.values("subject") == frozenset({"p1"})
