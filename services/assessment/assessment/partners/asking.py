"""One question for all who ask at the same moment; never an answer to a question that was asked before theirs."""

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field

from assessment.partners.consents import Consents, Grants

Key = tuple[str, str]


@dataclass
class _Line:
    """Who asks about one thing: `turn` is held while a question is under way, `next` is the one to come."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    next: "Future[Grants] | None" = None
    people: int = 0


class TogetherConsents:
    """Asks programme once for everybody who waits: fifty streams of one organisation cost it little more than one.

    Whoever comes while a question is under way gets the answer to the next one, which begins after they came. So this
    is no cache: every answer was given by programme after the question that it answers.
    """

    def __init__(self, consents: Consents) -> None:
        self._consents = consents
        self._lock = threading.Lock()
        self._lines: dict[Key, _Line] = {}

    def live(self, organisation_id: str, factory_id: str = "") -> Grants:
        """See `Consents.live`."""
        key = (organisation_id, factory_id)
        with self._lock:
            line = self._lines.setdefault(key, _Line())
            line.people += 1
            asks_for_all = line.next is None
            answer = line.next = line.next or Future()
        try:
            if asks_for_all:
                self._ask(key, line, answer)
            return answer.result()
        finally:
            with self._lock:
                line.people -= 1
                if not line.people:
                    del self._lines[key]

    def _ask(self, key: Key, line: _Line, answer: "Future[Grants]") -> None:
        with line.turn:
            with self._lock:
                line.next = None  # whoever comes from now on waits for another
            try:
                answer.set_result(self._consents.live(*key))
            except Exception as error:
                answer.set_exception(error)
