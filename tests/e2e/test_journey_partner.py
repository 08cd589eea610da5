"""A buyer's program integrates: it reads what a factory shares, follows what changes, and forgets what is withdrawn."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest

from amplify.assessment.v1.partner_service_pb2 import Change, ListReleasedReportsRequest
from amplify.assessment.v1.partner_service_pb2_grpc import PartnerServiceStub
from amplify.programme.v1.consent_grant_pb2 import CONSENT_SCOPE_IMPROVEMENT_PLAN, CONSENT_SCOPE_REPORTS
from amplify_client import Item, PartnerClient, Refused
from local_stack.people import directory
from local_stack.platform import Platform
from local_stack.waiting import wait_until

from .partner import BUYER, Consents, program_of
from .world import Team

pytestmark = pytest.mark.stack
FACTORY, OTHER = "bd-1007", "bd-1008"
EXAMPLE = Path(__file__).parents[2] / "clients/python/examples/follow_changes.py"


@pytest.fixture(scope="module")
def consents(stack: Platform) -> Consents:
    """The ledger."""
    return Consents(stack)


class Follower:
    """A partner's program that follows, and what has come."""

    def __init__(self, client: PartnerClient, token: str = "") -> None:
        self.items: list[Item] = []
        self._stream = client.follow(token)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            for item in self._stream:
                self.items.append(item)
        except (grpc.RpcError, Refused, ValueError):
            return  # the test closed the channel

    @property
    def changes(self) -> list[Change]:
        """What changed of this story's factories, without heartbeats: other stories share more with the same buyer."""
        ours = {f"factories/{FACTORY}", f"factories/{OTHER}"}
        return [item.change for item in self.items if item.change is not None and item.change.factory in ours]

    def until(self, ready: Callable[[list[Change]], bool]) -> list[Change]:
        """Wait for it; what has come so far."""
        wait_until(lambda: ready(self.changes), 120)
        return self.changes


@pytest.fixture
def buyer(stack: Platform) -> Iterator[PartnerClient]:
    """The buyer's program."""
    with program_of(stack) as client:
        yield client


def kinds(changes: list[Change]) -> list[str]:
    return [str(one.WhichOneof("kind")) for one in changes]


def retracted(changes: list[Change]) -> list[str]:
    return [one.consent_grant for one in changes if one.HasField("retraction")]


def test_a_buyer_follows_a_factory_until_its_consent_is_withdrawn(
    stack: Platform, team: Team, consents: Consents, buyer: PartnerClient
) -> None:
    # Without consent the buyer's program finds nothing, and follows in silence.
    first = team.release(FACTORY)
    team.release(OTHER)
    name = f"releasedReports/{first}"
    assert list(buyer.released_reports(factory=f"factories/{FACTORY}")) == []
    follower = Follower(buyer)
    wait_until(lambda: follower.items, 120)
    assert follower.changes == []

    # The factory consents to its reports: they come as a snapshot, each item with the grant.
    reports = consents.grant(FACTORY, CONSENT_SCOPE_REPORTS)
    changes = follower.until(lambda found: "released_report" in kinds(found))
    assert kinds(changes)[:2] == ["access_granted", "released_report"]
    assert changes[1].released_report.name == name
    assert {one.consent_grant for one in changes} == {reports.name}
    assert [one.name for one in buyer.released_reports(factory=f"factories/{FACTORY}")] == [name]
    assert buyer.released_report(name, fields=["overall"]).overall.non_compliant == 1

    # It consents to states and due days of its improvement plan: lines come, without a word of the factory.
    plan = consents.grant(FACTORY, CONSENT_SCOPE_IMPROVEMENT_PLAN, "lines.state", "lines.due_day")
    changes = follower.until(lambda found: "improvement_line" in kinds(found))
    line = next(one.improvement_line for one in changes if one.HasField("improvement_line"))
    assert (line.factory, line.consent_grant, line.action) == (f"factories/{FACTORY}", plan.name, "")
    assert line.state != 0
    assert [one.name for one in buyer.improvement_lines(factory=line.factory)] == [line.name]

    # What is released from now on arrives by itself, in order.
    second = team.release(FACTORY)
    changes = follower.until(lambda found: any(second in one.released_report.name for one in found))
    told = [one.released_report.name for one in changes if one.HasField("released_report")]
    # At least once: a stream that broke within a snapshot repeats what it had of it.
    assert list(dict.fromkeys(told)) == [name, f"releasedReports/{second}"]
    assert not changes[-1].snapshot

    # It withdraws: from the acknowledgement on nothing is shown, and the stream says what to delete.
    consents.withdraw(reports.name)
    with pytest.raises(Refused) as caught:
        buyer.released_report(name)
    assert caught.value.code is grpc.StatusCode.NOT_FOUND
    withdrawn = time.monotonic()
    changes = follower.until(lambda found: "retraction" in kinds(found))
    assert time.monotonic() - withdrawn < 30
    assert retracted(changes) == [reports.name]
    assert list(buyer.released_reports(factory=f"factories/{FACTORY}")) == []
    assert buyer.acknowledge(reports.name) == buyer.acknowledge(reports.name)

    # The program goes on from its token (after days, too: test_partner_stream.py of assessment): what happened
    # meanwhile to the plan, and nothing else.
    token = follower.items[-1].resume_token
    third = team.release(FACTORY)
    again = Follower(buyer, token)
    wait_until(lambda: again.items, 120)
    consents.withdraw(plan.name)
    changes = again.until(lambda found: plan.name in retracted(found))
    assert third not in str(changes)
    assert {one.consent_grant for one in changes} <= {plan.name, reports.name}


def test_the_port_is_for_programs_of_partners_alone(stack: Platform) -> None:
    person = stack.token("buyer")
    service = directory().client("assessment")
    assert service is not None
    partner = stack.partner_token("delta-bank-client")
    stub = PartnerServiceStub(grpc.insecure_channel(stack.addresses["assessment-partner"]))

    def ask(token: str) -> grpc.StatusCode | None:
        try:
            stub.ListReleasedReports(
                ListReleasedReportsRequest(), metadata=(("authorization", f"Bearer {token}"),), timeout=60
            )
        except grpc.RpcError as error:
            return error.code()
        return None

    assert ask(person) is grpc.StatusCode.UNAUTHENTICATED
    assert ask(partner) is None
    with program_of(stack, "delta-bank") as bank:
        assert list(bank.released_reports()) == []


def test_the_example_keeps_and_forgets(stack: Platform, team: Team, consents: Consents, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    client = directory().client(f"{BUYER}-client")
    assert client is not None
    environment = {
        **os.environ,
        "AMPLIFY_ADDRESS": stack.addresses["assessment-partner"],
        "AMPLIFY_TOKEN_URL": f"{stack.addresses['identity']}/token",
        "AMPLIFY_CLIENT_ID": client.id,
        "AMPLIFY_CLIENT_SECRET": client.secret,
    }
    grant = consents.grant("bd-1009", CONSENT_SCOPE_REPORTS)
    report = team.release("bd-1009")

    def content() -> str:
        return json.dumps(json.loads(kept.read_text())["grants"]) if kept.exists() else ""

    program = subprocess.Popen([sys.executable, str(EXAMPLE), str(kept)], env=environment)
    try:
        wait_until(lambda: report in content(), 120)
        consents.withdraw(grant.name)
        wait_until(lambda: grant.name not in content(), 120)
        assert report not in content()
    finally:
        program.terminate()
        program.wait(20)
