"""Advisors record answers, several of them at once: the only way to write an answer."""

from dataclasses import dataclass

from assessment.domain.answers import Operation
from assessment.questionnaires import pinned
from assessment.storage import load_for_answers, save_answers
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class RecordAnswers:
    """1 to 500 operations, each harmless to repeat."""

    assessment_id: str
    operations: tuple[Operation, ...]


def record_answers(command: RecordAnswers, caller: Identity) -> list[str]:
    """The ids of the questions whose current answer changed; the others have a later one already.

    All operations are recorded or none. Raises NotFound, WrongState, NotOnTeam or InvalidAnswers.
    """
    asked = [operation.question_id for operation in command.operations]
    assessment, current = load_for_answers(filter(caller, "answers"), command.assessment_id, asked)
    changed = assessment.record_answers(command.operations, current, pinned(assessment), caller.subject, clock.now())
    save_answers(assessment, current, changed)
    return list(changed)
