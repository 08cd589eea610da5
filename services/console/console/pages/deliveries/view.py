"""What became of messages: sent, waiting, failed or left unsent, with the reason, for those who look after delivery."""

import re
from collections.abc import Sequence

from starlette.responses import Response

from amplify.notifications.v1.delivery_pb2 import Delivery
from amplify.notifications.v1.delivery_service_pb2 import ListDeliveriesRequest, ListDeliveriesResponse
from amplify.notifications.v1.message_pb2 import FailureReason, MessageState
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.pages.suppressions.view import TENDERS
from console.subject import factory_filter
from console.visit import Visit

_PERSON = re.compile(r"[0-9a-f-]{36}")
_NOBODY = "00000000-0000-0000-0000-000000000000"
FILTERS = ("state", "reason", "factory", "recipient")


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    return visit.show(
        "deliveries/_results.html" if visit.partial else "deliveries/page.html",
        found=visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "deliveries"),
        asked=visit.asked(*FILTERS),
        states=codes(MessageState),
        reasons=codes(FailureReason),
    )


def _found(visit: Visit, page: str, size: int) -> ListDeliveriesResponse:
    asked = visit.asked(*FILTERS)
    factory, person = factory_filter(asked["factory"]), asked["recipient"]
    if person and not _PERSON.fullmatch(person):
        person = _NOBODY
    return visit.services.notifications.deliveries(
        ListDeliveriesRequest(
            page_size=size,
            page_token=page,
            state=MessageState.ValueType(number(MessageState, asked["state"])),
            reason=FailureReason.ValueType(number(FailureReason, asked["reason"])),
            factory=f"factories/{factory}" if factory else "",
            recipient=f"recipients/{person}" if person else "",
        )
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Delivery], str]:
    found = _found(visit, page, size)
    return found.deliveries, found.next_page_token


def _reason(visit: Visit, one: Delivery) -> str:
    return visit.coded("deliveries.reason", code_of(one, "reason")) if one.reason else ""


LISTING: Listing[Delivery] = Listing(
    "deliveries",
    _rows,
    (
        Column("deliveries.message", lambda _, one: one.message.removeprefix("messages/")),
        Column("deliveries.rule", lambda _, one: one.rule),
        Column("suppressions.who", lambda _, one: one.display_name),
        Column("suppressions.channel", lambda visit, one: visit.coded("timeline.channel", code_of(one, "channel"))),
        Column("sessions.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("kit.country", lambda _, one: one.country),
        Column("factories.status", lambda visit, one: visit.coded("deliveries.state", code_of(one, "state"))),
        Column("suppressions.why", lambda visit, one: _reason(visit, one)),
        Column("deliveries.attempts", lambda _, one: one.attempts),
        Column("deliveries.planned", lambda _, one: one.plan_time),
        Column("deliveries.settled", lambda _, one: one.settle_time if one.HasField("settle_time") else None),
        Column("deliveries.bounced", lambda _, one: one.bounce_time if one.HasField("bounce_time") else None),
        Column("suppressions.code", lambda _, one: one.bounce_status_code),
    ),
)

PAGE = Page(
    "deliveries",
    (get("/deliveries", show), get_csv("/deliveries.csv", LISTING)),
    roles=TENDERS,
    menu=Menu("send", "/deliveries", 83, group="messages"),
)
