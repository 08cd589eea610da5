"""The RPCs of recipients: their particulars, and the names of colleagues."""

import grpc

from amplify.notifications.v1 import recipient_service_pb2 as people
from amplify.notifications.v1.recipient_service_pb2_grpc import RecipientServiceServicer
from chassis import access
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.rpc import command, query
from notifications import contracts, queries
from notifications.access import KEEPERS
from notifications.domain.errors import InvalidRecipient
from notifications.domain.recipient import Particulars
from notifications.storage import recipients
from notifications.use_cases.put_recipient import PutRecipient, put_recipient

CLAIMS = {
    "roles": "roles",
    "countries": "countries",
    "organisations": "organisation",
    "factories": "factory",
}
"""Field of a recipient -> the claim of the person's own token that bounds it."""


class RecipientApi(RecipientServiceServicer):
    """People keep their own address and language; machines and operators keep everybody's."""

    def PutRecipient(
        self, request: people.PutRecipientRequest, context: grpc.ServicerContext
    ) -> people.PutRecipientResponse:
        """Take over the particulars as they are."""

        def work(caller: Identity) -> people.PutRecipientResponse:
            id = request.recipient.name.removeprefix("recipients/")
            access.may(caller, "PutRecipient", {"_id": id})
            wanted = contracts.particulars(request.recipient)
            _demand_no_more_than_the_token(caller, wanted)
            try:
                put_recipient(PutRecipient(id, wanted, request.etag), caller)
            except InvalidRecipient as wrong:
                raise Invalid.field(f"recipient.{wrong.field}", str(wrong), reason=wrong.reason) from None
            return people.PutRecipientResponse(recipient=_recipient(caller, id))

        return command(request, people.PutRecipientResponse, work)

    def GetRecipient(
        self, request: people.GetRecipientRequest, context: grpc.ServicerContext
    ) -> people.GetRecipientResponse:
        """One recipient; somebody else's looks as if there were none."""
        id = request.name.removeprefix("recipients/")
        return query(lambda caller: people.GetRecipientResponse(recipient=_recipient(caller, id)))

    def ListColleagues(
        self, request: people.ListColleaguesRequest, context: grpc.ServicerContext
    ) -> people.ListColleaguesResponse:
        """Names for choosing a team and for reading who did what."""

        def work(caller: Identity) -> people.ListColleaguesResponse:
            wanted = (request.role, request.country, request.page_size, request.page_token)
            page, total = queries.colleagues(caller, *wanted)
            return people.ListColleaguesResponse(
                colleagues=[contracts.colleague(recipients.revive(row)) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)


def _recipient(caller: Identity, id: str) -> contracts.RecipientProto:
    row = recipients.read(access.filter(caller, "recipient"), id)
    known = recipients.revive(row).particulars
    assert known is not None
    return contracts.recipient(id, known, recipients.etag(row))


def _demand_no_more_than_the_token(caller: Identity, wanted: Particulars) -> None:
    """A role, country, organisation or factory brings messages; nobody can give themselves one."""
    if not caller.roles.isdisjoint(KEEPERS):
        return
    for field, claim in CLAIMS.items():
        held = caller.roles if field == "roles" else caller.values(claim)
        if not held.issuperset(getattr(wanted, field)):
            raise Invalid.field(f"recipient.{field}", "holds more than your token says", reason="RECIPIENT_INVALID")
