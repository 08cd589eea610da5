"""What the contracts say about themselves: every element's comment, confidentiality class and shape."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import generate
import yaml
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet

from amplify.platform.v1 import confidentiality_pb2 as classes

TYPES = {
    number: name.removeprefix("TYPE_").lower()
    for name, number in FieldDescriptorProto.Type.items()  # type: ignore[attr-defined, unused-ignore]
}
EXAMPLES = generate.PROTO / "examples"


@dataclass(frozen=True)
class Element:
    """Any named part of a contract: its kind is message, field, oneof, enum, value, service, rpc or extension."""

    kind: str
    full_name: str
    comment: str
    file: str


@dataclass(frozen=True)
class Field(Element):
    """A field; `type` as a reader writes it, `message` the full name of its message type, `stated` its own class."""

    type: str = ""
    message: str = ""
    number: int = 0
    confidentiality: str = ""
    stated: bool = False


@dataclass(frozen=True)
class Message(Element):
    """A message and its fields in order; `confidentiality` is empty where the message states none."""

    confidentiality: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Stream:
    """One registry file."""

    name: str
    description: str
    owner: str
    key: str
    partitions: int
    confidentiality: str
    config: dict[str, str]
    messages: tuple[str, ...]
    producers: tuple[str, ...]
    consumers: tuple[str, ...]


@dataclass(frozen=True)
class Contracts:
    """Every element by full name, and the messages and streams among them."""

    elements: dict[str, Element] = field(default_factory=dict)

    @property
    def messages(self) -> dict[str, Message]:
        """Messages by full name, map entries left out."""
        return {name: one for name, one in self.elements.items() if isinstance(one, Message)}

    @property
    def events(self) -> dict[str, Message]:
        """The messages that some stream carries, by full name."""
        return {name: self.messages[name] for stream in streams().values() for name in stream.messages}

    def reached(self, name: str) -> Iterator[Message]:
        """A message and every one of ours inside it, each once."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            message = self.messages.get(waiting.pop())
            if message is not None and message.full_name not in seen:
                seen.add(message.full_name)
                yield message
                waiting += [one.message for one in message.fields if one.message]

    def values(self, enum: str) -> list[Element]:
        """The values of an enum, by its full name, in order."""
        package = enum.rsplit(".", 1)[0]
        file = self.elements[enum].file
        prefix = f"{package}.{_screaming(enum.rsplit('.', 1)[1])}_"
        found = [one for one in self.elements.values() if one.kind == "value" and one.file == file]
        return [one for one in found if one.full_name.startswith(prefix)]


@cache
def contracts() -> Contracts:
    """Everything below `proto/amplify`, read from a fresh build of its descriptors."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "contracts.binpb"
        generate.image(target, with_comments=True)
        files = FileDescriptorSet.FromString(target.read_bytes()).file
    ours = [file for file in files if file.name.startswith("amplify/")]
    return Contracts({element.full_name: element for file in ours for element in _elements(file)})


@cache
def streams() -> dict[str, Stream]:
    """The stream registry by name."""
    rows: list[dict[str, Any]] = [
        yaml.safe_load(file.read_text()) for file in sorted((generate.PROTO / "topics").glob("*.yaml"))
    ]
    lists = ("messages", "producers", "consumers")
    return {row["name"]: Stream(**(row | {name: tuple(row[name]) for name in lists})) for row in rows}


def examples(event: str) -> list[Path]:
    """The golden payloads of an event, sorted by name."""
    return sorted((EXAMPLES / event).glob("*.json"))


def _elements(file: FileDescriptorProto) -> Iterator[Element]:
    comments = {tuple(one.path): one.leading_comments.strip() for one in file.source_code_info.location}

    def element(kind: str, name: str, *path: int) -> Element:
        return Element(kind, f"{file.package}.{name}", comments.get(path, ""), file.name)

    for n, extension in enumerate(file.extension):
        yield element("extension", extension.name, 7, n)
    for n, enum in enumerate(file.enum_type):
        yield element("enum", enum.name, 5, n)
        yield from (element("value", value.name, 5, n, 2, m) for m, value in enumerate(enum.value))
    for n, service in enumerate(file.service):
        yield element("service", service.name, 6, n)
        yield from (element("rpc", f"{service.name}.{rpc.name}", 6, n, 2, m) for m, rpc in enumerate(service.method))
    for n, message in enumerate(file.message_type):
        whole = _message(file, n, comments)
        yield whole
        yield from whole.fields
        yield from (
            element("oneof", f"{message.name}.{one.name}", 4, n, 8, m)
            for m, one in enumerate(message.oneof_decl)
            if not one.name.startswith("_")
        )


def _message(file: FileDescriptorProto, n: int, comments: dict[tuple[int, ...], str]) -> Message:
    message = file.message_type[n]
    own = message.options.Extensions[classes.confidentiality]
    maps = {f".{file.package}.{message.name}.{entry.name}": entry for entry in message.nested_type}
    full_name = f"{file.package}.{message.name}"
    fields = []
    for m, one in enumerate(message.field):
        stated = one.options.Extensions[classes.field_confidentiality]
        entry = maps.get(one.type_name)
        shape = f"map<{_type(entry.field[0])}, {_type(entry.field[1])}>" if entry else _type(one)
        repeated = one.label == FieldDescriptorProto.LABEL_REPEATED and not entry
        fields.append(
            Field(
                "field",
                f"{full_name}.{one.name}",
                comments.get((4, n, 2, m), ""),
                file.name,
                type=f"repeated {shape}" if repeated else shape,
                message=one.type_name.lstrip(".") if one.type == FieldDescriptorProto.TYPE_MESSAGE else "",
                number=one.number,
                confidentiality=_class(stated or own),
                stated=bool(stated),
            )
        )
    return Message("message", full_name, comments.get((4, n), ""), file.name, _class(own), tuple(fields))


def _type(one: FieldDescriptorProto) -> str:
    return one.type_name.rsplit(".", 1)[-1] if one.type_name else TYPES[one.type]


def _class(number: int) -> str:
    return classes.Confidentiality.Name(number).removeprefix("CONFIDENTIALITY_") if number else ""  # type: ignore[arg-type]


def _screaming(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).lstrip("_").upper()
