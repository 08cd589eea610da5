"""Advisory visits: planned, moved, logged with the lines they touched, or called off."""

from collections.abc import Callable

import pytest

from amplify.assessment.v1 import advisory_visit_pb2 as visit_shapes
from amplify.assessment.v1 import advisory_visit_service_pb2 as visits_pb2
from assessment.domain.improvement_line import line_id
from chassis.database import db

from .following import follow, told
from .remediation import (
    NOTE,
    OVERTIME,
    Q1,
    Q2,
    Mode,
    cancel_visit,
    log_visit,
    name_of,
    plan_visit,
)
from .world import (
    FACTORY,
    MANAGER_KH,
    NEIGHBOUR,
    RINA,
    TARIQ,
    Refused,
    World,
    day,
    new_id,
)

pytestmark = pytest.mark.stack
Refuse = Callable[..., Refused]


def test_an_advisory_visit_is_planned_moved_and_logged(world: World, refuse: Refuse) -> None:
    world.find([Q1], factory="bd-1001")
    follow()
    line = f"factories/bd-1001/improvementPlan/lines/{line_id('bd-1001', Q1)}"
    name = world.call(RINA, plan_visit(planned_day=day(3))).advisory_visit.name
    moved = visits_pb2.RescheduleAdvisoryVisitRequest(
        name=name, planned_day=day(0), mode=Mode.VISIT_MODE_ON_SITE, request_id=new_id()
    )
    world.call(RINA, moved)
    future = refuse(RINA, log_visit(name, visit_day=day(1)))
    assert future.fields == {"visit_day": "ADVISORY_VISIT_INVALID"}
    foreign = name_of(Q2, "bd-1002")
    for wrong in (foreign, f"{line[:-36]}{new_id()}"):
        refused = refuse(RINA, log_visit(name, lines=[line, wrong]))
        assert refused.fields == {"lines[1]": "IMPROVEMENT_LINE_UNKNOWN"}
    nowhere = visit_shapes.VisitTopic(cluster="working-time", point="lunch")
    assert refuse(RINA, log_visit(name, topics=[OVERTIME, nowhere])).fields == {"topics[1]": "COMPLIANCE_POINT_UNKNOWN"}
    assert refuse(FACTORY, log_visit(name)).code == "PERMISSION_DENIED"
    logged = world.call(RINA, log_visit(name, lines=[line])).advisory_visit
    assert (logged.state, logged.note, list(logged.lines)) == (
        visit_shapes.ADVISORY_VISIT_STATE_LOGGED,
        NOTE,
        [line],
    )
    for request in (log_visit(name), cancel_visit(name)):
        assert refuse(RINA, request).reason == "ADVISORY_VISIT_WRONG_STATE"
    seen = world.call(FACTORY, visits_pb2.GetAdvisoryVisitRequest(name=name)).advisory_visit
    assert (seen.note, len(seen.people_met)) == ("", 1), "the advisor's note is for the staff"
    for person in (NEIGHBOUR, MANAGER_KH):
        assert refuse(person, visits_pb2.GetAdvisoryVisitRequest(name=name)).code == "NOT_FOUND"
    facts = told("assessment-advisory-visits", name.split("/")[1])
    assert [kind for kind, _ in facts] == ["AdvisoryVisitPlanned", "AdvisoryVisitRescheduled", "AdvisoryVisitLogged"]
    assert list(facts[-1][1].line_ids) == [line.rsplit("/", 1)[1]]
    assert NOTE not in str(list(db().facts.find()))


def test_a_visit_that_cannot_be_planned(world: World, refuse: Refuse) -> None:
    for offset in (-1, 740):
        refused = refuse(RINA, plan_visit(planned_day=day(offset)))
        assert refused.fields == {"planned_day": "ADVISORY_VISIT_INVALID"}
    assert refuse(RINA, plan_visit(topics=[OVERTIME, OVERTIME])).fields == {"topics[1]": "ADVISORY_VISIT_INVALID"}
    assert refuse(RINA, plan_visit(factory="factories/jo-4001")).fields == {"factory": "FACTORY_UNKNOWN"}
    assert refuse(FACTORY, plan_visit()).code == "PERMISSION_DENIED"
    name = world.call(TARIQ, plan_visit()).advisory_visit.name
    cancelled = world.call(TARIQ, cancel_visit(name)).advisory_visit
    assert cancelled.cancel_reason == visit_shapes.VISIT_CANCEL_REASON_FACTORY_REQUEST
    listed = world.call(
        FACTORY, visits_pb2.ListAdvisoryVisitsRequest(state=visit_shapes.ADVISORY_VISIT_STATE_CANCELLED)
    )
    assert name in {one.name for one in listed.advisory_visits}
