"""Aggregates come in and go out here; saving one writes only its changed paths and drains its recorded facts."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import mongoengine as me
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.bson import make_converter
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from chassis import facts, paging
from chassis.access import Filter
from chassis.changes import changed_paths
from chassis.database import Row, db, is_taken
from chassis.errors import Aborted, AlreadyExists, NotFound
from chassis.paging import Page, Sort
from chassis.unit_of_work import WriteConflict, current

ROOT_FIELDS = ("version", "order", "sequences")


class Aggregate(Protocol):
    """What a domain class must have to be kept here: an id, and the facts recorded since it was loaded."""

    id: str
    recorded: list[object]


AggregateT = TypeVar("AggregateT", bound=Aggregate)


class RootDocument(me.Document):  # type: ignore[misc]
    """The root of an aggregate in the database: schema and indexes of a service's document are declared below it.

    `version` guards each write, `order` and `sequences` (by stream) place its facts. Roots are never deleted: a
    stream's sequence must never start again.
    """

    id = me.StringField(primary_key=True, min_length=1, max_length=200)
    version = me.LongField(required=True, min_value=1)
    order = me.LongField(required=True, min_value=0)
    sequences = me.MapField(me.LongField(min_value=1))

    meta: ClassVar[dict[str, Any]] = {"abstract": True, "auto_create_index": False}


class Repository(Generic[AggregateT]):
    """The aggregates of one kind.

    Reads take a Filter: what a caller may see, from `access.filter`, or EVERYTHING for the service's own work.
    `lazy` names large fields that `get` leaves out and `save` leaves alone; they are read with `read` and written
    with `patch`.
    """

    def __init__(
        self,
        kind: type[AggregateT],
        document: type[RootDocument],
        routes: facts.Routes,
        *,
        source: str,
        lazy: Sequence[str] = (),
    ) -> None:
        self._kind = kind
        self._document = document
        self._routes = routes
        self._source = source
        self._lazy = tuple(lazy)
        self._converter = make_converter()
        fields: Any = {name: override(omit=True) for name in ("recorded", *lazy)} | {"id": override(rename="_id")}
        self._converter.register_unstructure_hook(kind, make_dict_unstructure_fn(kind, self._converter, **fields))
        self._converter.register_structure_hook(kind, make_dict_structure_fn(kind, self._converter, **fields))

    @property
    def collection(self) -> Collection[Row]:
        """The collection behind; for queries that `find` does not cover, always together with a Filter's query."""
        return db()[self._document._get_collection_name()]

    @property
    def document(self) -> type[RootDocument]:
        """The document class, for `migrate`."""
        return self._document

    def get(self, visible: Filter, id: str, *, etag: str = "") -> AggregateT:
        """Load an aggregate for a verb. Raises NotFound, and Aborted when `etag` is given and not the present one."""
        raw = self.read(visible, id, dict.fromkeys(self._lazy, 0))
        if etag and etag != self.etag(raw):
            raise Aborted("It was changed by somebody else since you read it. Read it again and repeat.")
        current().loaded[self.collection.name, id] = deepcopy(raw)
        return self.revive(raw)

    def get_many(self, visible: Filter, ids: Iterable[str]) -> list[AggregateT]:
        """Load those of the aggregates that are there, by id, in one read: for work on many at a time."""
        condition = {"$and": [{"_id": {"$in": list(ids)}}, visible.query]}
        rows = list(self.collection.find(condition, dict.fromkeys(self._lazy, 0) or None).sort("_id", 1))
        loaded = current().loaded
        for raw in rows:
            loaded[self.collection.name, raw["_id"]] = deepcopy(raw)
        return [self.revive(raw) for raw in rows]

    def read(self, visible: Filter, id: str, projection: Mapping[str, Any] | None = None) -> Row:
        """Read one document as it is stored, or only the fields of the projection. Raises NotFound."""
        raw = self.collection.find_one({"$and": [{"_id": id}, visible.query]}, projection or None)
        if raw is None:
            raise NotFound("There is no such resource.")
        return raw

    def find(
        self,
        visible: Filter,
        query: Mapping[str, Any],
        *,
        sort: Sort = (("_id", 1),),
        page_size: int = 0,
        page_token: str = "",
        projection: Mapping[str, Any] | None = None,
    ) -> Page:
        """One page of documents as stored; `sort` must end in a unique field and be covered by an index."""
        wanted = {"$and": [visible.query, query]}
        limit = paging.size(page_size)
        condition = {"$and": [visible.query, query, paging.after(page_token, wanted, sort)]}
        rows = list(self.collection.find(condition, projection or None).sort(list(sort)).limit(limit + 1))
        more = len(rows) > limit
        return Page(rows[:limit], paging.token(rows[limit - 1], wanted, sort) if more else "")

    def count(self, visible: Filter, query: Mapping[str, Any]) -> int:
        """How many documents `find` would page through."""
        return self.collection.count_documents({"$and": [visible.query, query]})

    def distinct(self, visible: Filter, path: str, query: Mapping[str, Any]) -> list[Any]:
        """The different values at a path of the documents that match."""
        return self.collection.distinct(path, {"$and": [visible.query, query]})

    def add(self, aggregate: AggregateT) -> None:
        """Insert a new aggregate with its facts. Raises AlreadyExists when its id, or a unique value, is taken."""
        self.add_many([aggregate])

    def add_many(self, aggregates: Sequence[AggregateT]) -> None:
        """`add` for each of them, in one write."""
        rows = [self._new_row(aggregate) for aggregate in aggregates]
        if not rows:
            return
        try:
            self.collection.insert_many(rows)
        except BulkWriteError as error:
            if not is_taken(error):
                raise
            raise AlreadyExists("The id is taken already.") from None
        for raw in rows:
            current().loaded[self.collection.name, raw["_id"]] = deepcopy(raw)

    def save(self, aggregate: AggregateT) -> None:
        """Write what changed since `get` or `add`, with the recorded facts; nothing at all when nothing changed."""
        self.save_many([aggregate])

    def save_many(self, aggregates: Sequence[AggregateT]) -> None:
        """`save` for each of them, in one write."""
        writes = [write for aggregate in aggregates if (write := self._changes(aggregate)) is not None]
        if writes:
            self._write(writes)

    def patch(
        self, id: str, guard: Mapping[str, Any], paths: Mapping[str, Any], aggregate: AggregateT | None = None
    ) -> None:
        """Set paths of an aggregate without its version: for paths whose writers never disagree.

        `guard` is what must still hold of the document (its state, say). Facts that `aggregate` has recorded are
        written too and must be private: a public one needs the root's sequence, so it needs `save`.
        """
        if aggregate is not None:
            root: Row = {"order": 0}
            facts.write(self._drain(aggregate), aggregate, self._routes, root, self._source)
            if root.get("sequences"):
                raise TypeError("a public fact moves the root; use save")
        current()
        self._write([_update(id, guard, dict(paths), [])])

    def revive(self, raw: Mapping[str, Any]) -> AggregateT:
        """The aggregate that a stored document describes; lazy fields keep their defaults."""
        return self._converter.structure(raw, self._kind)

    @staticmethod
    def etag(raw: Mapping[str, Any]) -> str:
        """The etag of a stored document (AIP-154): quoted, opaque to clients."""
        return f'"{raw["version"]}"'

    def _new_row(self, aggregate: AggregateT) -> Row:
        root: Row = {"version": 1, "order": 0, "sequences": {}}
        facts.write(self._drain(aggregate), aggregate, self._routes, root, self._source)
        raw: Row = self._converter.unstructure(aggregate) | root
        self._validate(raw)
        return raw

    def _changes(self, aggregate: AggregateT) -> UpdateOne | None:
        """The write that saves an aggregate, guarded by its version; its facts join the unit of work."""
        before = current().loaded[self.collection.name, aggregate.id]
        recorded = self._drain(aggregate)
        after = self._converter.unstructure(aggregate)
        after |= {name: deepcopy(before[name]) for name in ROOT_FIELDS}
        facts.write(recorded, aggregate, self._routes, after, self._source)
        to_set, to_unset = changed_paths({k: v for k, v in before.items() if k not in self._lazy}, after)
        if not to_set and not to_unset:
            return None
        after["version"] = to_set["version"] = before["version"] + 1
        self._validate({name: value for name, value in after.items() if _touched(name, to_set)})
        current().loaded[self.collection.name, aggregate.id] = deepcopy(after)
        return _update(aggregate.id, {"version": before["version"]}, to_set, to_unset)

    def _write(self, writes: Sequence[UpdateOne]) -> None:
        """Write guarded updates. Raises WriteConflict unless each found what it is about."""
        try:
            written = self.collection.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if not is_taken(error):
                raise
            raise AlreadyExists("A value that must be unique is taken already.") from None
        if written.matched_count != len(writes):
            raise WriteConflict(self.collection.name)

    def _drain(self, aggregate: AggregateT) -> list[object]:
        recorded = list(aggregate.recorded)
        aggregate.recorded.clear()
        return recorded

    def _validate(self, raw: Row) -> None:
        document = self._document._from_son(raw)
        for name, stored in self._document._fields.items():
            if stored.db_field not in raw:
                continue
            if raw[stored.db_field] is not None:
                stored._validate(document._data[name])
            elif stored.required:
                stored.error("Field is required")


def _update(id: str, guard: Mapping[str, Any], to_set: Row, to_unset: Iterable[str]) -> UpdateOne:
    update: Row = {"$set": to_set} if to_set else {}
    if unset := dict.fromkeys(to_unset, ""):
        update["$unset"] = unset
    return UpdateOne({"_id": id, **guard}, update)


def _touched(name: str, to_set: Mapping[str, Any]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for path in to_set)
