"""What the console asks of assessment about repairs: improvement plans, progress reports, visits and committees."""

from collections.abc import Iterable
from datetime import date

import grpc

from amplify.assessment.v1 import (
    advisory_visit_pb2,
    advisory_visit_service_pb2,
    advisory_visit_service_pb2_grpc,
    committee_pb2,
    committee_service_pb2,
    committee_service_pb2_grpc,
    improvement_changes_pb2,
    improvement_plan_pb2,
    improvement_plan_service_pb2,
    improvement_plan_service_pb2_grpc,
    progress_report_pb2,
    progress_report_service_pb2,
    progress_report_service_pb2_grpc,
)
from console.clients.channel import Line
from console.times import day_message

LineState = improvement_plan_pb2.ImprovementLineState
ReportState = progress_report_pb2.ProgressReportState
VisitState = advisory_visit_pb2.AdvisoryVisitState


class Remediation:
    """Calls for one person. Ids are without their collection."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._plans = improvement_plan_service_pb2_grpc.ImprovementPlanServiceStub(channel)
        self._reports = progress_report_service_pb2_grpc.ProgressReportServiceStub(channel)
        self._visits = advisory_visit_service_pb2_grpc.AdvisoryVisitServiceStub(channel)
        self._committees = committee_service_pb2_grpc.CommitteeServiceStub(channel)

    def work(self, country: str = "", factory: str = "") -> list[improvement_plan_service_pb2.RemediationWork]:
        """What waits, counted by kind and status."""
        request = improvement_plan_service_pb2.CountRemediationWorkRequest(
            country=country, factory=f"factories/{factory}" if factory else ""
        )
        return list(self._line.call(self._plans.CountRemediationWork, request).work)

    def plan(self, factory: str) -> improvement_plan_pb2.ImprovementPlan:
        """The plan of a factory, without its lines."""
        request = improvement_plan_service_pb2.GetImprovementPlanRequest(name=f"factories/{factory}/improvementPlan")
        return self._line.call(self._plans.GetImprovementPlan, request).improvement_plan

    def lines(
        self,
        *,
        factory: str = "",
        country: str = "",
        states: Iterable[int] = (),
        source: int = 0,
        cluster: str = "",
        overdue: bool = False,
        due_before: date | None = None,
        page: str = "",
        size: int = 50,
    ) -> improvement_plan_service_pb2.ListImprovementLinesResponse:
        """A page of lines, those due first at the top."""
        request = improvement_plan_service_pb2.ListImprovementLinesRequest(
            page_size=size,
            page_token=page,
            factory=f"factories/{factory}" if factory else "",
            country=country,
            states=[LineState.ValueType(one) for one in states],
            source=improvement_plan_pb2.ImprovementSource.ValueType(source),
            due_before=day_message(due_before) if due_before else None,
            overdue=overdue,
            cluster=cluster,
        )
        return self._line.call(self._plans.ListImprovementLines, request)

    def line(self, factory: str, line: str) -> improvement_plan_pb2.ImprovementLine:
        """One line with its history."""
        name = f"factories/{factory}/improvementPlan/lines/{line}"
        request = improvement_plan_service_pb2.GetImprovementLineRequest(name=name)
        return self._line.call(self._plans.GetImprovementLine, request).improvement_line

    def add_line(self, request: improvement_changes_pb2.AddImprovementLineRequest) -> None:
        """Add an issue that the factory found by itself."""
        self._line.call(self._plans.AddImprovementLine, request)

    def plan_line(self, request: improvement_changes_pb2.PlanImprovementLineRequest) -> None:
        """Set root cause, action, owner and due day."""
        self._line.call(self._plans.PlanImprovementLine, request)

    def prove_line(self, request: improvement_changes_pb2.ProveImprovementLineRequest) -> None:
        """Give a proof."""
        self._line.call(self._plans.ProveImprovementLine, request)

    def reject_proof(self, request: improvement_changes_pb2.RejectImprovementProofRequest) -> None:
        """Reject the proof of another person."""
        self._line.call(self._plans.RejectImprovementProof, request)

    def verify_line(self, request: improvement_changes_pb2.VerifyImprovementLineRequest) -> None:
        """Verify the proof of another person."""
        self._line.call(self._plans.VerifyImprovementLine, request)

    def reports(
        self,
        *,
        factory: str = "",
        country: str = "",
        state: int = 0,
        overdue: bool = False,
        page: str = "",
        size: int = 50,
    ) -> progress_report_service_pb2.ListProgressReportsResponse:
        """A page of progress reports, those due first at the top."""
        request = progress_report_service_pb2.ListProgressReportsRequest(
            page_size=size,
            page_token=page,
            factory=f"factories/{factory}" if factory else "",
            country=country,
            state=ReportState.ValueType(state),
            overdue=overdue,
        )
        return self._line.call(self._reports.ListProgressReports, request)

    def report(self, assessment: str) -> progress_report_pb2.ProgressReport:
        """The progress report that a released assessment asked for."""
        name = f"assessments/{assessment}/progressReport"
        request = progress_report_service_pb2.GetProgressReportRequest(name=name)
        return self._line.call(self._reports.GetProgressReport, request).progress_report

    def submit_report(self, request: progress_report_service_pb2.SubmitProgressReportRequest) -> None:
        """Submit a progress report."""
        self._line.call(self._reports.SubmitProgressReport, request)

    def visits(
        self,
        *,
        factory: str = "",
        country: str = "",
        state: int = 0,
        overdue: bool = False,
        page: str = "",
        size: int = 50,
    ) -> advisory_visit_service_pb2.ListAdvisoryVisitsResponse:
        """A page of advisory visits, the latest planned day first."""
        request = advisory_visit_service_pb2.ListAdvisoryVisitsRequest(
            page_size=size,
            page_token=page,
            factory=f"factories/{factory}" if factory else "",
            country=country,
            state=VisitState.ValueType(state),
            overdue=overdue,
        )
        return self._line.call(self._visits.ListAdvisoryVisits, request)

    def visit(self, visit: str) -> advisory_visit_pb2.AdvisoryVisit:
        """One advisory visit."""
        request = advisory_visit_service_pb2.GetAdvisoryVisitRequest(name=f"advisoryVisits/{visit}")
        return self._line.call(self._visits.GetAdvisoryVisit, request).advisory_visit

    def plan_visit(self, request: advisory_visit_service_pb2.PlanAdvisoryVisitRequest) -> None:
        """Plan a visit of the calling advisor."""
        self._line.call(self._visits.PlanAdvisoryVisit, request)

    def reschedule_visit(self, request: advisory_visit_service_pb2.RescheduleAdvisoryVisitRequest) -> None:
        """Move a planned visit."""
        self._line.call(self._visits.RescheduleAdvisoryVisit, request)

    def log_visit(self, request: advisory_visit_service_pb2.LogAdvisoryVisitRequest) -> None:
        """Log what happened."""
        self._line.call(self._visits.LogAdvisoryVisit, request)

    def cancel_visit(self, request: advisory_visit_service_pb2.CancelAdvisoryVisitRequest) -> None:
        """Call a planned visit off."""
        self._line.call(self._visits.CancelAdvisoryVisit, request)

    def committee(self, factory: str) -> committee_pb2.Committee:
        """The committee of a factory, with elections and meetings."""
        request = committee_service_pb2.GetCommitteeRequest(name=f"factories/{factory}/committee")
        return self._line.call(self._committees.GetCommittee, request).committee

    def form_committee(self, request: committee_service_pb2.FormCommitteeRequest) -> None:
        """Record a new committee."""
        self._line.call(self._committees.FormCommittee, request)

    def change_members(self, request: committee_service_pb2.ChangeCommitteeMembersRequest) -> None:
        """Record who the members are."""
        self._line.call(self._committees.ChangeCommitteeMembers, request)

    def record_election(self, request: committee_service_pb2.RecordCommitteeElectionRequest) -> None:
        """Record an election."""
        self._line.call(self._committees.RecordCommitteeElection, request)

    def log_meeting(self, request: committee_service_pb2.LogCommitteeMeetingRequest) -> None:
        """Log a meeting."""
        self._line.call(self._committees.LogCommitteeMeeting, request)
