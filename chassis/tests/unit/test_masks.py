"""A field is shown where every list opens it; what identifies a thing comes along with it, and with nothing else."""

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.rpc.error_details_pb2 import BadRequest, Help
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import access
from chassis.access import Shown
from chassis.errors import Denied, Invalid
from chassis.identity import Identity
from chassis.masks import Mask, asked_paths

FILE = FileDescriptorProto(
    name="a.proto",
    package="a",
    message_type=[
        DescriptorProto(name="One", field=[FieldDescriptorProto(name="x", number=1), FieldDescriptorProto(name="y")]),
        DescriptorProto(name="Two", field=[FieldDescriptorProto(name="z", number=2)]),
    ],
)
IDENTITY = ("name", "message_type.name")
PATHS = ["package", "message_type", "message_type.field", "message_type.field.name", "message_type.field.number"]


def cut(*lists: list[str]) -> FileDescriptorProto:
    return Mask(lists, IDENTITY).cut(FILE)


def test_an_empty_list_opens_everything() -> None:
    assert cut([], []) == FILE


def test_a_path_opens_what_is_below_it_and_names_what_it_belongs_to() -> None:
    shown = cut(["message_type.field.name"])
    assert shown.name == "a.proto"
    assert not shown.HasField("package")
    assert [one.name for one in shown.message_type] == ["One", "Two"]
    assert [field.name for field in shown.message_type[0].field] == ["x", "y"]
    assert not any(field.HasField("number") for field in shown.message_type[0].field)


def test_every_list_must_open_a_field() -> None:
    shown = cut(["package", "message_type.field.name"], ["message_type"])
    assert not shown.HasField("package")
    assert [field.name for field in shown.message_type[1].field] == ["z"]
    assert not shown.message_type[1].field[0].HasField("number")


def test_lists_that_meet_nowhere_leave_the_name_alone() -> None:
    shown = cut(["message_type.field.name"], ["message_type.field.number"])
    assert shown == FileDescriptorProto(name="a.proto")
    assert not Mask([["message_type.field.name"], ["package"]], IDENTITY).opens_anything(FILE.DESCRIPTOR)
    assert Mask([["message_type"], ["message_type.field"]], IDENTITY).opens_anything(FILE.DESCRIPTOR)


def test_the_message_itself_stays_as_it_is() -> None:
    before = FILE.SerializeToString()
    cut(["package"])
    assert FILE.SerializeToString() == before


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(PATHS), max_size=3), max_size=3))
def test_what_is_shown_is_what_each_list_alone_would_show(lists: list[list[str]]) -> None:
    """Against a slow reference: a leaf is shown only if every list, taken alone, shows it."""
    alone = [set(leaves(cut(paths))) for paths in lists]
    assert set(leaves(cut(*lists))) == (set.intersection(set(leaves(FILE)), *alone))


def leaves(file: FileDescriptorProto) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = [("package", file.package)] if file.package else []
    for kind in file.message_type:
        for place, field in enumerate(kind.field):
            found += [(kind.name, place, part.name, value) for part, value in field.ListFields()]
    return found


def test_a_path_that_is_none_is_named() -> None:
    assert asked_paths(["field_violations.field"], BadRequest.DESCRIPTOR, "read_mask") == ["field_violations.field"]
    for path in ("nothing", "field_violations.nothing", "field_violations.field.deeper", "", "."):
        with pytest.raises(Invalid) as caught:
            asked_paths(["field_violations", path], BadRequest.DESCRIPTOR, "read_mask")
        assert caught.value.violations[0].field == "read_mask.paths[1]"
    with pytest.raises(Invalid, match="more than 50"):
        asked_paths(["links"] * 51, Help.DESCRIPTOR, "read_mask")


def test_the_role_is_one_of_the_lists() -> None:
    access.declare({}, {}, {"File": Shown(roles={"reader": (), "clerk": ("package",)}, identity=IDENTITY)})
    whole = Identity("a", frozenset({"reader"}))
    part = Identity("b", frozenset({"clerk"}))
    assert access.mask(whole, "File", ["message_type"]).cut(FILE).message_type
    assert not access.mask(part, "File", ["message_type"]).opens_anything(FILE.DESCRIPTOR)
    assert access.mask(Identity("c", whole.roles | part.roles), "File").cut(FILE) == FILE
    with pytest.raises(Denied):
        access.mask(Identity("d", frozenset({"stranger"})), "File")
