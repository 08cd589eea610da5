"""Partners see how repairs go on: states, days and proofs that the grant opens, and never a name, a note or a cause."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from amplify.assessment.v1 import improvement_plan_pb2 as shapes
from amplify.assessment.v1 import partner_service_pb2 as pb
from assessment.domain.improvement_line import line_id
from assessment.settings import AssessmentSettings
from chassis.database import db
from local_stack.issuer import Issuer

from .following import follow
from .partner_world import BANK, BUYER, PLAN, Partners, partners
from .remediation import Q1, Q2, Q3, name_of, plan, prove
from .world import FACTORY, Refused, World, new_id

pytestmark = pytest.mark.stack
OPEN, PLANNED, PROVEN = (
    shapes.IMPROVEMENT_LINE_STATE_OPEN,
    shapes.IMPROVEMENT_LINE_STATE_PLANNED,
    shapes.IMPROVEMENT_LINE_STATE_PROVEN,
)


@pytest.fixture(scope="module")
def port(world: World, issuer: Issuer, settings: AssessmentSettings) -> Iterator[Partners]:
    """The port for partners, and a plan with one line open, one planned and one proven."""
    with partners(issuer, settings) as made:
        world.find([Q1, Q2, Q3])
        follow()
        world.call(FACTORY, plan(name_of(Q2)))
        world.call(FACTORY, plan(name_of(Q3)))
        world.call(FACTORY, prove(name_of(Q3)))
        made.tell_own_facts()
        yield made


@pytest.fixture(autouse=True)
def no_grants(port: Partners) -> None:
    """Each test begins without consents."""
    port.ledger.rows.clear()


def lines(port: Partners, organisation: str = BUYER, **conditions: Any) -> dict[str, Any]:
    """The lines that are listed, by the question that they came from."""
    answer = port.call(organisation, pb.ListSharedImprovementLinesRequest(**conditions))
    by_name = {f"sharedImprovementLines/{line_id('bd-1001', question)}": question for question in (Q1, Q2, Q3)}
    assert answer.total_size == len(answer.shared_improvement_lines)
    return {by_name[one.name]: one for one in answer.shared_improvement_lines}


def test_a_grant_for_the_plan_opens_its_lines_and_one_for_reports_does_not(port: Partners) -> None:
    port.grant("bd-1001")
    assert lines(port) == {}
    grant = port.grant("bd-1001", PLAN)
    shown = lines(port)
    assert {question: one.state for question, one in shown.items()} == {Q1: OPEN, Q2: PLANNED, Q3: PROVEN}
    assert {one.consent_grant for one in shown.values()} == {f"consentGrants/{grant}"}
    proven = shown[Q3]
    assert (proven.proof.grade, proven.action) == (
        shapes.PROOF_GRADE_DOCUMENT,
        "Name somebody, train them, check monthly.",
    )
    for secret in ("Compliance manager", "Nobody was responsible", "DOC-7", "see the register"):
        assert secret not in str(shown)


def test_a_grant_opens_what_it_names_and_a_mask_asks_for_less(port: Partners) -> None:
    port.grant("bd-1001", PLAN, fields=["lines.state", "lines.proofs"])
    shown = lines(port)[Q3]
    assert (shown.state, shown.HasField("proof"), shown.HasField("due_day"), shown.action) == (PROVEN, True, False, "")
    assert (shown.cluster != "", shown.point != "", shown.etag != "") == (True, True, True)
    asked = lines(port, read_mask=FieldMask(paths=["proof.grade", "due_day"]))[Q3]
    assert (asked.state, asked.proof.grade) == (0, shapes.PROOF_GRADE_DOCUMENT)
    assert not asked.proof.HasField("prove_time")
    assert lines(port, read_mask=FieldMask(paths=["due_day"])) == {}


def test_a_filter_by_state_tells_nothing_that_the_grant_closes(port: Partners) -> None:
    port.grant("bd-1001", PLAN, fields=["lines.due_day"])
    assert len(lines(port)) == 3
    assert lines(port, states=[OPEN]) == {}
    port.ledger.rows.clear()
    port.grant("bd-1001", PLAN)
    assert set(lines(port, states=[OPEN, PROVEN])) == {Q1, Q3}
    assert lines(port, country="JO") == {}


def test_a_bank_sees_less_than_a_buyer(port: Partners) -> None:
    port.grant("bd-1001", PLAN, organisation=BANK)
    shown = lines(port, BANK)[Q3]
    assert (shown.state, shown.HasField("due_day"), shown.HasField("proof"), shown.action) == (PROVEN, True, False, "")


def test_one_line_is_got_by_its_name_as_it_is_listed(port: Partners) -> None:
    name = f"sharedImprovementLines/{line_id('bd-1001', Q3)}"
    asked = pb.GetSharedImprovementLineRequest(name=name)

    def refused(request: pb.GetSharedImprovementLineRequest, organisation: str = BUYER) -> Refused:
        with pytest.raises(Refused) as caught:
            port.call(organisation, request)
        return caught.value

    nowhere = refused(pb.GetSharedImprovementLineRequest(name=f"sharedImprovementLines/{new_id()}"))
    assert nowhere.code == "NOT_FOUND"
    port.grant("bd-1001")
    port.grant("bd-1001", PLAN, organisation=BANK)
    assert refused(asked) == nowhere
    grant = port.grant("bd-1001", PLAN, fields=["lines.state", "lines.proofs"])
    assert port.call(BUYER, asked).shared_improvement_line == lines(port)[Q3]
    asked.read_mask.paths.append("proof.grade")
    shown = port.call(BUYER, asked).shared_improvement_line
    assert (shown.state, shown.proof.grade) == (0, shapes.PROOF_GRADE_DOCUMENT)
    (row,) = db().audit.find({"action": "GetSharedImprovementLine"}).sort("_id", -1).limit(1)
    assert row["disclosed"] == [{"resource": name, "grant": f"consentGrants/{grant}"}]
    assert refused(asked, BANK) == nowhere
    port.withdraw(grant)
    assert refused(asked) == nowhere


def test_what_happens_to_a_line_is_followed_in_order(port: Partners, world: World) -> None:
    port.grant("bd-1001", PLAN)
    stream = port.watch(BUYER).until_current()
    before = len(stream.changes)
    assert stream.kinds().count("improvement_line") == 3
    world.call(FACTORY, plan(name_of(Q1)))
    port.tell_own_facts()
    stream.wait(lambda me: len(me.changes) == before + 1)
    world.call(FACTORY, prove(name_of(Q1)))
    port.tell_own_facts()
    stream.wait(lambda me: len(me.changes) == before + 2)
    states = [one.improvement_line.state for one in stream.changes[before:]]
    assert states == [PLANNED, PROVEN]
    assert not any(one.snapshot for one in stream.changes[before:])
    stream.close()
