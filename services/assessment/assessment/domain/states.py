"""The states of an assessment, and the coded reasons for stepping back from one."""

from enum import StrEnum


class State(StrEnum):
    """Where an assessment stands. IN_PROGRESS again after a return."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RELEASED = "released"


SECRET = frozenset({State.PLANNED, State.CANCELLED})
"""States before the start: only the team may know that the assessment exists."""


class CancelReason(StrEnum):
    """Why a visit was called off."""

    FACTORY_CLOSED = "factory_closed"
    TEAM_UNAVAILABLE = "team_unavailable"
    ACCESS_UNSAFE = "access_unsafe"
    PLANNED_IN_ERROR = "planned_in_error"


class ReturnReason(StrEnum):
    """Why a reviewer sent the answers back."""

    ANSWER_UNCLEAR = "answer_unclear"
    EVIDENCE_MISSING = "evidence_missing"
    ANSWERS_CONTRADICT = "answers_contradict"
    WRONG_QUESTION_ANSWERED = "wrong_question_answered"
