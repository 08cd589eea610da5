"""How remediation comes to record each of its public facts, with the same data every time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from assessment.contracts import ROUTES
from assessment.domain.advisory_visit import AdvisoryVisit, VisitLog, plan_visit
from assessment.domain.committee import Committee, form_committee
from assessment.domain.committee_terms import Counts, Election, Meeting
from assessment.domain.due_days import end_of_day
from assessment.domain.improvement_line import Grade, LinePlan, LineState, Proof, Rejection, line_id
from assessment.domain.improvement_plan import ImprovementPlan, ReportFindings
from assessment.domain.progress_report import (
    Content,
    LineSnapshot,
    ProgressReport,
    Section,
    open_progress_report,
    progress_clock,
)
from assessment.domain.visit_terms import MetRole, PeopleMet, Topic, VisitCancelReason, VisitMode

from .emitting import emitted

DHAKA = "Asia/Dhaka"
RELEASED = datetime(2026, 3, 25, 3, 0, tzinfo=UTC)
"""Nine in the morning in Dhaka."""

ASSESSMENT, NEXT = "b6a1f7e2-3c4d-4e5f-8a9b-0c1d2e3f4a55", "c7b2a8f3-4d5e-4f60-9bac-1d2e3f4a5b66"
ADVISOR, LEADER = "5b0e7f0c-6a1d-4d0e-9f0a-0d6f3f6f1a11", "0d1c6f0a-52a4-4f7e-9d55-6c1b8e2f4a01"
MANAGER = "9e8d7c6b-5a49-4837-a625-1403f2e1d0c9"
VISIT, OWN = "d8c3b9a4-5e6f-4071-8cbd-2e3f4a5b6c77", "e9d4cab5-6f70-4182-9dce-3f4a5b6c7d88"
OVERTIME, EXITS = Topic("working-time", "overtime"), Topic("occupational-safety-and-health", "emergency-preparedness")
QUESTION = "bd-3"
LINE = line_id("bd-1001", QUESTION)
DUE = date(2026, 5, 31)
DAY = timedelta(days=1)


def _report(visit: date, id: str, *, found: bool) -> ReportFindings:
    seen = end_of_day(visit, DHAKA)
    return ReportFindings(
        id,
        {QUESTION: OVERTIME} if found else {},
        frozenset() if found else frozenset({QUESTION}),
        seen,
        seen + 9 * DAY,
    )


def _opened() -> ImprovementPlan:
    plan = ImprovementPlan("bd-1001", "BD", DHAKA, RELEASED)
    plan.take_up(_report(date(2026, 3, 17), ASSESSMENT, found=True), RELEASED)
    return plan


def _self_diagnosed() -> ImprovementPlan:
    plan = ImprovementPlan("bd-1001", "BD", DHAKA, RELEASED)
    plan.add_line(OWN, EXITS, "words", MANAGER, RELEASED)
    return plan


def _planned() -> ImprovementPlan:
    plan = _opened()
    plan.plan_line(LINE, LinePlan("words", "words", "words", DUE), MANAGER, RELEASED + DAY)
    return plan


def _proven(grade: Grade = Grade.ON_SITE, by: str = MANAGER) -> ImprovementPlan:
    plan = _planned()
    plan.prove_line(LINE, Proof(grade, "words", "words", by, RELEASED + 20 * DAY))
    return plan


def _rejected() -> ImprovementPlan:
    plan = _proven(Grade.DOCUMENT)
    plan.reject_proof(LINE, Rejection.INCOMPLETE, ADVISOR, RELEASED + 22 * DAY, staff=True)
    return plan


def _verified() -> ImprovementPlan:
    plan = _proven()
    plan.verify_line(LINE, ADVISOR, RELEASED + 22 * DAY, staff=True)
    return plan


def _next(plan: ImprovementPlan, *, found: bool) -> ImprovementPlan:
    plan.take_up(_report(date(2027, 3, 9), NEXT, found=found), RELEASED + 360 * DAY)
    return plan


def _line_overdue() -> ImprovementPlan:
    plan = _planned()
    plan.say_overdue(LINE, DUE, end_of_day(DUE, DHAKA) + timedelta(seconds=1))
    return plan


def _progress() -> ProgressReport:
    return open_progress_report(ASSESSMENT, "bd-1001", "BD", progress_clock(RELEASED, DHAKA, 30), RELEASED)


def _progress_reminded() -> ProgressReport:
    report = _progress()
    report.remind(7, RELEASED + 23 * DAY)
    return report


def _progress_overdue() -> ProgressReport:
    report = _progress()
    report.say_overdue(report.due_at + timedelta(seconds=1))
    return report


def _progress_submitted(after: timedelta = 20 * DAY) -> ProgressReport:
    report = _progress()
    content = Content(900, 300, 4, 3, True, 2, 1, 40, 12, 3, 2, 1, {Section.FEEDBACK: "words"})
    lines = [
        LineSnapshot(LINE, OVERTIME.cluster, OVERTIME.point, LineState.PROVEN, Grade.DOCUMENT),
        LineSnapshot(OWN, EXITS.cluster, EXITS.point, LineState.VERIFIED, Grade.ON_SITE),
    ]
    report.submit(content, lines, MANAGER, RELEASED + after)
    return report


def _visit(day: date = date(2026, 4, 20)) -> AdvisoryVisit:
    return plan_visit(VISIT, "bd-1001", "BD", DHAKA, day, VisitMode.ON_SITE, (OVERTIME,), ADVISOR, RELEASED)


def _visit_moved() -> AdvisoryVisit:
    visit = _visit()
    visit.reschedule(date(2026, 4, 22), VisitMode.VIRTUAL, ADVISOR, RELEASED + DAY)
    return visit


def _visit_logged() -> AdvisoryVisit:
    visit = _visit()
    met = (PeopleMet(MetRole.MANAGEMENT, 1, 2), PeopleMet(MetRole.WORKER, 8, 3))
    log = VisitLog(date(2026, 4, 20), VisitMode.ON_SITE, (OVERTIME, EXITS), (LINE, OWN), met, "words")
    visit.log(log, ADVISOR, RELEASED + 26 * DAY)
    return visit


def _visit_cancelled() -> AdvisoryVisit:
    visit = _visit()
    visit.cancel(VisitCancelReason.FACTORY_REQUEST, ADVISOR, RELEASED + DAY)
    return visit


def _committee() -> Committee:
    members = Counts(management_women=1, management_men=3, worker_women=3, worker_men=2)
    return form_committee("bd-1001", "BD", DHAKA, date(2026, 2, 1), members, ADVISOR, RELEASED)


def _elected() -> Committee:
    committee = _committee()
    election = Election("f0e5dbc6-7081-4293-aedf-4a5b6c7d8e99", date(2026, 2, 10), True, 1200, 940, 3, 2)
    committee.record_election(election, ADVISOR, RELEASED)
    return committee


def _members_changed() -> Committee:
    committee = _committee()
    committee.change_members(Counts(2, 2, 4, 2), ADVISOR, RELEASED + DAY)
    return committee


def _met() -> Committee:
    committee = _committee()
    meeting = Meeting(
        "a1f6ecd7-8192-43a4-bfe0-5b6c7d8e9faa", date(2026, 3, 20), Counts(1, 2, 3, 1), (OVERTIME,), "words"
    )
    committee.log_meeting(meeting, ADVISOR, RELEASED)
    return committee


MAKERS: dict[str, Callable[[], Any]] = {
    "ImprovementLineOpened/assessment": _opened,
    "ImprovementLineOpened/self-diagnosed": _self_diagnosed,
    "ImprovementLinePlanned/first": _planned,
    "ImprovementLineProven/on-site": _proven,
    "ImprovementProofRejected/incomplete": _rejected,
    "ImprovementLineVerified/on-site": _verified,
    "ImprovementLineReopened/after-verification": lambda: _next(_verified(), found=True),
    "ImprovementLineConfirmed/after-verification": lambda: _next(_verified(), found=False),
    "ImprovementLineOverdue/not-proven": _line_overdue,
    "ProgressReportOpened/thirty-days": _progress,
    "ProgressReportReminderDue/seven-days": _progress_reminded,
    "ProgressReportOverdue/not-submitted": _progress_overdue,
    "ProgressReportSubmitted/in-time": _progress_submitted,
    "ProgressReportSubmitted/late": lambda: _progress_submitted(40 * DAY),
    "AdvisoryVisitPlanned/on-site": _visit,
    "AdvisoryVisitRescheduled/virtual": _visit_moved,
    "AdvisoryVisitLogged/with-lines": _visit_logged,
    "AdvisoryVisitCancelled/factory-request": _visit_cancelled,
    "CommitteeFormed/both-sides": _committee,
    "CommitteeElectionHeld/free": _elected,
    "CommitteeMembersChanged/more-women": _members_changed,
    "CommitteeMeetingLogged/with-topics": _met,
}
EMITTED = emitted("amplify.assessment.v1", ROUTES, MAKERS)
