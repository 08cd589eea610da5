"""Resources of remediation as the contract shows them."""

from datetime import datetime

from amplify.assessment.v1 import (
    advisory_visit_pb2,
    committee_pb2,
    improvement_plan_pb2,
    improvement_plan_service_pb2,
    progress_report_pb2,
)
from assessment.dates import contract_date, contract_day, contract_time
from assessment.domain.advisory_visit import AdvisoryVisit
from assessment.domain.committee import Committee
from assessment.domain.committee_terms import Election, Meeting
from assessment.domain.due_days import NEVER
from assessment.domain.improvement_line import ImprovementLine, LineChange, Proof
from assessment.domain.progress_report import Content, ProgressReport
from assessment.domain.work import Work
from assessment.enums import to_contract
from assessment.remediation.contracts.committees import contract_counts
from assessment.remediation.contracts.visits import contract_people, contract_topics
from assessment.remediation.queries import PlanOverview
from assessment.remediation.storage import plans


def present_plan(overview: PlanOverview) -> improvement_plan_pb2.ImprovementPlan:
    """A factory's plan, without its lines."""
    plan = plans.revive(overview.row)
    counts = [
        improvement_plan_pb2.ImprovementLineCount(state=to_contract(state), count=count)
        for state, count in overview.states.items()
    ]
    return improvement_plan_pb2.ImprovementPlan(
        name=f"factories/{plan.id}/improvementPlan",
        country=plan.country,
        time_zone=plan.time_zone,
        assessment=_assessment(plan.assessment_id),
        line_counts=counts,
        overdue_count=overview.overdue,
        create_time=contract_time(plan.opened_at),
        etag=plans.etag(overview.row),
    )


def present_line(line: ImprovementLine, etag: str, now: datetime) -> improvement_plan_pb2.ImprovementLine:
    """One line, as of now."""
    plan = line.plan
    return improvement_plan_pb2.ImprovementLine(
        name=line_name(line.factory_id, line.id),
        factory=f"factories/{line.factory_id}",
        country=line.country,
        source=to_contract(line.source),
        cluster=line.cluster,
        point=line.point,
        question_id=line.question_id,
        issue=line.issue,
        state=to_contract(line.state),
        root_cause=plan.root_cause if plan else "",
        action=plan.action if plan else "",
        owner=plan.owner if plan else "",
        due_day=contract_day(plan.due_day) if plan else None,
        due_time=contract_time(line.due_at) if line.due_at != NEVER else None,
        overdue=line.is_overdue(now),
        proof=_proof(line.proof) if line.proof else None,
        rejection=to_contract(line.rejection),
        verifier=line.verifier or "",
        close_time=contract_time(line.closed_at),
        assessment=_assessment(line.assessment_id),
        confirmed_by_assessment=line.confirmed,
        reopened_count=line.reopened_count,
        history=map(_change, line.history),
        open_time=contract_time(line.opened_at),
        etag=etag,
    )


def present_progress_report(report: ProgressReport, etag: str, now: datetime) -> progress_report_pb2.ProgressReport:
    """One progress report, as of now."""
    lines = [
        progress_report_pb2.ProgressReportLine(
            line=line_name(report.factory_id, one.line_id),
            cluster=one.cluster,
            point=one.point,
            state=to_contract(one.state),
            grade=to_contract(one.grade),
        )
        for one in report.lines
    ]
    return progress_report_pb2.ProgressReport(
        name=f"assessments/{report.id}/progressReport",
        factory=f"factories/{report.factory_id}",
        country=report.country,
        state=to_contract(report.state),
        due_day=contract_date(report.due_day),
        due_time=contract_time(report.due_at),
        overdue=report.is_overdue(now),
        open_time=contract_time(report.opened_at),
        submit_time=contract_time(report.submitted_at),
        late=report.late,
        submitter=report.submitter or "",
        content=_content(report.content) if report.content else None,
        lines=lines,
        etag=etag,
    )


def present_visit(visit: AdvisoryVisit, etag: str, *, with_note: bool) -> advisory_visit_pb2.AdvisoryVisit:
    """One advisory visit; the advisor's note is for the programme's staff."""
    return advisory_visit_pb2.AdvisoryVisit(
        name=f"advisoryVisits/{visit.id}",
        factory=f"factories/{visit.factory_id}",
        country=visit.country,
        advisor=visit.advisor,
        state=to_contract(visit.state),
        planned_day=contract_date(visit.planned_day),
        visit_day=contract_day(visit.visit_day),
        mode=to_contract(visit.mode),
        topics=contract_topics(visit.topics),
        lines=[line_name(visit.factory_id, line_id) for line_id in visit.line_ids],
        people_met=contract_people(visit.people_met),
        note=visit.note if with_note else "",
        cancel_reason=to_contract(visit.cancel_reason),
        create_time=contract_time(visit.planned_at),
        log_time=contract_time(visit.logged_at),
        etag=etag,
    )


def present_committee(committee: Committee, etag: str, *, whole: bool) -> committee_pb2.Committee:
    """One committee; in a list without its elections and meetings."""
    elections = sorted(committee.elections, key=lambda one: (one.day, one.id), reverse=True) if whole else []
    meetings = sorted(committee.meetings, key=lambda one: (one.day, one.id), reverse=True) if whole else []
    return committee_pb2.Committee(
        name=f"factories/{committee.id}/committee",
        country=committee.country,
        formed_day=contract_date(committee.formed_day),
        members=contract_counts(committee.members),
        elections=map(_election, elections),
        meetings=map(_meeting, meetings),
        warnings=[to_contract(warning) for warning in committee.warnings],
        create_time=contract_time(committee.formed_at),
        etag=etag,
    )


def present_work(work: Work) -> improvement_plan_service_pb2.RemediationWork:
    """How much of one kind waits for the same thing."""
    return improvement_plan_service_pb2.RemediationWork(
        kind=to_contract(work.kind),
        status=to_contract(work.status),
        count=work.count,
        oldest_time=contract_time(work.oldest),
    )


def line_name(factory_id: str, line_id: str) -> str:
    """The resource name of a line."""
    return f"factories/{factory_id}/improvementPlan/lines/{line_id}"


def _assessment(assessment_id: str) -> str:
    return f"assessments/{assessment_id}" if assessment_id else ""


def _proof(proof: Proof) -> improvement_plan_pb2.ImprovementProof:
    return improvement_plan_pb2.ImprovementProof(
        grade=to_contract(proof.grade),
        reference=proof.reference,
        note=proof.note,
        prover=proof.prover,
        prove_time=contract_time(proof.at),
    )


def _change(change: LineChange) -> improvement_plan_pb2.ImprovementLineChange:
    return improvement_plan_pb2.ImprovementLineChange(
        kind=to_contract(change.kind),
        change_time=contract_time(change.at),
        actor=change.actor or "",
        assessment=_assessment(change.assessment_id),
        grade=to_contract(change.grade),
    )


def _content(content: Content) -> progress_report_pb2.ProgressReportContent:
    texts = [
        progress_report_pb2.ProgressReportText(section=to_contract(section), text=text)
        for section, text in content.texts.items()
    ]
    return progress_report_pb2.ProgressReportContent(
        women=content.women,
        men=content.men,
        complaints_received=content.complaints_received,
        complaints_settled=content.complaints_settled,
        collective_agreement=content.collective_agreement,
        policies_revised=content.policies_revised,
        own_sessions=content.own_sessions,
        women_trained=content.women_trained,
        men_trained=content.men_trained,
        committee_meetings=content.committee_meetings,
        advisory_visits=content.advisory_visits,
        public_issues_repaired=content.public_issues_repaired,
        texts=texts,
    )


def _election(election: Election) -> committee_pb2.CommitteeElection:
    return committee_pb2.CommitteeElection(
        election_id=election.id,
        election_day=contract_date(election.day),
        freely_elected=election.freely_elected,
        eligible_voters=election.eligible_voters,
        votes=election.votes,
        elected_women=election.elected_women,
        elected_men=election.elected_men,
    )


def _meeting(meeting: Meeting) -> committee_pb2.CommitteeMeeting:
    return committee_pb2.CommitteeMeeting(
        meeting_id=meeting.id,
        meeting_day=contract_date(meeting.day),
        attendance=contract_counts(meeting.attendance),
        topics=contract_topics(meeting.topics),
        note=meeting.note,
    )
