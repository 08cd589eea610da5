"""Audiences name the right people, and nobody else."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest

from notifications.audiences import AUDIENCES, OPTIONAL, Addressee, known
from notifications.domain.occasion import Occasion

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Town:
    """A small directory: one factory, its people, two buyers of which one has a live grant."""

    HELD: ClassVar = {
        ("factory-manager", "", "bd-1001", ""): ["manager-1"],
        ("country-manager", "BD", "", ""): ["country-1"],
        ("buyer", "", "", "north-sea-apparel"): ["buyer-1", "buyer-2"],
        ("buyer", "", "", "other-brand"): ["buyer-3"],
        ("financier", "", "", "other-brand"): ["banker-1"],
        ("factory-manager", "", "bd-1002", ""): ["manager-2", "manager-1"],
        ("training-officer", "BD", "", ""): ["trainer-1"],
        ("finance-officer", "BD", "", ""): ["officer-1"],
    }

    def advisor_of(self, factory_id: str) -> str:
        return "advisor-9" if factory_id == "bd-1001" else ""

    def knows(self, factory_id: str) -> bool:
        return factory_id == "bd-1001"

    def people(self, role: str, *, country: str = "", factory: str = "", organisation: str = "") -> list[str]:
        return self.HELD.get((role, country, factory, organisation), [])

    def entitled_organisations(self, factory_id: str, at: datetime) -> list[str]:
        assert at == NOW
        return ["north-sea-apparel"] if factory_id == "bd-1001" else []


def occasion(factory_id: str = "bd-1001") -> Occasion:
    return Occasion(
        event="e",
        fact_id="f",
        happened_at=NOW,
        country="BD",
        factory_id=factory_id,
        organisation_id="other-brand",
        team_leader="leader-1",
        advisors=("advisor-2", "advisor-1", "advisor-2"),
        people=("person-2", "person-1"),
        factories=("bd-1001", "bd-1002"),
        subject_id="r-1",
    )


EXPECTED: list[tuple[str, list[Addressee]]] = [
    ("factory-managers", [Addressee("manager-1")]),
    ("assigned-advisor", [Addressee("advisor-9")]),
    ("assessment-advisors", [Addressee("advisor-1"), Addressee("advisor-2")]),
    ("assessment-team-leader", [Addressee("leader-1")]),
    ("country-managers", [Addressee("country-1")]),
    ("named-buyer", [Addressee("banker-1"), Addressee("buyer-3")]),
    ("training-officers", [Addressee("trainer-1")]),
    ("finance-officers", [Addressee("officer-1")]),
    ("visiting-advisor", [Addressee("person-1"), Addressee("person-2")]),
    ("session-trainers", [Addressee("person-1"), Addressee("person-2")]),
    ("referral-officer", [Addressee("person-1"), Addressee("person-2")]),
    ("session-factories", [Addressee("manager-1"), Addressee("manager-2")]),
    ("consented-financier", [Addressee("banker-1", "other-brand", "FINANCE", "referrals/r-1")]),
    ("named-financier", [Addressee("banker-1")]),
    (
        "entitled-buyers",
        [Addressee("buyer-1", "north-sea-apparel"), Addressee("buyer-2", "north-sea-apparel")],
    ),
]


@pytest.mark.parametrize(("audience", "people"), EXPECTED)
def test_it_finds_its_people(audience: str, people: list[Addressee]) -> None:
    assert AUDIENCES[audience](occasion(), Town()) == people


@pytest.mark.parametrize("audience", ["factory-managers", "assigned-advisor", "entitled-buyers"])
def test_another_factory_has_other_people(audience: str) -> None:
    assert AUDIENCES[audience](occasion("bd-2002"), Town()) == []


def test_every_audience_is_looked_at_here() -> None:
    assert {audience for audience, _ in EXPECTED} == set(AUDIENCES)


def test_optional_audiences_exist() -> None:
    assert set(AUDIENCES) >= OPTIONAL


def test_only_the_advisor_waits_for_programmes_word_on_the_factory() -> None:
    waiting = {name for name in AUDIENCES if not known(name, occasion("bd-9999"), Town())}
    assert waiting == {"assigned-advisor"}
    assert known("assigned-advisor", occasion(), Town())
