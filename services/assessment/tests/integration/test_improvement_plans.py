"""A finding becomes a line, the line is repaired, proven and verified, and the next report speaks again."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from amplify.assessment.v1 import improvement_plan_pb2 as shapes
from amplify.assessment.v1 import improvement_plan_service_pb2 as service_pb2
from chassis.database import db

from .following import do_due_work, follow, told
from .remediation import Q1, Q2, Q3, Grade, State, add, line, name_of, plan, prove, reject, verify
from .world import (
    BUYER,
    COLLEAGUE,
    FACTORY,
    LEADER,
    MANAGER,
    MANAGER_KH,
    NEIGHBOUR,
    RINA,
    SRE,
    TARIQ,
    Refused,
    World,
)

pytestmark = pytest.mark.stack
STREAM = "assessment-improvement-plans"
DAY = timedelta(days=1).total_seconds()


@pytest.fixture(scope="module")
def found(world: World) -> str:
    """A released report of the first factory that found three questions broken; its assessment."""
    assessment_id = world.find([Q1, Q2, Q3])
    follow()
    return assessment_id


def test_a_report_opens_a_line_for_each_finding_and_twice_the_same(world: World, found: str) -> None:
    listed = world.call(FACTORY, service_pb2.ListImprovementLinesRequest(factory="factories/bd-1001"))
    assert {one.question_id for one in listed.improvement_lines} == {Q1, Q2, Q3}
    assert {one.name for one in listed.improvement_lines} == {name_of(question) for question in (Q1, Q2, Q3)}
    assert {one.assessment for one in listed.improvement_lines} == {f"assessments/{found}"}
    shown = world.call(MANAGER, service_pb2.GetImprovementPlanRequest(name="factories/bd-1001/improvementPlan"))
    assert [(one.state, one.count) for one in shown.improvement_plan.line_counts] == [
        (State.IMPROVEMENT_LINE_STATE_OPEN, 3)
    ]
    opened = [fact for kind, fact in told(STREAM, "bd-1001") if kind == "ImprovementLineOpened"]
    assert len(opened) == 3
    assert all(fact.cluster and fact.point and fact.assessment_id == found for fact in opened)


def test_from_root_cause_to_a_verified_repair(world: World, found: str) -> None:
    name = name_of(Q1)
    planned = world.call(FACTORY, plan(name)).improvement_line
    assert (planned.state, planned.owner) == (State.IMPROVEMENT_LINE_STATE_PLANNED, "Compliance manager")
    assert planned.due_time.ToDatetime().strftime("%H:%M:%S") == "17:59:59", "the last second of the day in Dhaka"
    assert db().due_work.find_one({"_id": f"improvement-line-overdue/{name.rsplit('/', 1)[1]}"})
    proven = world.call(FACTORY, prove(name, etag=planned.etag)).improvement_line
    assert (proven.state, proven.proof.prover) == (State.IMPROVEMENT_LINE_STATE_PROVEN, FACTORY)
    assert not db().due_work.find_one({"_id": f"improvement-line-overdue/{name.rsplit('/', 1)[1]}"})
    rejected = world.call(RINA, reject(name)).improvement_line
    assert (rejected.state, rejected.rejection) == (
        State.IMPROVEMENT_LINE_STATE_PLANNED,
        shapes.PROOF_REJECTION_INCOMPLETE,
    )
    world.call(FACTORY, prove(name, Grade.PROOF_GRADE_ON_SITE))
    verified = world.call(RINA, verify(name)).improvement_line
    assert (verified.state, verified.verifier) == (State.IMPROVEMENT_LINE_STATE_VERIFIED, RINA)
    kinds = [kind for kind, fact in told(STREAM, "bd-1001") if f"lines/{fact.line_id}" in name]
    assert kinds == [
        "ImprovementLineOpened",
        "ImprovementLinePlanned",
        "ImprovementLineProven",
        "ImprovementProofRejected",
        "ImprovementLineProven",
        "ImprovementLineVerified",
    ]
    text = str(list(db().facts.find({"stream": STREAM}, {"value": 1})))
    for words in ("Nobody was", "Name somebody", "Compliance manager", "DOC-7", "register", Q1):
        assert words not in text


def test_the_prover_never_verifies_and_staff_judges_what_is_seen(
    world: World, found: str, refuse: Callable[..., Refused]
) -> None:
    name = name_of(Q2)
    world.call(FACTORY, plan(name))
    world.call(RINA, prove(name, Grade.PROOF_GRADE_ON_SITE))
    for judged in (verify(name), reject(name)):
        own = refuse(RINA, judged)
        assert (own.code, own.reason) == ("PERMISSION_DENIED", "IMPROVEMENT_OWN_PROOF")
        needs_staff = refuse(FACTORY, judged)
        assert (needs_staff.code, needs_staff.reason) == ("PERMISSION_DENIED", "IMPROVEMENT_GRADE_NEEDS_STAFF")
    world.call(TARIQ, verify(name))
    world.call(FACTORY, plan(name_of(Q3)))
    world.call(FACTORY, prove(name_of(Q3)))
    assert refuse(FACTORY, verify(name_of(Q3))).reason == "IMPROVEMENT_OWN_PROOF"
    world.call(COLLEAGUE, verify(name_of(Q3)))


def test_a_line_nobody_proves_is_overdue_once_and_again_when_planned_anew(world: World) -> None:
    made = world.call(FACTORY, add()).improvement_line
    assert made.source == shapes.IMPROVEMENT_SOURCE_SELF_DIAGNOSED
    planned = world.call(FACTORY, plan(made.name, due=3)).improvement_line
    due = planned.due_time.ToDatetime(UTC)
    try:
        world.move_clock_to(due - timedelta(minutes=10))
        do_due_work()
        assert not line(world, made.name).overdue, "the day has not ended"
        world.move_clock_to(due + timedelta(seconds=2))
        assert "improvement-line-overdue" in do_due_work()
        do_due_work()
        shown = line(world, made.name)
        assert shown.overdue
        late = world.call(FACTORY, service_pb2.ListImprovementLinesRequest(overdue=True))
        assert made.name in {one.name for one in late.improvement_lines}
        world.call(FACTORY, plan(made.name, due=2))
        assert not line(world, made.name).overdue
        world.move_clock(9 * DAY)
        do_due_work()
    finally:
        world.move_clock(0)
    mine = [kind for kind, fact in told(STREAM, "bd-1001") if f"lines/{fact.line_id}" in made.name]
    assert mine.count("ImprovementLineOverdue") == 2


def test_the_next_report_reopens_what_came_back_and_confirms_what_is_in_order(world: World) -> None:
    world.find([Q1, Q2], factory="bd-1003")
    follow()
    repaired, lasting = name_of(Q1, "bd-1003"), name_of(Q2, "bd-1003")
    for name in (repaired, lasting):
        world.call(RINA, plan(name))
        world.call(RINA, prove(name))
        world.call(TARIQ, verify(name))
    try:
        world.move_clock(360 * DAY)
        again = world.find([Q2, Q3], factory="bd-1003")
        follow()
    finally:
        world.move_clock(0)
    shown = line(world, repaired, MANAGER)
    assert (shown.state, shown.confirmed_by_assessment) == (State.IMPROVEMENT_LINE_STATE_VERIFIED, True)
    back = line(world, lasting, MANAGER)
    assert (back.state, back.reopened_count) == (State.IMPROVEMENT_LINE_STATE_OPEN, 1)
    assert back.action, "what was tried stays readable"
    assert not back.HasField("proof")
    facts = told(STREAM, "bd-1003")
    assert [kind for kind, _ in facts if kind in ("ImprovementLineReopened", "ImprovementLineConfirmed")] == [
        "ImprovementLineReopened",
        "ImprovementLineConfirmed",
    ]
    assert {fact.assessment_id for kind, fact in facts if kind.endswith(("Reopened", "Confirmed"))} == {again}
    assert line(world, name_of(Q3, "bd-1003"), MANAGER).state == State.IMPROVEMENT_LINE_STATE_OPEN


def test_nobody_sees_or_changes_the_lines_of_others(world: World, found: str, refuse: Callable[..., Refused]) -> None:
    name = name_of(Q3)
    everything = service_pb2.ListImprovementLinesRequest()
    for person in (NEIGHBOUR, MANAGER_KH):
        assert refuse(person, service_pb2.GetImprovementLineRequest(name=name)).code == "NOT_FOUND"
        plan_of = service_pb2.GetImprovementPlanRequest(name="factories/bd-1001/improvementPlan")
        assert refuse(person, plan_of).code == "NOT_FOUND"
        assert world.call(person, everything).total_size == 0
        assert list(world.call(person, service_pb2.CountRemediationWorkRequest()).work) == []
    for request in (plan(name), prove(name), verify(name), reject(name)):
        assert refuse(NEIGHBOUR, request).code == "NOT_FOUND"
        assert refuse(MANAGER, request).code == "PERMISSION_DENIED"
    unknown = refuse(NEIGHBOUR, add())
    assert (unknown.code, unknown.fields) == ("INVALID_ARGUMENT", {"factory": "FACTORY_UNKNOWN"})
    for person in (BUYER, SRE):
        assert refuse(person, everything).code == "PERMISSION_DENIED"
    elsewhere = name.replace("bd-1001", "bd-1003")
    assert refuse(RINA, service_pb2.GetImprovementLineRequest(name=elsewhere)).code == "NOT_FOUND"
    assert refuse(RINA, plan(elsewhere)).code == "NOT_FOUND"


def test_bad_input_names_the_field_and_changes_nothing(world: World, refuse: Callable[..., Refused]) -> None:
    made = world.call(FACTORY, add()).improvement_line
    past, far = refuse(FACTORY, plan(made.name, due=-1)), refuse(FACTORY, plan(made.name, due=800))
    assert [one.fields for one in (past, far)] == [{"due_day": "IMPROVEMENT_DUE_DAY_INVALID"}] * 2
    assert refuse(FACTORY, prove(made.name)).reason == "IMPROVEMENT_LINE_WRONG_STATE"
    assert refuse(RINA, verify(made.name)).reason == "IMPROVEMENT_LINE_WRONG_STATE"
    empty = refuse(FACTORY, plan(made.name, action="", owner=""))
    assert empty.fields.keys() == {"action", "owner"}
    planned = world.call(FACTORY, plan(made.name)).improvement_line
    missing = refuse(FACTORY, prove(made.name, reference=" "))
    assert missing.fields == {"reference": "IMPROVEMENT_REFERENCE_MISSING"}
    assert refuse(FACTORY, prove(made.name, Grade.PROOF_GRADE_UNSPECIFIED)).fields.keys() == {"grade"}
    stale = refuse(FACTORY, plan(made.name, due=30, etag=made.etag))
    assert (stale.code, stale.reason) == ("ABORTED", "STALE_ETAG")
    assert planned.etag != made.etag
    nowhere = refuse(FACTORY, add(point="no-such-point"))
    assert nowhere.fields == {"point": "COMPLIANCE_POINT_UNKNOWN"}
    taken = refuse(FACTORY, add(line_id=made.name.rsplit("/", 1)[1]))
    assert (taken.code, taken.reason) == ("ALREADY_EXISTS", "ALREADY_EXISTS")
    closed = refuse(LEADER, add("bd-1004"))
    assert closed.fields == {"factory": "FACTORY_NOT_ACTIVE"}


def test_a_retry_has_one_effect_and_the_same_answer(world: World) -> None:
    request = add()
    assert world.call(FACTORY, request) == world.call(FACTORY, request)
    planned = plan(f"factories/bd-1001/improvementPlan/lines/{request.line_id}")
    assert world.call(FACTORY, planned) == world.call(FACTORY, planned)
    mine = [kind for kind, fact in told(STREAM, "bd-1001") if fact.line_id == request.line_id]
    assert mine == ["ImprovementLineOpened", "ImprovementLinePlanned"]


def test_saving_a_line_writes_that_line_alone(world: World, found: str) -> None:
    before = {row["_id"]: row["version"] for row in db().improvement_lines.find({"factory_id": "bd-1001"})}
    made = world.call(FACTORY, add()).improvement_line
    world.call(FACTORY, plan(made.name))
    after = {row["_id"]: row["version"] for row in db().improvement_lines.find({"factory_id": "bd-1001"})}
    assert {id: version for id, version in after.items() if before.get(id) != version} == {
        made.name.rsplit("/", 1)[1]: 2
    }
