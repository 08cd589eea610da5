"""What may have come of a training months later."""

from enum import StrEnum


class OutcomeKind(StrEnum):
    """A promotion (1 or 0), or a change of pay or of the line's efficiency in tenths of a percent."""

    PROMOTION = "promotion"
    PAY_CHANGE = "pay_change"
    LINE_EFFICIENCY = "line_efficiency"


OVERDUE_DAYS = 30
"""Outcomes that have been due for so many days are overdue; the programme's own choice."""
