"""The figures of an environmental record: amounts in a unit, and scores of Higg FEM modules."""

from dataclasses import dataclass
from enum import StrEnum

from finance_linkage.domain.errors import FiguresInvalid, UnitMismatch


class Unit(StrEnum):
    """Units of measurement."""

    KILOWATT_HOUR = "kilowatt_hour"
    MEGAWATT_HOUR = "megawatt_hour"
    CUBIC_METRE = "cubic_metre"
    LITRE = "litre"
    KILOGRAM = "kilogram"
    TONNE = "tonne"


class HiggModule(StrEnum):
    """Modules of the Higg Facility Environmental Module."""

    MANAGEMENT = "management"
    ENERGY = "energy"
    WATER = "water"
    WASTEWATER = "wastewater"
    AIR_EMISSIONS = "air_emissions"
    WASTE = "waste"
    CHEMICALS = "chemicals"


class Verification(StrEnum):
    """Who stands behind a record."""

    SELF_REPORTED = "self_reported"
    VERIFIED = "verified"


MEASURES = {
    "energy": (Unit.KILOWATT_HOUR, Unit.MEGAWATT_HOUR),
    "water": (Unit.CUBIC_METRE, Unit.LITRE),
    "chemicals": (Unit.KILOGRAM, Unit.TONNE),
}
"""The units that measure each quantity."""


@dataclass(frozen=True)
class Quantity:
    """A whole amount, never negative, of a unit."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class Score:
    """A module's score, 0 to 100."""

    module: HiggModule
    score: int


@dataclass(frozen=True)
class Figures:
    """What was used in a year; None: not measured. Scores stand in the order of the modules, each once."""

    energy: Quantity | None
    water: Quantity | None
    chemicals: Quantity | None
    higg_scores: tuple[Score, ...]

    def check(self) -> None:
        """Raises UnitMismatch or FiguresInvalid."""
        quantities = {"energy": self.energy, "water": self.water, "chemicals": self.chemicals}
        for name, quantity in quantities.items():
            if quantity is not None and quantity.unit not in MEASURES[name]:
                units = " or ".join(unit.value for unit in MEASURES[name])
                raise UnitMismatch(f"{name} is measured in {units}", f"figures.{name}.unit")
        seen: set[HiggModule] = set()
        for place, one in enumerate(self.higg_scores):
            if one.module in seen:
                raise FiguresInvalid("this module has a score already", f"figures.higg_scores[{place}].module")
            seen.add(one.module)
        if not any(quantities.values()) and not self.higg_scores:
            raise FiguresInvalid("a record says something", "figures")

    def in_order(self) -> "Figures":
        """The same with the scores in the order of the modules."""
        order = list(HiggModule)
        scores = sorted(self.higg_scores, key=lambda one: order.index(one.module))
        return Figures(self.energy, self.water, self.chemicals, tuple(scores))

    @property
    def higg_average(self) -> int | None:
        """The average score in whole points, rounded down; None without scores."""
        return sum(one.score for one in self.higg_scores) // len(self.higg_scores) if self.higg_scores else None
