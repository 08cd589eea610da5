"""Committees by side and sex, their elections and meetings; and what of remediation waits for whom."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from amplify.assessment.v1 import committee_pb2
from amplify.assessment.v1 import committee_service_pb2 as committees_pb2
from amplify.assessment.v1 import improvement_plan_service_pb2 as plans_pb2
from assessment.domain.improvement_line import line_id
from chassis.database import db

from .following import follow, told
from .remediation import (
    NOTE,
    Q1,
    Q2,
    counts,
    elect,
    form,
    meet,
    plan,
    plan_visit,
    prove,
)
from .world import (
    FACTORY,
    MANAGER,
    MANAGER_KH,
    NEIGHBOUR,
    RINA,
    Refused,
    World,
    day,
    new_id,
)

pytestmark = pytest.mark.stack
Refuse = Callable[..., Refused]


def test_a_committee_is_formed_elected_and_meets(world: World, refuse: Refuse) -> None:
    invalid = {"formed_day": "COMMITTEE_INVALID"}, {"members": "COMMITTEE_INVALID"}
    assert refuse(FACTORY, form(formed_day=day(1))).fields == invalid[0]
    assert refuse(FACTORY, form(members=counts(2, 2, 0, 0))).fields == invalid[1]
    assert refuse(FACTORY, elect()).code == "NOT_FOUND"
    assert refuse(NEIGHBOUR, form()).fields == {"factory": "FACTORY_UNKNOWN"}
    formed = world.call(FACTORY, form()).committee
    warning = committee_pb2.CommitteeWarning
    assert list(formed.warnings) == [
        warning.COMMITTEE_WARNING_WORKER_SIDE_SMALLER,
        warning.COMMITTEE_WARNING_NOT_FREELY_ELECTED,
        warning.COMMITTEE_WARNING_NO_WOMEN,
    ]
    assert refuse(RINA, form()).code == "ALREADY_EXISTS"
    assert refuse(RINA, elect(election_day=day(1))).fields == {"election_day": "COMMITTEE_INVALID"}
    assert refuse(RINA, elect(votes=1201)).fields == {"votes": "COMMITTEE_INVALID"}
    election = elect()
    world.call(RINA, election)
    reused = refuse(RINA, elect(election_id=election.election_id, votes=1))
    assert reused.fields == {"election_id": "COMMITTEE_ENTRY_ID_REUSED"}
    name = "factories/bd-1001/committee"
    members = committees_pb2.ChangeCommitteeMembersRequest(name=name, members=counts(1, 3, 3, 2), request_id=new_id())
    assert list(world.call(RINA, members).committee.warnings) == []
    for wrong, field in ((day(1), "meeting_day"), (day(-61), "meeting_day")):
        assert refuse(FACTORY, meet(meeting_day=wrong)).fields == {field: "COMMITTEE_INVALID"}
    assert refuse(FACTORY, meet(attendance=counts(0, 0, 0, 0))).fields == {"attendance": "COMMITTEE_INVALID"}
    world.call(FACTORY, meet())
    shown = world.call(MANAGER, committees_pb2.GetCommitteeRequest(name=name)).committee
    assert (len(shown.elections), [one.note for one in shown.meetings]) == (1, [NOTE])
    (listed,) = world.call(MANAGER, committees_pb2.ListCommitteesRequest(country="BD")).committees
    assert (listed.name, len(listed.meetings)) == (name, 0)
    assert [kind for kind, _ in told("assessment-committees", "bd-1001")] == [
        "CommitteeFormed",
        "CommitteeElectionHeld",
        "CommitteeMembersChanged",
        "CommitteeMeetingLogged",
    ]
    assert NOTE not in str(list(db().facts.find()))


def test_what_waits_is_counted_for_whom_it_waits(world: World) -> None:
    def waiting(person: str, **where: str) -> dict[tuple[str, str], int]:
        answer = world.call(person, plans_pb2.CountRemediationWorkRequest(**where))
        kinds, statuses = plans_pb2.RemediationWorkKind, plans_pb2.RemediationWorkStatus
        assert all(one.oldest_time.seconds for one in answer.work)
        return {
            (
                kinds.Name(one.kind).removeprefix("REMEDIATION_WORK_KIND_"),
                statuses.Name(one.status).removeprefix("REMEDIATION_WORK_STATUS_"),
            ): one.count
            for one in answer.work
        }

    world.find([Q1, Q2], factory="bd-1003")
    follow()
    line = f"factories/bd-1003/improvementPlan/lines/{line_id('bd-1003', Q1)}"
    mine = {"factory": "factories/bd-1003"}
    assert waiting(MANAGER, **mine) == {("IMPROVEMENT_LINE", "UNPLANNED"): 2, ("PROGRESS_REPORT", "DUE"): 1}
    due = world.call(RINA, plan(line, due=0)).improvement_line.due_time
    (counted,) = [
        one
        for one in world.call(MANAGER, plans_pb2.CountRemediationWorkRequest(**mine)).work
        if one.status == plans_pb2.REMEDIATION_WORK_STATUS_DUE
        and one.kind == plans_pb2.REMEDIATION_WORK_KIND_IMPROVEMENT_LINE
    ]
    assert counted.oldest_time == due
    world.call(RINA, plan_visit(factory="factories/bd-1003"))
    assert waiting(MANAGER, **mine) == {
        ("IMPROVEMENT_LINE", "UNPLANNED"): 1,
        ("IMPROVEMENT_LINE", "DUE"): 1,
        ("PROGRESS_REPORT", "DUE"): 1,
        ("ADVISORY_VISIT", "DUE"): 1,
    }
    try:
        world.move_clock(timedelta(days=1, hours=1).total_seconds())
        late = waiting(MANAGER, **mine)
        assert (late["IMPROVEMENT_LINE", "OVERDUE"], late["ADVISORY_VISIT", "OVERDUE"]) == (1, 1)
    finally:
        world.move_clock(0)
    world.call(RINA, prove(line))
    assert waiting(MANAGER, **mine)["IMPROVEMENT_LINE", "WAITING"] == 1
    world.find([Q1], factory="bd-1002")
    follow()
    assert waiting(MANAGER, country="BD")["IMPROVEMENT_LINE", "UNPLANNED"] == 2
    assert waiting(MANAGER, **mine)["IMPROVEMENT_LINE", "UNPLANNED"] == 1
    assert waiting(NEIGHBOUR, **mine) == waiting(MANAGER_KH) == {}
