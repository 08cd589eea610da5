"""What my work counts is what the list behind the count shows."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from amplify.assessment.v1.assessment_pb2 import Assessment, AssessmentState
from amplify.finance_linkage.v1.referral_states_pb2 import WaitingFor
from amplify.finance_linkage.v1.referral_work_pb2 import WorkCount
from chassis import clock
from console.pages.assessments import view
from console.times import moment
from console.visit import Visit
from console.work import assessments, finance

IN_PROGRESS = AssessmentState.ASSESSMENT_STATE_IN_PROGRESS


def visiting(under_way: list[Assessment], country: str = "", **asked: str) -> Visit:
    """A visit that has read what is under way."""
    made: Any = SimpleNamespace(memo={"under_way": under_way}, country=country)
    made.asked = lambda *names: {name: asked.get(name, "") for name in names}
    return cast(Visit, made)


def due_in(days: int, factory: str = "bd-1001") -> Assessment:
    one = Assessment(factory=f"factories/{factory}", state=IN_PROGRESS, time_zone="Asia/Dhaka")
    one.release_due_time.FromDatetime(clock.now() + timedelta(days=days))
    return one


def test_overdue_reports_are_those_of_the_list_they_lead_to() -> None:
    late = [due_in(-9, "bd-1002"), due_in(-2)]
    under_way = [due_in(5), late[1], late[0]]
    cell = assessments.rows(visiting(under_way, "BD"))[0].overdue
    assert cell is not None
    assert (cell.count, cell.path) == (2, "/assessments?country=BD&show=overdue")
    assert cell.oldest == moment(late[0].release_due_time)
    listed = view._found(visiting(under_way, show="overdue"), "", 50)
    assert (list(listed.assessments), listed.total_size) == (late, cell.count)
    assert list(view._found(visiting(under_way, show="overdue", factory="bd-1001"), "", 50).assessments) == late[1:]


def test_waiting_referrals_are_all_those_of_the_list_they_lead_to() -> None:
    count = WorkCount(waiting_for=WaitingFor.WAITING_FOR_OFFICER, referrals=5, overdue=2)
    count.oldest_since.FromDatetime(clock.now() - timedelta(days=30))
    work = SimpleNamespace(work=lambda _: SimpleNamespace(counts=[count]))
    visit = cast(Visit, SimpleNamespace(services=SimpleNamespace(finance=work), country=""))
    row = finance.rows(visit)[0]
    assert row.waiting is not None
    assert row.overdue is not None
    assert (row.waiting.count, row.waiting.path) == (5, "/referrals?waiting=officer")
    assert row.waiting.oldest == moment(count.oldest_since)
    assert (row.overdue.count, row.overdue.path) == (2, "/referrals?waiting=officer&overdue=yes")
