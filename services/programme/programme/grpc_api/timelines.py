"""TimelineService: shows the history of factories."""

import grpc

from amplify.programme.v1 import timeline_pb2
from amplify.programme.v1 import timeline_service_pb2 as pb
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceServicer
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import query
from programme import resources
from programme.grpc_api.parsing import moment, resource_id
from programme.paged import Paging
from programme.read_models import timeline


class TimelineApi(TimelineServiceServicer):
    """Each method parses its request, and hands over."""

    def ListTimelineEntries(
        self, request: pb.ListTimelineEntriesRequest, context: grpc.ServicerContext
    ) -> pb.ListTimelineEntriesResponse:
        """A page of a factory's timeline."""

        steps = timeline.Steps(
            services=tuple(request.services),
            events=tuple(request.events),
            since=moment("start_time", request.start_time) if request.HasField("start_time") else None,
            until=moment("end_time", request.end_time) if request.HasField("end_time") else None,
        )

        def work(caller: Identity) -> pb.ListTimelineEntriesResponse:
            paging = Paging(request.page_size, request.page_token)
            page, total, stale_since = timeline.entries(caller, resource_id(request.parent), steps, paging)
            return pb.ListTimelineEntriesResponse(
                timeline_entries=[_entry(row) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
                stale_since=resources.timestamp(stale_since),
            )

        return query(work)


def _entry(row: Row) -> timeline_pb2.TimelineEntry:
    return timeline_pb2.TimelineEntry(
        name=f"factories/{row['factory_id']}/timelineEntries/{row['_id']}",
        event=row["event"],
        event_id=row["event_id"],
        happen_time=resources.timestamp(row["at"]),
        actor=row["actor"],
        subject=row["subject"],
        details=row["details"],
        trace_id=row["trace_id"],
        service=timeline.service_of(row["event"]),
    )
