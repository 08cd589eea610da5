"""One issue of a factory, from its root cause to a repair that somebody else has verified."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from assessment.domain.due_days import FURTHEST_DAYS_AHEAD, NEVER, end_of_day, has_passed
from assessment.domain.errors import (
    GradeNeedsStaff,
    InvalidDueDay,
    LineWrongState,
    OwnProof,
    ReferenceMissing,
)
from assessment.domain.release_clock import local_day

_QUESTIONS = UUID("5f0f5b0e-8f0c-5d2a-9a57-6f0f5d0a7c11")


class LineState(StrEnum):
    """Where a line stands. VERIFIED and CONFIRMED are closed."""

    OPEN = "open"
    PLANNED = "planned"
    PROVEN = "proven"
    VERIFIED = "verified"
    CONFIRMED = "confirmed"


class Source(StrEnum):
    """Who found the issue."""

    ASSESSMENT = "assessment"
    SELF_DIAGNOSED = "self_diagnosed"


class Grade(StrEnum):
    """How strong a proof is, the weakest first."""

    SELF_DECLARED = "self_declared"
    DOCUMENT = "document"
    REMOTE = "remote"
    ON_SITE = "on_site"
    WORKER_CONFIRMED = "worker_confirmed"


class Rejection(StrEnum):
    """Why a proof was rejected."""

    NOT_CONVINCING = "not_convincing"
    WRONG_DOCUMENT = "wrong_document"
    ISSUE_PERSISTS = "issue_persists"
    INCOMPLETE = "incomplete"


class LineChangeKind(StrEnum):
    """What happened to a line."""

    OPENED = "opened"
    PLANNED = "planned"
    PROVEN = "proven"
    REJECTED = "rejected"
    VERIFIED = "verified"
    REOPENED = "reopened"
    CONFIRMED = "confirmed"
    OVERDUE = "overdue"


CLOSED = frozenset({LineState.VERIFIED, LineState.CONFIRMED})
PLANNABLE = (LineState.OPEN, LineState.PLANNED)
STAFF_GRADES = frozenset({Grade.REMOTE, Grade.ON_SITE, Grade.WORKER_CONFIRMED})
"""Grades whose verification needs somebody of the programme: what is seen or heard, not read."""


@dataclass(frozen=True)
class Proof:
    """`reference` says where the evidence is, `note` is free text, `prover` the opaque id of who gave it."""

    grade: Grade
    reference: str
    note: str
    prover: str
    at: datetime


@dataclass(frozen=True)
class LinePlan:
    """What is done about an issue, in the factory's words; `due_day` is a calendar day of the country."""

    root_cause: str
    action: str
    owner: str
    due_day: date


@dataclass(frozen=True)
class LineChange:
    """One entry of a line's history; `actor` is None where an assessment or the clock acted."""

    kind: LineChangeKind
    at: datetime
    actor: str | None = None
    assessment_id: str = ""
    grade: Grade | None = None


@dataclass
class ImprovementLine:
    """A part of a factory's improvement plan, which records the facts of its lines.

    `since` is when it began to wait for what it waits for now, or its due time where that is planned. `assessment_id`
    is the last assessment that spoke of its question, and `confirmed` whether that found the question compliant.
    `overdue_day` is the due day that was last said to have passed. `recorded` stays empty.
    """

    id: str
    factory_id: str
    country: str
    source: Source
    cluster: str
    point: str
    opened_at: datetime
    since: datetime
    question_id: str = ""
    issue: str = ""
    state: LineState = LineState.OPEN
    plan: LinePlan | None = None
    due_at: datetime = NEVER
    proof: Proof | None = None
    rejection: Rejection | None = None
    verifier: str | None = None
    closed_at: datetime | None = None
    assessment_id: str = ""
    confirmed: bool = False
    reopened_count: int = 0
    overdue_day: date | None = None
    history: list[LineChange] = field(default_factory=list)
    recorded: list[object] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in CLOSED

    @property
    def settled_at(self) -> datetime | None:
        """When it was last closed, or said to be repaired; None while neither holds."""
        return self.closed_at or (self.proof.at if self.proof and self.state is LineState.PROVEN else None)

    def is_overdue(self, now: datetime) -> bool:
        """Whether its due day has passed without a proof."""
        return self.state is LineState.PLANNED and has_passed(self.due_at, now)

    def set_plan(self, plan: LinePlan, time_zone: str, actor: str, now: datetime) -> bool:
        """Sets or changes what is done about it; False when nothing changes. Raises LineWrongState, InvalidDueDay."""
        self._require(*PLANNABLE)
        if self.state is LineState.PLANNED and plan == self.plan:
            return False
        today = local_day(now, time_zone)
        if plan.due_day < today:
            raise InvalidDueDay(f"the due day is today, {today}, or later", "due_day")
        if (plan.due_day - today).days > FURTHEST_DAYS_AHEAD:
            raise InvalidDueDay("the due day is at most two years ahead", "due_day")
        self.plan = plan
        self.state = LineState.PLANNED
        self.since = self.due_at = end_of_day(plan.due_day, time_zone)
        self.overdue_day = None
        self.note(LineChangeKind.PLANNED, now, actor)
        return True

    def prove(self, proof: Proof) -> None:
        """Somebody says that it is repaired, and how that can be seen. Raises LineWrongState, ReferenceMissing."""
        self._require(LineState.PLANNED)
        if proof.grade is Grade.DOCUMENT and not proof.reference.strip():
            raise ReferenceMissing("a proof by document says where the document is", "reference")
        self.proof, self.rejection = proof, None
        self.state, self.since = LineState.PROVEN, proof.at
        self.note(LineChangeKind.PROVEN, proof.at, proof.prover, grade=proof.grade)

    def verify(self, actor: str, now: datetime, *, staff: bool) -> Proof:
        """Another person accepts the proof: the line is closed. Raises LineWrongState, OwnProof, GradeNeedsStaff."""
        proof = self._proof_for(actor, staff=staff)
        self._close(LineState.VERIFIED, now)
        self.verifier = actor
        self.note(LineChangeKind.VERIFIED, now, actor, grade=proof.grade)
        return proof

    def reject(self, reason: Rejection, actor: str, now: datetime, *, staff: bool) -> Proof:
        """Another person does not accept the proof; the due day stays. Raises as `verify` does."""
        proof = self._proof_for(actor, staff=staff)
        self.state, self.since = LineState.PLANNED, self.due_at
        self.proof, self.rejection = None, reason
        self.note(LineChangeKind.REJECTED, now, actor, grade=proof.grade)
        return proof

    def reopen(self, assessment_id: str, now: datetime) -> None:
        """An assessment found the issue again: it needs a new plan."""
        self.state = LineState.OPEN
        self.opened_at = self.since = now
        self.due_at, self.proof, self.rejection, self.verifier = NEVER, None, None, None
        self.closed_at = self.overdue_day = None
        self.reopened_count += 1
        self.note(LineChangeKind.REOPENED, now, assessment_id=assessment_id)

    def confirm(self, assessment_id: str, now: datetime) -> None:
        """An assessment found the question compliant; a verified line stays verified."""
        if not self.closed:
            self._close(LineState.CONFIRMED, now)
        self.note(LineChangeKind.CONFIRMED, now, assessment_id=assessment_id)

    def note(
        self,
        kind: LineChangeKind,
        at: datetime,
        actor: str | None = None,
        *,
        assessment_id: str = "",
        grade: Grade | None = None,
    ) -> None:
        """Adds to the history."""
        self.history.append(LineChange(kind, at, actor, assessment_id, grade))

    def _close(self, state: LineState, now: datetime) -> None:
        self.state, self.closed_at, self.since, self.due_at = state, now, now, NEVER

    def _proof_for(self, actor: str, *, staff: bool) -> Proof:
        proof = self.proof
        if proof is None or self.state is not LineState.PROVEN:
            raise LineWrongState(f"the line is {self.state.value}; this needs a proof that waits for verification")
        if actor == proof.prover:
            raise OwnProof("a proof is judged by another person than the one who gave it")
        if proof.grade in STAFF_GRADES and not staff:
            raise GradeNeedsStaff(f"a proof of the grade {proof.grade.value} is judged by the programme's staff")
        return proof

    def _require(self, *states: LineState) -> None:
        if self.state not in states:
            needed = " or ".join(state.value for state in states)
            raise LineWrongState(f"the line is {self.state.value}; this needs it to be {needed}")


def line_id(factory_id: str, question_id: str) -> str:
    """The id of the line of a question in a factory's plan: always the same, so that what returns finds its line."""
    return str(uuid5(_QUESTIONS, f"{factory_id}/{question_id}"))


def counts(lines: Iterable[LineState]) -> tuple[int, int, int]:
    """How many of these states are not closed, wait for verification (they count as not closed, too), are closed."""
    states = list(lines)
    closed = sum(state in CLOSED for state in states)
    return len(states) - closed, states.count(LineState.PROVEN), closed
