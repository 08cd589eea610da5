"""Which paths of a document changed between load and save."""

from collections.abc import Mapping
from typing import Any


def changed_paths(
    before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """What to set and what to unset so that `before` becomes `after`; dotted paths, lists replaced whole.

    A key that holds a dot or starts with a dollar sign cannot be addressed, so the mapping around it is set whole.
    """
    to_set: dict[str, Any] = {}
    to_unset: list[str] = []
    for key in before.keys() | after.keys():
        path = f"{prefix}{key}"
        if key not in after:
            to_unset.append(path)
        elif key not in before:
            to_set[path] = after[key]
        elif before[key] != after[key] or _plain_type(before[key]) is not _plain_type(after[key]):
            old, new = before[key], after[key]
            if isinstance(old, Mapping) and isinstance(new, Mapping) and old and _addressable(old, new):
                below_set, below_unset = changed_paths(old, new, f"{path}.")
                to_set |= below_set
                to_unset += below_unset
            else:
                to_set[path] = new
    return to_set, to_unset


def _addressable(*documents: Mapping[str, Any]) -> bool:
    return not any("." in key or key.startswith("$") or not key for document in documents for key in document)


def _plain_type(value: Any) -> type:
    """The type as the database sees it: a text enum is a text, a 64-bit number a number; a flag is neither."""
    return next((plain for plain in (bool, str, int, float) if isinstance(value, plain)), type(value))
