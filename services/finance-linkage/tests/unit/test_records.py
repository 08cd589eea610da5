"""Environmental records and finance profiles: what they refuse, and what a correction leaves behind."""

from datetime import timedelta

import pytest

from finance_linkage.domain import errors
from finance_linkage.domain.environmental_record import EnvironmentalRecord
from finance_linkage.domain.facts import EnvironmentalRecordSubmitted
from finance_linkage.domain.figures import Figures, HiggModule, Quantity, Score, Unit, Verification
from finance_linkage.domain.finance_profile import BuyerScore, FinanceProfile, Ownership

from .builders import NOW, TODAY

SCORES = (Score(HiggModule.WATER, 50), Score(HiggModule.ENERGY, 71))
FIGURES = Figures(Quantity(900, Unit.MEGAWATT_HOUR), None, None, SCORES)


def submit(year: int = 2025, figures: Figures = FIGURES) -> EnvironmentalRecord:
    """A record that the factory submits."""
    return EnvironmentalRecord.submit("bd-1001", "BD", year, figures, Verification.SELF_REPORTED, "manager", NOW)


def test_scores_stand_in_the_order_of_the_modules_and_their_average_is_rounded_down() -> None:
    figures = submit().current.figures
    assert [one.module for one in figures.higg_scores] == [HiggModule.ENERGY, HiggModule.WATER]
    assert figures.higg_average == 60


@pytest.mark.parametrize("year", [1999, 2026, 2027])
def test_a_year_has_ended(year: int) -> None:
    with pytest.raises(errors.YearInvalid):
        submit(year)


@pytest.mark.parametrize(
    ("figures", "refusal", "field"),
    [
        (Figures(Quantity(1, Unit.LITRE), None, None, ()), errors.UnitMismatch, "figures.energy.unit"),
        (Figures(None, Quantity(1, Unit.TONNE), None, ()), errors.UnitMismatch, "figures.water.unit"),
        (Figures(None, None, Quantity(1, Unit.CUBIC_METRE), ()), errors.UnitMismatch, "figures.chemicals.unit"),
        (Figures(None, None, None, ()), errors.FiguresInvalid, "figures"),
        (
            Figures(None, None, None, (SCORES[0], SCORES[0])),
            errors.FiguresInvalid,
            "figures.higg_scores[1].module",
        ),
    ],
)
def test_figures_say_something_in_fitting_units(
    figures: Figures, refusal: type[errors.DomainError], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        submit(figures=figures)
    assert refused.value.field == field


def test_a_correction_keeps_what_was_said_before() -> None:
    record = submit()
    record.correct(FIGURES, Verification.VERIFIED, "officer", NOW + timedelta(days=1))
    assert (record.current.number, record.current.by) == (2, "officer")
    assert [(one.number, one.verification) for one in record.earlier] == [(1, Verification.SELF_REPORTED)]
    facts = [fact for fact in record.recorded if isinstance(fact, EnvironmentalRecordSubmitted)]
    assert [fact.revision for fact in facts] == [1, 2]


def test_what_says_the_same_is_no_correction() -> None:
    record = submit()
    record.correct(FIGURES, Verification.SELF_REPORTED, "manager", NOW)
    assert (record.current.number, record.earlier, len(record.recorded)) == (1, [], 1)


def test_scores_and_owners_of_the_future_or_older_than_known_are_refused() -> None:
    profile = FinanceProfile("bd-1001", "BD")
    profile.record_buyer_score(BuyerScore("a", 70, TODAY, "", NOW), {"a"}, TODAY)
    profile.record_ownership(Ownership(60, 40, TODAY, "", NOW), TODAY)
    for days in (1, -1):
        day = TODAY + timedelta(days=days)
        with pytest.raises(errors.DayInvalid):
            profile.record_buyer_score(BuyerScore("a", 80, day, "", NOW), {"a"}, TODAY)
        with pytest.raises(errors.DayInvalid):
            profile.record_ownership(Ownership(60, 40, day, "", NOW), TODAY)
    with pytest.raises(errors.UnknownBuyerProgramme):
        profile.record_buyer_score(BuyerScore("b", 80, TODAY, "", NOW), {"a"}, TODAY)
    assert ([one.score for one in profile.buyer_scores], len(profile.recorded)) == ([70], 2)
