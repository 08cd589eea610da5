"""What finance officers know of a factory besides its reports: its buyers' scores, and who owns it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from finance_linkage.domain.errors import DayInvalid, UnknownBuyerProgramme
from finance_linkage.domain.facts import BuyerScoreRecorded, OwnershipRecorded


@dataclass(frozen=True)
class BuyerScore:
    """The score (0 to 100) that a buyer gave on a day; `evidence` names the document."""

    buyer_programme: str
    score: int
    scored_on: date
    evidence: str
    at: datetime


@dataclass(frozen=True)
class Ownership:
    """Shares that women hold, in whole per cent; `evidence` names the document."""

    women_owned_percent: int
    women_board_percent: int
    as_of_day: date
    evidence: str
    at: datetime


@dataclass
class FinanceProfile:
    """One factory; `id` is its id. The last score of each buyer programme is kept, by programme."""

    id: str
    country: str
    buyer_scores: list[BuyerScore] = field(default_factory=list)
    ownership: Ownership | None = None
    recorded: list[object] = field(default_factory=list)

    def record_buyer_score(self, score: BuyerScore, programmes: Collection[str], today: date) -> None:
        """Takes over a score. Raises UnknownBuyerProgramme or DayInvalid; an older one than the present is refused."""
        if score.buyer_programme not in programmes:
            raise UnknownBuyerProgramme("no product knows this buyer programme", "buyer_programme")
        if score.scored_on > today:
            raise DayInvalid("a score of the future is no score", "scored_on")
        others = [one for one in self.buyer_scores if one.buyer_programme != score.buyer_programme]
        for present in self.buyer_scores:
            if present.buyer_programme == score.buyer_programme and score.scored_on < present.scored_on:
                raise DayInvalid("a later score is known", "scored_on")
        self.buyer_scores = sorted([*others, score], key=lambda one: one.buyer_programme)
        self.recorded.append(
            BuyerScoreRecorded(self.id, self.country, score.buyer_programme, score.score, score.scored_on, score.at)
        )

    def record_ownership(self, ownership: Ownership, today: date) -> None:
        """Takes over who owns the factory. Raises DayInvalid."""
        if ownership.as_of_day > today:
            raise DayInvalid("a document of the future proves nothing", "as_of_day")
        if self.ownership is not None and ownership.as_of_day < self.ownership.as_of_day:
            raise DayInvalid("a later document is known", "as_of_day")
        self.ownership = ownership
        self.recorded.append(
            OwnershipRecorded(
                self.id,
                self.country,
                ownership.women_owned_percent,
                ownership.women_board_percent,
                ownership.as_of_day,
                ownership.at,
            )
        )
