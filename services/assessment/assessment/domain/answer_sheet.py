"""The answers of one assessment: the only part that several people write at the same time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assessment.domain.answers import Operation, merge, problems_of
from assessment.domain.errors import InvalidAnswers, NotOnTeam, WrongState
from assessment.domain.facts import AnswersRecorded
from assessment.domain.questions import Questionnaire


@dataclass
class AnswerSheet:
    """What recording needs to know, read with the current answers of the questions concerned only.

    `open` from the start of the visit until submission, and again after a return.
    """

    id: str
    factory_id: str
    country: str
    advisors: tuple[str, ...]
    open: bool
    started_at: datetime
    questionnaire: Questionnaire
    answers: Mapping[str, Operation]
    changed: dict[str, Operation] = field(default_factory=dict)
    recorded: list[object] = field(default_factory=list)

    def record(self, operations: Sequence[Operation], actor: str, now: datetime) -> None:
        """Records all operations or none; `changed` then holds the answers to write. Any order or repetition converges.

        Raises NotOnTeam, WrongState or InvalidAnswers.
        """
        if actor not in self.advisors:
            raise NotOnTeam("an advisor of the visit records its answers")
        if not self.open:
            raise WrongState("answers are recorded while the assessment is in progress")
        problems = problems_of(operations, self.answers, self.questionnaire, self.started_at, now)
        if problems:
            raise InvalidAnswers(problems)
        self.changed = merge(self.answers, operations)
        self.recorded.append(
            AnswersRecorded(self.id, self.factory_id, self.country, actor, now, len(operations), len(self.changed))
        )
