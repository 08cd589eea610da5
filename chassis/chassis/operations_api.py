"""OperationsService, the same in every service: what waits, who relays, what is parked, and three verbs."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from amplify.platform.v1 import operations_pb2 as pb
from amplify.platform.v1 import operations_service_pb2 as api
from amplify.platform.v1 import operations_service_pb2_grpc as stubs
from chassis import access, generations, operations, paging, parking
from chassis.access import Allow
from chassis.consumer import Consumer
from chassis.database import Row, db, server_now
from chassis.errors import Invalid, NotFound
from chassis.grpc_server import Api
from chassis.identity import Identity
from chassis.rpc import command, query
from chassis.settings import Settings

DESCRIPTOR = api.DESCRIPTOR.services_by_name["OperationsService"]
OPERATOR = Allow("sre")
SORT = (("parked_at", 1), ("_id", 1))


def operations_api(service: str, consumers: Sequence[Consumer], settings: Settings) -> Api:
    """The contract as this service answers it; only operators may call it."""
    access.declare({method.name: [OPERATOR] for method in DESCRIPTOR.methods}, {"parked": [OPERATOR]})
    servicer = OperationsApi(service, consumers, settings)
    return Api(DESCRIPTOR, servicer, stubs.add_OperationsServiceServicer_to_server)


class OperationsApi(stubs.OperationsServiceServicer):
    """Reads the chassis's own collections; facts' values are never shown."""

    def __init__(self, service: str, consumers: Sequence[Consumer], settings: Settings) -> None:
        self._service = service
        self._consumers = consumers
        self._lags = operations.Lags(settings, service)

    def GetOverview(self, request: api.GetOverviewRequest, context: grpc.ServicerContext) -> api.GetOverviewResponse:
        """Counts, ages, the relay and the consumers."""
        return query(lambda _: api.GetOverviewResponse(overview=self._overview()))

    def ListParkedFacts(
        self, request: api.ListParkedFactsRequest, context: grpc.ServicerContext
    ) -> api.ListParkedFactsResponse:
        """Oldest first."""

        def work(_: Identity) -> api.ListParkedFactsResponse:
            wanted: Row = {"consumer": request.consumer} if request.consumer else {}
            limit = paging.size(request.page_size)
            behind = {"$and": [wanted, paging.after(request.page_token, wanted, SORT)]}
            rows = list(db().parked.find(behind, {"value": 0}).sort(list(SORT)).limit(limit + 1))
            more = len(rows) > limit
            return api.ListParkedFactsResponse(
                parked_facts=[_parked_fact(row) for row in rows[:limit]],
                next_page_token=paging.token(rows[limit - 1], wanted, SORT) if more else "",
                total_size=db().parked.count_documents(wanted),
            )

        return query(work)

    def GetParkedFact(
        self, request: api.GetParkedFactRequest, context: grpc.ServicerContext
    ) -> api.GetParkedFactResponse:
        """By name."""

        def work(_: Identity) -> api.GetParkedFactResponse:
            row = db().parked.find_one({"_id": _id_in(request.name)}, {"value": 0})
            if row is None:
                raise NotFound("It is not parked (any more).")
            return api.GetParkedFactResponse(parked_fact=_parked_fact(row))

        return query(work)

    def RedriveParked(
        self, request: api.RedriveParkedRequest, context: grpc.ServicerContext
    ) -> api.RedriveParkedResponse:
        """Apply what can be applied now; each fact in a unit of work of its own, before the answer is kept."""

        def work(_: Identity) -> api.RedriveParkedResponse:
            applier = operations.applier(self._consumers, request.consumer)
            before = parking.count(applier.name, request.stream, request.key)
            applier.drain(request.stream, request.key)
            left = parking.count(applier.name, request.stream, request.key)
            return api.RedriveParkedResponse(applied=max(before - left, 0), still_parked=left)

        done = query(work)
        return command(request, api.RedriveParkedResponse, lambda _: done)

    def SkipParked(self, request: api.SkipParkedRequest, context: grpc.ServicerContext) -> api.SkipParkedResponse:
        """Give up one fact; those behind it are tried next, off the line. Or dismiss one unreadable record."""
        if request.record_position:
            return self._dismiss(request)
        for field in ("key", "sequence"):
            if not getattr(request, field):
                raise Invalid.field(field, "is needed, unless the record has no readable headers")

        def work(_: Identity) -> api.SkipParkedResponse:
            applier = operations.applier(self._consumers, request.consumer)
            done = applier.skip_head(request.stream, request.key, request.sequence, request.reason)
            return api.SkipParkedResponse(still_parked=done.still_parked, missing_given_up=done.missing)

        answer = command(request, api.SkipParkedResponse, work)
        operations.applier(self._consumers, request.consumer).drain(request.stream, request.key)
        return answer

    def _dismiss(self, request: api.SkipParkedRequest) -> api.SkipParkedResponse:
        if request.key or request.sequence:
            raise Invalid.field("record_position", "is for a record that names neither aggregate nor sequence")

        def work(_: Identity) -> api.SkipParkedResponse:
            operations.applier(self._consumers, request.consumer)
            parking.dismiss_unreadable(request.consumer, request.stream, request.record_position, request.reason)
            return api.SkipParkedResponse()

        return command(request, api.SkipParkedResponse, work)

    def ClearHalt(self, request: api.ClearHaltRequest, context: grpc.ServicerContext) -> api.ClearHaltResponse:
        """The consumer goes on within a second."""

        def work(_: Identity) -> api.ClearHaltResponse:
            return api.ClearHaltResponse(was_halted=generations.clear_halt(request.consumer, request.reason))

        return command(request, api.ClearHaltResponse, work)

    def _overview(self) -> pb.Overview:
        facts, work = operations.pending_facts(), operations.overdue_work()
        return pb.Overview(
            service=self._service,
            pending_facts=facts.count,
            oldest_pending_seconds=facts.oldest_seconds,
            relay=pb.RelayLease(**operations.relay_lease()),
            consumers=[_consumer(state) for state in operations.consumer_states(self._consumers, self._lags)],
            held_aggregates=[
                pb.HeldAggregate(stream=row["stream"], key=str(row.get("key", row["_id"])), error=row["error"])
                for row in db().held.find()
            ],
            overdue_work=work.count,
            oldest_overdue_seconds=work.oldest_seconds,
            read_time=_timestamp(server_now()),
        )


def _consumer(state: operations.ConsumerState) -> pb.ConsumerState:
    halt = state.halt or {}
    return pb.ConsumerState(
        consumer=state.name,
        generation=state.generation,
        live=state.live,
        lag=state.lag,
        parked=state.parked,
        halted_since=_timestamp(halt.get("since")),
        halt_reason=halt.get("reason", ""),
    )


def _parked_fact(row: Row) -> pb.ParkedFact:
    headers: dict[str, Any] = dict(row["headers"])
    return pb.ParkedFact(
        name=f"parkedFacts/{base64.urlsafe_b64encode(row['_id'].encode()).decode()}",
        consumer=row["consumer"],
        stream=row["stream"],
        key=row.get("key", ""),
        sequence=row.get("sequence", 0),
        event_id=row.get("event_id", ""),
        type=row.get("type", ""),
        reason=pb.ParkingReason.Value(f"PARKING_REASON_{row['reason'].upper().replace('-', '_')}"),
        error=row["error"],
        attempts=row["attempts"],
        park_time=_timestamp(row["parked_at"]),
        next_attempt_time=_timestamp(row["next_attempt_at"]),
        record_position=f"{row['partition']}:{row['offset']}",
        traceparent=bytes(headers.get("traceparent", b"")).decode("ascii", "replace"),
    )


def _id_in(name: str) -> str:
    try:
        return base64.urlsafe_b64decode(name.removeprefix("parkedFacts/")).decode()
    except ValueError:
        raise NotFound("It is not parked (any more).") from None


def _timestamp(time: datetime | None) -> Timestamp | None:
    if time is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp
