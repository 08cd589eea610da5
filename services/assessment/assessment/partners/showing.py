"""Reports, lines and grants as partners see them: presented first, then cut to what role, grant and request open."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from google.protobuf.message import Message as Proto

from amplify.assessment.v1 import partner_pb2, report_pb2
from amplify.programme.v1 import consent_grant_pb2
from assessment.contracts import contract_clusters, contract_rate
from assessment.dates import contract_date
from assessment.domain.assessment import Assessment
from assessment.domain.improvement_line import ImprovementLine
from assessment.enums import to_contract
from assessment.partners.consents import Grant, Scope
from chassis import access
from chassis.identity import Identity
from chassis.masks import Mask

ProtoT = TypeVar("ProtoT", bound=Proto)
LINE_FIELDS: dict[str, Sequence[str]] = {
    "lines.state": ("state", "overdue", "close_time"),
    "lines.due_day": ("due_day",),
    "lines.action": ("action",),
    "lines.proofs": ("proof",),
}
"""What a path of a grant for the improvement plan opens of a line; `lines` opens all of it."""

KINDS = {
    Scope.REPORTS: partner_pb2.ReleasedReport.DESCRIPTOR,
    Scope.IMPROVEMENT_PLAN: partner_pb2.SharedImprovementLine.DESCRIPTOR,
}


def mask(caller: Identity, grant: Grant, asked: Iterable[str]) -> Mask:
    """What the caller is shown of a thing that this grant opens. Raises Denied where its role sees nothing of it."""
    return access.mask(caller, KINDS[grant.scope].name, _granted(grant), asked)


def opens(caller: Identity, grant: Grant, asked: Iterable[str]) -> bool:
    """Whether there is more to show than what identifies a thing."""
    return mask(caller, grant, asked).opens_anything(KINDS[grant.scope])


def report(assessment: Assessment, grant: Grant) -> partner_pb2.ReleasedReport:
    """A released report, before it is cut."""
    released = assessment.report
    assert released is not None
    compliance = released.compliance
    message = partner_pb2.ReleasedReport(
        name=f"releasedReports/{assessment.id}",
        factory=f"factories/{assessment.factory_id}",
        country=assessment.country,
        consent_grant=f"consentGrants/{grant.id}",
        bank_version=released.bank_version,
        overall=contract_rate(compliance.overall),
        clusters=contract_clusters(compliance.clusters),
        points=[
            report_pb2.PointResult(
                cluster=one.cluster, point=one.point, status=to_contract(one.status), findings=one.findings
            )
            for one in compliance.points
        ],
        etag='"1"',
    )
    message.release_time.FromDatetime(released.released_at)
    return message


def line(line: ImprovementLine, etag: str, grant: Grant, now: datetime) -> partner_pb2.SharedImprovementLine:
    """A line of an improvement plan, before it is cut."""
    message = partner_pb2.SharedImprovementLine(
        name=f"sharedImprovementLines/{line.id}",
        factory=f"factories/{line.factory_id}",
        country=line.country,
        consent_grant=f"consentGrants/{grant.id}",
        cluster=line.cluster,
        point=line.point,
        state=to_contract(line.state),
        overdue=line.is_overdue(now),
        etag=etag,
    )
    message.open_time.FromDatetime(line.opened_at)
    if line.closed_at:
        message.close_time.FromDatetime(line.closed_at)
    if line.plan:
        message.due_day.CopyFrom(contract_date(line.plan.due_day))
        message.action = line.plan.action
    if line.proof:
        message.proof.grade = to_contract(line.proof.grade)
        message.proof.prove_time.FromDatetime(line.proof.at)
    return message


def granted(grant: Grant, *, renewed: bool = False) -> partner_pb2.AccessGranted:
    """What a grant opens."""
    message = partner_pb2.AccessGranted(
        scope=consent_grant_pb2.ConsentScope.ValueType(grant.scope.value),
        fields=grant.fields,
        purpose=consent_grant_pb2.ConsentPurpose.ValueType(grant.purpose),
        renewed=renewed,
    )
    message.expire_time.FromDatetime(grant.expires_at)
    return message


def retraction(row: dict[str, Any]) -> partner_pb2.Retraction:
    """That a grant is over, from its row of the feed."""
    message = partner_pb2.Retraction(scope=row["scope"], state=row["state"])
    message.end_time.FromDatetime(row["ended_at"])
    return message


def _granted(grant: Grant) -> Sequence[str]:
    if grant.scope is Scope.REPORTS or not grant.fields:
        return grant.fields
    if "lines" in grant.fields:
        return ()
    # A path that opens nothing of a line stays, for a list without paths would open everything.
    return [path for field in grant.fields for path in LINE_FIELDS.get(field, (field,))]
