"""Names of the compliance tool: clusters, points and questions, as the latest questionnaire of a country words them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from amplify.assessment.v1.questionnaire_pb2 import Cluster, Question, Questionnaire
from console.clients.services import Services
from console.clients.troubles import Trouble
from console.texts import Language, Said, said

KEPT_SECONDS = 300.0
RETRY_SECONDS = 10.0


@dataclass(frozen=True)
class Tool:
    """Clusters by key in their order, and questions by id; empty while assessment does not answer."""

    clusters: Mapping[str, Cluster] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "Tool":
        """What a questionnaire names."""
        return cls(
            {one.key: one for one in questionnaire.clusters}, {one.question_id: one for one in questionnaire.questions}
        )

    def cluster(self, key: str, spoken: Language) -> Said:
        """Name of a cluster; its key in words where it is not known."""
        found = self.clusters.get(key)
        return said(found.text, spoken) if found else _bare(key)

    def point(self, cluster: str, key: str, spoken: Language) -> Said:
        """Name of a compliance point; with an empty cluster, of the first point with this key."""
        for one in self.clusters.values():
            for point in one.points:
                if point.key == key and cluster in ("", one.key):
                    return said(point.text, spoken)
        return _bare(key)

    def finding(self, question: str, spoken: Language) -> Said | None:
        """What is wrong where a question is answered non-compliant; None for a question that is asked no longer."""
        found = self.questions.get(question)
        return said(found.finding, spoken) if found else None


class Tools:
    """The tool of each country. Shared by all visits: what is asked is the same for everybody on the staff."""

    def __init__(self) -> None:
        self._tools: dict[str, Tool] = {}
        self._ask_next: dict[str, float] = {}
        self._lock = Lock()

    def of(self, country: str, services: Services) -> Tool:
        """The country's tool; what was known last, or an empty one, while assessment does not answer."""
        if time.monotonic() >= self._ask_next.get(country, 0):
            with self._lock:
                if time.monotonic() >= self._ask_next.get(country, 0):
                    self._ask(country, services)
        return self._tools.get(country, Tool())

    def _ask(self, country: str, services: Services) -> None:
        try:
            latest = services.assessment.latest_questionnaire(country)
            self._tools[country] = Tool.of(latest) if latest else Tool()
            self._ask_next[country] = time.monotonic() + KEPT_SECONDS
        except Trouble:
            self._ask_next[country] = time.monotonic() + RETRY_SECONDS


def _bare(key: str) -> Said:
    return Said(key.replace("-", " ").replace("_", " ").capitalize(), "en")
