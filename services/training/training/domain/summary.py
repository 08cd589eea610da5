"""What a summary of training counts, and how; the words are shown beside the figures."""

from collections.abc import Mapping
from enum import StrEnum


class SummaryRow(StrEnum):
    """What a row of a summary is."""

    COUNTRY = "country"
    FACTORY = "factory"


FORMULAS: Mapping[str, str] = {
    "enrolled": "people with a place in a session when it was completed, by the last day of the session",
    "attended": "those of them who were present on at least one day",
    "completed": "those of them who were present on at least the share of days that the course asks for",
    "participant_hours": "days present times the course's hours of a day, over all of them",
    "promotion_known": "those who completed and of whom it is known whether they were promoted",
    "promoted": "those of them who were promoted",
    "pay_change_known": "those who completed and whose change of pay is known",
    "mean_pay_change_permille": "sum of these changes in tenths of a percent / pay_change_known, to the nearest",
}
"""By the name of the figure. Somebody who took two courses counts twice."""
