"""Why a verb of this domain refuses. Each reason is a name of the error catalogue; a field is a path in the request."""

from dataclasses import dataclass
from typing import ClassVar


class DomainError(Exception):
    """A rule of the domain does not allow what was asked; nothing has changed."""

    reason: ClassVar[str]

    def __init__(self, description: str, field: str | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.field = field


@dataclass(frozen=True)
class Problem:
    """One wrong field of a request: its path, such as `operations[3].value`, the reason's name, and what to do."""

    field: str
    reason: str
    description: str


class WrongState(DomainError):
    """The assessment is not in a state in which this can be done."""

    reason = "ASSESSMENT_WRONG_STATE"


class UnknownFactory(DomainError):
    """There is no such factory, or the caller may not plan visits to it: the two look the same."""

    reason = "FACTORY_UNKNOWN"


class FactoryNotActive(DomainError):
    """The factory is suspended or closed, so that no visit to it is planned."""

    reason = "FACTORY_NOT_ACTIVE"


class UnknownCountryProgramme(DomainError):
    """Time zone and clocks of the country have not reached this service yet."""

    reason = "COUNTRY_PROGRAMME_UNKNOWN"


class InvalidPlan(DomainError):
    """The team, the window or the on-site days cannot be so."""

    reason = "ASSESSMENT_PLAN_INVALID"


class OutsideWindow(DomainError):
    """A visit starts on a day of its window, seen from the factory."""

    reason = "ASSESSMENT_OUTSIDE_WINDOW"


class NotOnTeam(DomainError):
    """Only a member of the assessment's team may do this."""

    reason = "ASSESSMENT_NOT_ON_TEAM"


class NotTeamLeader(DomainError):
    """Only the leader of the assessment's team may do this."""

    reason = "ASSESSMENT_NOT_TEAM_LEADER"


class NoQuestionnaire(DomainError):
    """The bank asks nothing in this country on this day."""

    reason = "QUESTIONNAIRE_NOT_FOUND"


class AnswersMissing(DomainError):
    """Scored questions are still unanswered; `question_ids` names them in the questionnaire's order."""

    reason = "ASSESSMENT_ANSWERS_MISSING"

    def __init__(self, question_ids: tuple[str, ...]) -> None:
        super().__init__(f"{len(question_ids)} scored questions have no answer: {', '.join(question_ids[:10])}")
        self.question_ids = question_ids
        self.violations = [(f"answers.{each}", "has no answer") for each in question_ids]


class InvalidAnswers(DomainError):
    """Operations that cannot be recorded; `problems` names the fields. None of the request was recorded."""

    reason = "ANSWERS_INVALID"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} operations cannot be recorded")
        self.problems = problems


class LineWrongState(DomainError):
    """The line of the improvement plan is not in a state in which this can be done."""

    reason = "IMPROVEMENT_LINE_WRONG_STATE"


class InvalidDueDay(DomainError):
    """The due day is in the past or too far ahead."""

    reason = "IMPROVEMENT_DUE_DAY_INVALID"


class ReferenceMissing(DomainError):
    """A proof by document says where the document is."""

    reason = "IMPROVEMENT_REFERENCE_MISSING"


class OwnProof(DomainError):
    """A proof is verified or rejected by another person than the one who gave it."""

    reason = "IMPROVEMENT_OWN_PROOF"


class GradeNeedsStaff(DomainError):
    """Proofs of this grade are verified by the programme's staff only."""

    reason = "IMPROVEMENT_GRADE_NEEDS_STAFF"


class UnknownLine(DomainError):
    """The line is not one of this factory's improvement plan."""

    reason = "IMPROVEMENT_LINE_UNKNOWN"


class UnknownPoint(DomainError):
    """No cluster has such a compliance point."""

    reason = "COMPLIANCE_POINT_UNKNOWN"


class ProgressReportWrongState(DomainError):
    """The progress report is submitted already."""

    reason = "PROGRESS_REPORT_WRONG_STATE"


class InvalidProgressReport(DomainError):
    """What the factory reports does not go together."""

    reason = "PROGRESS_REPORT_INVALID"


class VisitWrongState(DomainError):
    """The advisory visit is not in a state in which this can be done."""

    reason = "ADVISORY_VISIT_WRONG_STATE"


class InvalidVisit(DomainError):
    """The day of an advisory visit, or what is logged of it, cannot be so."""

    reason = "ADVISORY_VISIT_INVALID"


class InvalidCommittee(DomainError):
    """A day or the numbers of a committee cannot be so."""

    reason = "COMMITTEE_INVALID"


class EntryIdReused(DomainError):
    """The id was used for another election or meeting of the committee."""

    reason = "COMMITTEE_ENTRY_ID_REUSED"
