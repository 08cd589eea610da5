"""ImprovementPlanService served: parse, hand to the service's tables, present."""

import grpc

from amplify.assessment.v1 import improvement_changes_pb2 as changes_pb2
from amplify.assessment.v1 import improvement_plan_pb2
from amplify.assessment.v1 import improvement_plan_service_pb2 as service_pb2
from amplify.assessment.v1 import improvement_plan_service_pb2_grpc as service_grpc
from assessment.domain.improvement_line import Grade, ImprovementLine, LinePlan, LineState, Rejection, Source
from assessment.domain.visit_terms import Topic
from assessment.enums import to_domain
from assessment.parsing import id_of, parse_day
from assessment.remediation import queries, work
from assessment.remediation.parsing import line_of, parse_wanted
from assessment.remediation.presenting import present_line, present_plan, present_work
from assessment.remediation.storage import etag_of, lines
from assessment.service import accept
from assessment.use_cases.add_improvement_line import AddImprovementLine
from assessment.use_cases.plan_improvement_line import PlanImprovementLine
from assessment.use_cases.prove_improvement_line import ProveImprovementLine
from assessment.use_cases.reject_improvement_proof import RejectImprovementProof
from assessment.use_cases.verify_improvement_line import VerifyImprovementLine
from chassis import clock
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import command, query

Context = grpc.ServicerContext


class ImprovementPlanApi(service_grpc.ImprovementPlanServiceServicer):
    """From a finding to a verified repair."""

    def AddImprovementLine(
        self, request: changes_pb2.AddImprovementLineRequest, context: Context
    ) -> changes_pb2.AddImprovementLineResponse:
        """Add an issue that the factory found by itself."""

        def do(caller: Identity) -> changes_pb2.AddImprovementLineResponse:
            topic = Topic(request.cluster, request.point)
            added = AddImprovementLine(request.line_id, id_of(request.factory), topic, request.issue)
            return changes_pb2.AddImprovementLineResponse(improvement_line=_changed(accept(added, caller)))

        return command(request, changes_pb2.AddImprovementLineResponse, do)

    def PlanImprovementLine(
        self, request: changes_pb2.PlanImprovementLineRequest, context: Context
    ) -> changes_pb2.PlanImprovementLineResponse:
        """Set root cause, action, owner and due day."""

        def do(caller: Identity) -> changes_pb2.PlanImprovementLineResponse:
            due_day = parse_day(request.due_day, "due_day")
            plan = LinePlan(request.root_cause, request.action, request.owner, due_day)
            planned = PlanImprovementLine(*line_of(request.name), plan, request.etag)
            return changes_pb2.PlanImprovementLineResponse(improvement_line=_changed(accept(planned, caller)))

        return command(request, changes_pb2.PlanImprovementLineResponse, do)

    def ProveImprovementLine(
        self, request: changes_pb2.ProveImprovementLineRequest, context: Context
    ) -> changes_pb2.ProveImprovementLineResponse:
        """Give a proof."""

        def do(caller: Identity) -> changes_pb2.ProveImprovementLineResponse:
            grade = to_domain(Grade, request.grade)
            proven = ProveImprovementLine(*line_of(request.name), grade, request.reference, request.note, request.etag)
            return changes_pb2.ProveImprovementLineResponse(improvement_line=_changed(accept(proven, caller)))

        return command(request, changes_pb2.ProveImprovementLineResponse, do)

    def RejectImprovementProof(
        self, request: changes_pb2.RejectImprovementProofRequest, context: Context
    ) -> changes_pb2.RejectImprovementProofResponse:
        """Reject the proof of another person."""

        def do(caller: Identity) -> changes_pb2.RejectImprovementProofResponse:
            reason = to_domain(Rejection, request.reason)
            rejected = RejectImprovementProof(*line_of(request.name), reason, request.etag)
            return changes_pb2.RejectImprovementProofResponse(improvement_line=_changed(accept(rejected, caller)))

        return command(request, changes_pb2.RejectImprovementProofResponse, do)

    def VerifyImprovementLine(
        self, request: changes_pb2.VerifyImprovementLineRequest, context: Context
    ) -> changes_pb2.VerifyImprovementLineResponse:
        """Verify the proof of another person."""

        def do(caller: Identity) -> changes_pb2.VerifyImprovementLineResponse:
            verified = VerifyImprovementLine(*line_of(request.name), request.etag)
            return changes_pb2.VerifyImprovementLineResponse(improvement_line=_changed(accept(verified, caller)))

        return command(request, changes_pb2.VerifyImprovementLineResponse, do)

    def GetImprovementPlan(
        self, request: service_pb2.GetImprovementPlanRequest, context: Context
    ) -> service_pb2.GetImprovementPlanResponse:
        """Show the plan of one factory."""
        return query(
            lambda caller: service_pb2.GetImprovementPlanResponse(
                improvement_plan=present_plan(queries.get_plan(caller, id_of(request.name)))
            )
        )

    def GetImprovementLine(
        self, request: service_pb2.GetImprovementLineRequest, context: Context
    ) -> service_pb2.GetImprovementLineResponse:
        """Show one line."""
        return query(
            lambda caller: service_pb2.GetImprovementLineResponse(
                improvement_line=_stored(queries.get_line(caller, *line_of(request.name)))
            )
        )

    def ListImprovementLines(
        self, request: service_pb2.ListImprovementLinesRequest, context: Context
    ) -> service_pb2.ListImprovementLinesResponse:
        """List lines, those due first at the top."""

        def answer(caller: Identity) -> service_pb2.ListImprovementLinesResponse:
            listed = queries.list_lines(
                caller,
                parse_wanted(request),
                states=[to_domain(LineState, state) for state in request.states if state],
                source=to_domain(Source, request.source) if request.source else None,
                cluster=request.cluster,
            )
            return service_pb2.ListImprovementLinesResponse(
                improvement_lines=map(_stored, listed.page.rows),
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(answer)

    def CountRemediationWork(
        self, request: service_pb2.CountRemediationWorkRequest, context: Context
    ) -> service_pb2.CountRemediationWorkResponse:
        """Count what waits for somebody."""
        factory_id = id_of(request.factory) if request.factory else ""

        def answer(caller: Identity) -> service_pb2.CountRemediationWorkResponse:
            counted = work.count_work(caller, factory_id=factory_id, country=request.country)
            return service_pb2.CountRemediationWorkResponse(work=map(present_work, counted))

        return query(answer)


def _changed(line: ImprovementLine) -> improvement_plan_pb2.ImprovementLine:
    return present_line(line, etag_of(lines, line.id), clock.now())


def _stored(row: Row) -> improvement_plan_pb2.ImprovementLine:
    return present_line(lines.revive(row), lines.etag(row), clock.now())
