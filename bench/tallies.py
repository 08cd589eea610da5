"""The smallest aggregate with a public fact, so that mechanisms can be measured without a business around them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import mongoengine as me
from google.protobuf.wrappers_pb2 import StringValue

from bench import tally_facts
from bench.tally_facts import Begun
from chassis import database, registry, telemetry, topics
from chassis.facts import Routes, public
from chassis.registry import Stream
from chassis.repository import Repository, RootDocument
from chassis.settings import Settings

STREAM = "bench-tallies"
TEXT = "x" * 200
"""What each fact says: about as much as a real one."""


@dataclass
class Tally:
    """The aggregate."""

    id: str
    text: str
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def begin(cls, id: str, text: str) -> "Tally":
        """Begin a tally."""
        tally = cls(id, text)
        tally.recorded.append(Begun(text))
        return tally


class TallyDocument(RootDocument):
    """How a tally is stored."""

    text = me.StringField(required=True)
    meta = {"collection": "tallies"}  # noqa: RUF012


ROUTES = Routes(tally_facts, {Begun: public(STREAM, lambda fact, _: StringValue(value=fact.text))})
tallies = Repository(Tally, TallyDocument, ROUTES, source="bench")


def prepare(settings: Settings, streams: Sequence[str] = (STREAM,)) -> None:
    """Connect, and make collections and topics that are missing; spans are recorded, as in production."""
    telemetry.configure(settings, "bench")
    for name in streams:
        registry.streams()[name] = Stream(name, "bench", 4, frozenset({StringValue.DESCRIPTOR.full_name}))
    database.connect(settings)
    database.ensure_collections()
    if "tallies" not in database.db().list_collection_names():
        database.db().create_collection("tallies")
    topics.ensure(settings, [registry.streams()[name] for name in streams])
