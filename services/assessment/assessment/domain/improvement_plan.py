"""What one factory repairs, cycle after cycle: issues that assessments found and those it found by itself.

The plan is the root and records the facts; its lines are kept one by one, so that a verb is handed only those it is
about, and saving one never rewrites the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from assessment.domain import remediation_facts as facts
from assessment.domain.errors import UnknownLine
from assessment.domain.fact import LineFact
from assessment.domain.improvement_line import (
    ImprovementLine,
    LineChangeKind,
    LinePlan,
    Proof,
    Rejection,
    Source,
    line_id,
)
from assessment.domain.visit_terms import Topic


@dataclass(frozen=True)
class ReportFindings:
    """What a released report says of its questions.

    `found` maps the ids of non-compliant questions to their compliance points, `compliant` holds the ids of the
    compliant ones; nothing is said of the others. `seen_until` is the end of the last day on site: what happened
    after it, the report cannot know. Reports are taken up in the order of (`seen_until`, `released_at`).
    """

    assessment_id: str
    found: Mapping[str, Topic]
    compliant: frozenset[str]
    seen_until: datetime
    released_at: datetime


@dataclass
class ImprovementPlan:
    """The root. `lines` holds those that the verb at hand needs. Times are UTC, `time_zone` is an IANA name.

    `assessment_id`, `seen_until` and `released_at` are of the report taken up last.
    """

    id: str
    country: str
    time_zone: str
    opened_at: datetime
    assessment_id: str = ""
    seen_until: datetime | None = None
    released_at: datetime | None = None
    lines: dict[str, ImprovementLine] = field(default_factory=dict)
    recorded: list[object] = field(default_factory=list)

    def take_up(self, report: ReportFindings, now: datetime) -> None:
        """Opens a line for each finding, reopens what came back, confirms what is compliant now.

        A report of a visit before the one taken up last says nothing new; taken up again, it changes nothing. What
        was settled or opened after the visit stands: the report could not see it.
        """
        latest = (self.seen_until, self.released_at)
        if None not in latest and (report.seen_until, report.released_at) <= latest:
            return
        self.assessment_id = report.assessment_id
        self.seen_until, self.released_at = report.seen_until, report.released_at
        for question_id, topic in report.found.items():
            line = self.lines.get(line_id(self.id, question_id))
            if line is None:
                self._open_found(question_id, topic, report, now)
            else:
                self._find_again(line, report, now)
        for line in list(self.lines.values()):
            if line.question_id in report.compliant and line.opened_at < report.seen_until:
                self._confirm(line, report, now)

    def add_line(self, line_id: str, topic: Topic, issue: str, actor: str, now: datetime) -> ImprovementLine:
        """An issue that the factory found by itself; its id is the client's."""
        line = ImprovementLine(
            line_id, self.id, self.country, Source.SELF_DIAGNOSED, topic.cluster, topic.point, now, now, issue=issue
        )
        return self._add(line, actor, now, "")

    def plan_line(self, line_id: str, plan: LinePlan, actor: str, now: datetime) -> ImprovementLine:
        """Sets root cause, action, owner and due day. Raises UnknownLine, LineWrongState or InvalidDueDay."""
        line = self._line(line_id)
        if line.set_plan(plan, self.time_zone, actor, now):
            self._record(facts.ImprovementLinePlanned, line, actor, now, due_day=plan.due_day, due_at=line.due_at)
        return line

    def prove_line(self, line_id: str, proof: Proof) -> ImprovementLine:
        """Somebody gives a proof. Raises UnknownLine, LineWrongState or ReferenceMissing."""
        line = self._line(line_id)
        line.prove(proof)
        self._record(facts.ImprovementLineProven, line, proof.prover, proof.at, grade=proof.grade, prover=proof.prover)
        return line

    def verify_line(self, line_id: str, actor: str, now: datetime, *, staff: bool) -> ImprovementLine:
        """Another person accepts the proof. Raises UnknownLine, LineWrongState, OwnProof or GradeNeedsStaff."""
        line = self._line(line_id)
        proof = line.verify(actor, now, staff=staff)
        judged = {"grade": proof.grade, "prover": proof.prover, "verifier": actor}
        self._record(facts.ImprovementLineVerified, line, actor, now, **judged)
        return line

    def reject_proof(
        self, line_id: str, reason: Rejection, actor: str, now: datetime, *, staff: bool
    ) -> ImprovementLine:
        """Another person does not accept the proof. Raises as `verify_line` does."""
        line = self._line(line_id)
        proof = line.reject(reason, actor, now, staff=staff)
        judged = {"grade": proof.grade, "prover": proof.prover, "verifier": actor}
        self._record(facts.ImprovementProofRejected, line, actor, now, reason_code=reason, **judged)
        return line

    def say_overdue(self, line_id: str, due_day: date, now: datetime) -> None:
        """The due day of a line has passed. Says nothing twice, nor of a line that is proven or planned anew."""
        line = self._line(line_id)
        if line.plan is None or line.plan.due_day != due_day or line.overdue_day == due_day:
            return
        if line.is_overdue(now):
            line.overdue_day = due_day
            line.note(LineChangeKind.OVERDUE, now)
            self._record(facts.ImprovementLineOverdue, line, None, now, due_day=due_day, due_at=line.due_at)

    def _open_found(self, question_id: str, topic: Topic, report: ReportFindings, now: datetime) -> None:
        id = line_id(self.id, question_id)
        line = ImprovementLine(
            id, self.id, self.country, Source.ASSESSMENT, topic.cluster, topic.point, now, now, question_id
        )
        line.assessment_id = report.assessment_id
        self._add(line, None, now, report.assessment_id)

    def _find_again(self, line: ImprovementLine, report: ReportFindings, now: datetime) -> None:
        line.assessment_id, line.confirmed = report.assessment_id, False
        if line.settled_at is not None and line.settled_at < report.seen_until:
            line.reopen(report.assessment_id, now)
            self._record(
                facts.ImprovementLineReopened,
                line,
                None,
                now,
                assessment_id=report.assessment_id,
                reopened_count=line.reopened_count,
            )

    def _confirm(self, line: ImprovementLine, report: ReportFindings, now: datetime) -> None:
        line.assessment_id = report.assessment_id
        if not line.confirmed:
            line.confirmed = True
            line.confirm(report.assessment_id, now)
            self._record(facts.ImprovementLineConfirmed, line, None, now, assessment_id=report.assessment_id)

    def _add(self, line: ImprovementLine, actor: str | None, now: datetime, assessment_id: str) -> ImprovementLine:
        self.lines[line.id] = line
        line.note(LineChangeKind.OPENED, now, actor, assessment_id=assessment_id)
        self._record(facts.ImprovementLineOpened, line, actor, now, source=line.source, assessment_id=assessment_id)
        return line

    def _line(self, line_id: str) -> ImprovementLine:
        if line_id not in self.lines:
            raise UnknownLine("this is no line of the factory's improvement plan", "name")
        return self.lines[line_id]

    def _record(
        self, kind: Callable[..., LineFact], line: ImprovementLine, actor: str | None, now: datetime, **details: object
    ) -> None:
        place = (line.id, line.cluster, line.point)
        self.recorded.append(kind(self.id, self.country, actor, now, *place, **details))
