"""Which fields of a message are shown: what several lists of paths all open, and what identifies the thing with it."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message as Proto

from chassis.errors import Invalid

ProtoT = TypeVar("ProtoT", bound=Proto)
MOST_PATHS = 50
Paths = frozenset[str]


class Mask:
    """Several lists of paths, of which every one must open a field; an empty list opens everything.

    A path opens whatever is below it. `identity` are the paths that always come along with an open neighbour: the
    names of a thing, and the keys of its parts.
    """

    def __init__(self, lists: Iterable[Iterable[str]], identity: Iterable[str] = ()) -> None:
        self._lists: list[Paths] = [found for found in map(frozenset, lists) if found]
        self._identity = frozenset(identity)

    def opens(self, path: str) -> bool:
        """Whether the field at this path is shown whole."""
        return all(_covers(paths, path) for paths in self._lists)

    def opens_anything(self, kind: Descriptor) -> bool:
        """Whether there is more to show of such a message than what identifies it."""
        return self._reaches(kind, "")

    def cut(self, message: ProtoT) -> ProtoT:
        """A copy with only what is open."""
        copy = type(message)()
        copy.CopyFrom(message)
        self._cut(copy, "")
        return copy

    def _cut(self, message: Proto, prefix: str) -> None:
        for field, value in message.ListFields():
            path = f"{prefix}{field.name}"
            if path in self._identity or self.opens(path):
                continue
            if field.message_type is None or not self._reaches(field.message_type, f"{path}."):
                message.ClearField(field.name)
                continue
            for part in value if field.is_repeated else [value]:
                self._cut(part, f"{path}.")

    def _reaches(self, kind: Descriptor, prefix: str) -> bool:
        """Whether some field below is open, besides those that identify; looks only where some list looks deeper."""
        for field in kind.fields:
            path = f"{prefix}{field.name}"
            if path in self._identity:
                continue
            if self.opens(path):
                return True
            deeper = any(name.startswith(f"{path}.") for paths in self._lists for name in paths)
            if deeper and field.message_type is not None and self._reaches(field.message_type, f"{path}."):
                return True
        return False


def asked_paths(paths: Sequence[str], kind: Descriptor, field: str) -> Sequence[str]:
    """The paths of a request's mask. Raises Invalid, naming `field`, for a path that such a message does not have."""
    if len(paths) > MOST_PATHS:
        raise Invalid.field(field, f"names more than {MOST_PATHS} paths")
    for place, path in enumerate(paths):
        if not _exists(path, kind):
            raise Invalid.field(f"{field}.paths[{place}]", f"is no field of {kind.name}")
    return paths


def _covers(paths: Paths, path: str) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in paths)


def _exists(path: str, kind: Descriptor | None) -> bool:
    for name in path.split("."):
        field = kind.fields_by_name.get(name) if kind is not None else None
        if field is None:
            return False
        kind = field.message_type
    return True
