"""The released report: frozen with the bank it rests on; nothing that happens later changes it."""

from dataclasses import dataclass
from datetime import datetime

from assessment.domain.compliance import Compliance


@dataclass(frozen=True)
class Report:
    """Compliance as computed at release, by whom and when. `questionnaire_id` pins every text of its questions."""

    questionnaire_id: str
    bank_version: str
    compliance: Compliance
    released_at: datetime
    released_by: str
