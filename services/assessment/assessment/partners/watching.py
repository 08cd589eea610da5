"""The stream that a partner follows: snapshot, then the feed's rows, each batch under grants asked for just before.

Nothing is handed over later than GRANTS_SECONDS after the last answer of programme, also where the partner reads
slowly: what was withdrawn meanwhile is left out. Tokens move with the items, so that whatever breaks, the partner goes
on behind the last item that it has; within a snapshot, behind the last grant whose snapshot it has whole.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from amplify.assessment.v1 import partner_service_pb2 as pb
from assessment.partners import reading
from assessment.partners.consents import Consents, Grant, Grants
from assessment.partners.items import Item, Items
from assessment.partners.tail import Tail
from assessment.partners.tokens import Place, Tokens, outdated
from assessment.read_models import partner_feed
from chassis import clock
from chassis.database import Row
from chassis.errors import Unavailable
from chassis.identity import Identity

BATCH = 100
GRANTS_SECONDS = 2.0
"""How old an answer about grants may be when an item is handed over, and how often a quiet stream asks again; more
often while a grant has gone and its retraction is not there."""

TICK_SECONDS = 0.5
CLOCKS_DIFFER = timedelta(seconds=10)
Sent = pb.WatchChangesResponse
Step = tuple[Item, Place]
"""An item, and the place that its token names: behind it, or before the whole that it is a part of."""


@dataclass(frozen=True)
class Wishes:
    """What a partner asks for: masks as lists of paths, and the pause between heartbeats in seconds."""

    report_paths: Sequence[str]
    line_paths: Sequence[str]
    heartbeat_seconds: float


class Watch:
    """One partner's stream."""

    def __init__(self, caller: Identity, consents: Consents, tail: Tail, tokens: Tokens, wishes: Wishes) -> None:
        self._organisation = reading.organisation_of(caller)
        self._consents, self._tail, self._tokens = consents, tail, tokens
        self._heartbeat_seconds = wishes.heartbeat_seconds
        self._items = Items(caller, wishes.report_paths, wishes.line_paths)
        self._grants: Grants = {}
        self._asked = (0.0, datetime.fromtimestamp(0, UTC))
        self._announced: set[str] = set()
        self._held: set[str] = set()
        self._gone: dict[str, float] = {}
        self._place = Place(0, 0, 0)

    def run(self, token: str) -> Iterator[Sent | None]:
        """Items from the token's place on, or from a snapshot; None at least once a second. Raises Refusals."""
        with self._tail.followed():
            generation = self._tail.generation
            self._place = Place(generation, self._tail.last, _milliseconds(clock.now()), snapshot="")
            if token:
                self._place = self._tokens.read(self._organisation, token, generation)
            self._ask()
            self._held = {grant.id for grant in self._grants.values()}
            yield from self._snapshot()
            yield self._heartbeat()
            beaten = time.monotonic()
            while self._tail.generation == generation:
                for sent in self._news():
                    yield sent
                    beaten = time.monotonic()  # an item tells as much as a heartbeat
                if time.monotonic() - beaten > self._heartbeat_seconds:
                    yield self._heartbeat()
                    beaten = time.monotonic()
                yield None
                self._tail.wait(self._place.number, TICK_SECONDS)
            raise outdated()

    def _news(self) -> Iterator[Sent]:
        """What there is behind the place, and grants that have begun since they were last asked for."""
        rows, upto = self._tail.after(self._place.number, BATCH, self._concerns, self._condition())
        pause = GRANTS_SECONDS / 4 if self._gone else GRANTS_SECONDS
        if rows or time.monotonic() - self._asked[0] > pause:
            self._ask()
            yield from self._begun()
            self._demand_retractions(rows)
        if rows:
            yield from self._hand_over([step for steps in self._of_rows(rows) for step in steps])
        self._place = self._at(upto)

    def _of_rows(self, rows: Sequence[Row]) -> Iterator[list[Step]]:
        """The items of each row: none where no live grant opens it any more."""
        shown = self._items.of_rows(rows, self._grants)
        for row in rows:
            grant = next((one for one in self._grants.values() if one.id == row.get("grant_id")), None)
            items: list[Item] = []
            match row["kind"]:
                case partner_feed.RETRACTION:
                    items = [self._items.retraction(row)]
                case partner_feed.GRANTED if grant is not None and grant.id not in self._announced:
                    items = self._opened(grant, row)
                case partner_feed.RENEWED if grant is not None:
                    items = [self._items.granted(grant, row, renewed=True)]
                case partner_feed.REPORT | partner_feed.LINE if row["_id"] in shown:
                    items = [shown[row["_id"]]]
            yield _steps(items, self._at(row["_id"] - 1), self._at(row["_id"]))

    def _snapshot(self) -> Iterator[Sent]:
        """Retractions that are owed, then every live grant with what it opens; nothing where that is done."""
        if self._place.snapshot is None:
            return
        if not self._place.snapshot:
            owed = self._items.owed_retractions(self._place.generation, self._organisation)
            yield from self._hand_over(_steps(owed, self._place, self._place))
        by_key = {f"{grant.factory_id}/{grant.scope.value}": grant for grant in self._grants.values()}
        for key in sorted(key for key in by_key if key > (self._place.snapshot or "")):
            whole = replace(self._place, snapshot=key)
            yield from self._hand_over(_steps(self._opened(by_key[key], None), self._place, whole))
            self._place = whole
        self._place = replace(self._place, snapshot=None)
        yield from self._begun()

    def _begun(self) -> Iterator[Sent]:
        """Grants that were given for a later time, which has come by now: their rows have passed unannounced."""
        since = datetime.fromtimestamp(self._place.asked_at / 1000, UTC) - CLOCKS_DIFFER
        for grant in list(self._grants.values()):
            if grant.starts_at > since and grant.id not in self._announced:
                row = partner_feed.grant_row(self._place.generation, self._organisation, grant.id)
                if row is not None and row["_id"] <= self._place.number and grant.starts_at > row["at"]:
                    yield from self._hand_over(_steps(self._opened(grant, None), self._place, self._place))
        self._place = replace(self._place, asked_at=_milliseconds(self._asked[1]))

    def _opened(self, grant: Grant, row: Row | None) -> list[Item]:
        """A grant, and what it opens already."""
        self._announced.add(grant.id)
        return [self._items.granted(grant, row), *self._items.snapshot(grant)]

    def _hand_over(self, steps: Sequence[Step]) -> Iterator[Sent]:
        """Send items, each under a grant that was live moments ago; the audit knows of all of them before."""
        self._items.note(item for item, _ in steps)
        for item, place in steps:
            if time.monotonic() - self._asked[0] > GRANTS_SECONDS:
                self._ask()
            if item.is_open_under(self._grants):
                token = self._tokens.make(self._organisation, place)
                yield pb.WatchChangesResponse(resume_token=token, change=item.change)

    def _heartbeat(self) -> Sent:
        answer = pb.WatchChangesResponse(resume_token=self._tokens.make(self._organisation, self._place))
        answer.heartbeat.send_time.GetCurrentTime()
        return answer

    def _ask(self) -> None:
        asked = (time.monotonic(), clock.now())
        self._grants = self._consents.live(self._organisation)
        self._asked = asked

    def _demand_retractions(self, rows: Iterable[Row]) -> None:
        """End the stream where a grant has gone and its retraction does not come: within five seconds, one or other."""
        live = {grant.id for grant in self._grants.values()}
        retracted = {row["grant_id"] for row in rows if row["kind"] == partner_feed.RETRACTION}
        self._gone = {id: self._gone.get(id, self._asked[0]) for id in self._held - live - retracted}
        self._held = (self._held - retracted) | live
        if any(self._asked[0] - since > GRANTS_SECONDS * 0.75 for since in self._gone.values()):
            raise Unavailable("A grant has ended, and its retraction is late; go on from where you are.")

    def _at(self, number: int) -> Place:
        return replace(self._place, number=max(number, self._place.number))

    def _concerns(self, row: Row) -> bool:
        if row["kind"] in (partner_feed.REPORT, partner_feed.LINE):
            return row["factory_id"] in {factory for factory, _ in self._grants}
        return bool(row["organisation_id"] == self._organisation)

    def _condition(self) -> Row:
        factories = sorted({factory for factory, _ in self._grants})
        kinds = {"$in": [partner_feed.REPORT, partner_feed.LINE]}
        return {"$or": [{"factory_id": {"$in": factories}, "kind": kinds}, {"organisation_id": self._organisation}]}


def _steps(items: Sequence[Item], before: Place, behind: Place) -> list[Step]:
    """Items that are one: only the last of them leads behind it."""
    return [(item, behind if number == len(items) else before) for number, item in enumerate(items, start=1)]


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
