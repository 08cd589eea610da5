"""Partners read what live grants open, masked, page by page; everything else is not found, and every read is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from amplify.assessment.v1 import partner_service_pb2 as pb
from amplify.assessment.v1 import report_pb2
from assessment.settings import AssessmentSettings
from chassis.database import db
from local_stack.issuer import Issuer

from .partner_world import BANK, BUYER, OTHER, PLAN, Partners, partners
from .world import LEADER, Refused, World, new_id

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def port(world: World, issuer: Issuer, settings: AssessmentSettings) -> Iterator[Partners]:
    """The port for partners, with one released report each of two factories."""
    with partners(issuer, settings) as made:
        yield made


@pytest.fixture(scope="module")
def reports(world: World) -> dict[str, str]:
    """A released report of each of two factories, by factory."""
    return {factory: world.release(factory=factory) for factory in ("bd-1001", "bd-1002")}


@pytest.fixture(autouse=True)
def no_grants(port: Partners) -> None:
    """Each test begins without consents."""
    port.ledger.rows.clear()


def get(port: Partners, id: str, organisation: str = BUYER, *paths: str) -> Any:
    mask = FieldMask(paths=paths)
    request = pb.GetReleasedReportRequest(name=f"releasedReports/{id}", read_mask=mask)
    return port.call(organisation, request).released_report


def refused(port: Partners, request: Any, organisation: str = BUYER, /, **claims: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        port.call(organisation, request, **claims)
    return caught.value


def test_without_a_live_grant_there_is_nothing(port: Partners, reports: dict[str, str]) -> None:
    request = pb.GetReleasedReportRequest(name=f"releasedReports/{reports['bd-1001']}")
    nowhere = refused(port, pb.GetReleasedReportRequest(name=f"releasedReports/{new_id()}"))
    assert (nowhere.code, nowhere.reason) == ("NOT_FOUND", "NOT_FOUND")
    assert refused(port, request) == nowhere
    for other in ({"scope": PLAN}, {"organisation": OTHER}, {"starts_in": 3600}, {"fields": ["progress_reports"]}):
        port.grant("bd-1001", **other)
        assert refused(port, request) == nowhere, other
        listed = port.call(BUYER, pb.ListReleasedReportsRequest())
        assert (list(listed.released_reports), listed.total_size) == ([], 0), other
        port.ledger.rows.clear()
    grant = port.grant("bd-1001")
    assert get(port, reports["bd-1001"]).consent_grant == f"consentGrants/{grant}"
    assert refused(port, pb.GetReleasedReportRequest(name=f"releasedReports/{reports['bd-1002']}")) == nowhere
    port.withdraw(grant)
    assert refused(port, request) == nowhere


def test_a_report_says_nothing_of_people(port: Partners, reports: dict[str, str]) -> None:
    port.grant("bd-1001")
    shown = get(port, reports["bd-1001"])
    assert shown.factory == "factories/bd-1001"
    assert len(shown.points) > 0
    assert LEADER not in str(shown)


def test_scope_grant_and_request_each_close_fields(port: Partners, reports: dict[str, str]) -> None:
    id = reports["bd-1001"]
    port.grant("bd-1001", fields=["overall", "points.status"])
    whole = get(port, id)
    assert {field.name for field, _ in whole.ListFields()} >= {"name", "factory", "consent_grant", "overall", "points"}
    assert not whole.clusters
    assert {one.status for one in whole.points} == {report_pb2.POINT_STATUS_COMPLIANT}
    only = get(port, id, BUYER, "overall")
    assert (only.HasField("overall"), list(only.points)) == (True, [])
    closed = refused(port, pb.GetReleasedReportRequest(name=whole.name, read_mask=FieldMask(paths=["clusters"])))
    assert closed.code == "NOT_FOUND"
    port.grant("bd-1001", organisation=BANK)
    bank = get(port, id, BANK)
    assert (bank.HasField("overall"), len(bank.clusters) > 0, list(bank.points)) == (True, True, [])
    assert refused(port, pb.GetReleasedReportRequest(name=whole.name, read_mask=FieldMask(paths=["points"])), BANK)


@pytest.mark.parametrize(
    ("request_", "field", "reason"),
    [
        (pb.GetReleasedReportRequest(name="somewhere/else"), "name", "INVALID_FIELD"),
        (
            pb.ListReleasedReportsRequest(read_mask=FieldMask(paths=["overall", "released_by"])),
            "read_mask.paths[1]",
            "INVALID_FIELD",
        ),
        (pb.ListReleasedReportsRequest(factory="bd-1001"), "factory", "INVALID_FIELD"),
        (pb.ListReleasedReportsRequest(page_size=-1), "page_size", "INVALID_FIELD"),
        (pb.ListReleasedReportsRequest(page_token="nonsense"), "page_token", "INVALID_PAGE_TOKEN"),  # noqa: S106
        (
            pb.ListSharedImprovementLinesRequest(read_mask=FieldMask(paths=["owner"])),
            "read_mask.paths[0]",
            "INVALID_FIELD",
        ),
        (pb.AcknowledgeRetractionRequest(consent_grant="consentGrants/x", request_id=new_id()), "consent_grant", None),
        (pb.AcknowledgeRetractionRequest(consent_grant=f"consentGrants/{new_id()}"), "request_id", None),
    ],
)
def test_bad_input_is_named(port: Partners, request_: Any, field: str, reason: str | None) -> None:
    refusal = refused(port, request_)
    assert (refusal.code, refusal.fields) == ("INVALID_ARGUMENT", {field: reason or "INVALID_FIELD"})


def test_pages_turn_and_belong_to_one_partner_and_its_filters(port: Partners, reports: dict[str, str]) -> None:
    first = port.grant("bd-1001")
    port.grant("bd-1002")
    port.grant("bd-1001", organisation=OTHER)
    one = port.call(BUYER, pb.ListReleasedReportsRequest(page_size=1))
    assert (len(one.released_reports), one.total_size) == (1, 2)
    two = port.call(BUYER, pb.ListReleasedReportsRequest(page_size=1, page_token=one.next_page_token))
    names = [page.released_reports[0].name for page in (one, two)]
    assert names == [f"releasedReports/{reports[factory]}" for factory in ("bd-1001", "bd-1002")]
    assert two.next_page_token == ""
    for organisation, country in ((OTHER, ""), (BUYER, "BD")):
        request = pb.ListReleasedReportsRequest(page_token=one.next_page_token, country=country)
        assert refused(port, request, organisation).fields == {"page_token": "INVALID_PAGE_TOKEN"}
    # A grant that ends between two pages takes its factory out of the second; the token stays good.
    port.withdraw(first)
    rest = port.call(BUYER, pb.ListReleasedReportsRequest(page_token=one.next_page_token))
    assert [each.name for each in rest.released_reports] == names[1:]


def test_filters_restrict(port: Partners, reports: dict[str, str]) -> None:
    for factory in reports:
        port.grant(factory)
    whole = port.call(BUYER, pb.ListReleasedReportsRequest()).released_reports
    later = pb.ListReleasedReportsRequest()
    later.released_after_time.CopyFrom(whole[0].release_time)
    assert list(port.call(BUYER, later).released_reports) == [whole[1]]
    of = pb.ListReleasedReportsRequest(factory="factories/bd-1002")
    assert list(port.call(BUYER, of).released_reports) == [whole[1]]
    assert port.call(BUYER, pb.ListReleasedReportsRequest(country="JO")).total_size == 0


def test_programme_down_means_nothing_is_shown(port: Partners, reports: dict[str, str]) -> None:
    port.grant("bd-1001")
    port.ledger.down = True
    try:
        for request in (
            pb.GetReleasedReportRequest(name=f"releasedReports/{reports['bd-1001']}"),
            pb.ListReleasedReportsRequest(),
            pb.ListSharedImprovementLinesRequest(),
        ):
            assert refused(port, request).code == "UNAVAILABLE"
        stream = port.watch(BUYER)
        stream.wait(lambda me: me.ended is not None)
        assert (stream.ended.code, stream.items) == ("UNAVAILABLE", [])
    finally:
        port.ledger.down = False


def test_what_was_shown_is_kept_with_its_grant(port: Partners, reports: dict[str, str]) -> None:
    grant = port.grant("bd-1001")
    before = db().audit.count_documents({})
    refused(port, pb.GetReleasedReportRequest(name=f"releasedReports/{reports['bd-1002']}"))
    assert db().audit.count_documents({}) == before
    get(port, reports["bd-1001"])
    (row,) = db().audit.find().sort("_id", -1).limit(1)
    assert row["disclosed"] == [
        {"resource": f"releasedReports/{reports['bd-1001']}", "grant": f"consentGrants/{grant}"}
    ]
    assert (row["subject"], row["action"]) == (f"sub-{BUYER}", "GetReleasedReport")
    assert row["attributes"]["organisation"] == [BUYER]
    assert abs(row["at"] - datetime.now(UTC)) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "amplify"}, "UNAUTHENTICATED"),
        ({"exp": 2_000_000_000}, "UNAUTHENTICATED"),
        ({"roles": ["service"]}, "PERMISSION_DENIED"),
        ({"roles": ["programme-officer", "team-leader"]}, "PERMISSION_DENIED"),
        ({"organisation": ""}, "PERMISSION_DENIED"),
        ({"organisation": [BUYER, OTHER]}, "PERMISSION_DENIED"),
    ],
)
def test_only_a_partners_short_lived_token_opens_the_port(port: Partners, claims: dict[str, Any], code: str) -> None:
    assert refused(port, pb.ListReleasedReportsRequest(), **claims).code == code
    stream = port.stub.WatchChanges(pb.WatchChangesRequest(), metadata=port.metadata(BUYER, **claims), timeout=60)
    with pytest.raises(grpc.RpcError) as caught:
        next(stream)
    assert caught.value.code().name == code


def test_each_port_serves_its_own_apis_alone(port: Partners, world: World) -> None:
    inner = grpc.insecure_channel(f"127.0.0.1:{world.port}")
    outer = port.channel
    for channel, method in (
        (inner, "/amplify.assessment.v1.PartnerService/ListReleasedReports"),
        (outer, "/amplify.assessment.v1.AssessmentService/ListAssessments"),
        (outer, "/amplify.platform.v1.OperationsService/GetOverview"),
        (outer, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"),
    ):
        call: Any = channel.unary_unary(method)
        with pytest.raises(grpc.RpcError) as caught:
            call(b"", metadata=port.metadata(BUYER), timeout=60)
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED, method
    inner.close()


def test_a_partners_token_opens_no_other_port(port: Partners, world: World) -> None:
    from amplify.assessment.v1.assessment_service_pb2 import ListAssessmentsRequest

    token = dict(port.metadata(BUYER))["authorization"].removeprefix("Bearer ")
    with pytest.raises(Refused) as caught:
        world.call(LEADER, ListAssessmentsRequest(), token=token)
    assert caught.value.code == "UNAUTHENTICATED"
