"""Messages that wait to be acknowledged; others are told when nobody does."""

from console.roles import EVERYBODY
from console.visit import Visit
from console.work.row import Cell, Row

ROLES = EVERYBODY


def rows(visit: Visit) -> list[Row]:
    """One row where there are any."""
    count = visit.services.notifications.unread().unacknowledged
    return [Row("acknowledge", waiting=Cell(count, "/inbox?show=acknowledge"))] if count else []
