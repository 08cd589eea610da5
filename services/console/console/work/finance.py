"""Referrals by whom they wait for; those past their deadline are counted once more, as the lists show them."""

from collections.abc import Sequence
from datetime import datetime

from amplify.finance_linkage.v1.referral_work_pb2 import WorkCount
from console.codes import code_of
from console.roles import FACTORY
from console.times import moment
from console.visit import Visit
from console.work.row import Cell, Row

ROLES = frozenset({"finance-officer", "country-manager"}) | FACTORY
WHOM = ("officer", "factory", "financier")


def rows(visit: Visit) -> list[Row]:
    """One row for each of those whom referrals wait for."""
    counts = visit.services.finance.work(visit.country).counts
    return [_row(visit, whom, [one for one in counts if code_of(one, "waiting_for") == whom]) for whom in WHOM]


def _row(visit: Visit, whom: str, counts: Sequence[WorkCount]) -> Row:
    path = f"/referrals?waiting={whom}" + (f"&country={visit.country}" if visit.country else "")
    return Row(
        f"referrals_{whom}",
        overdue=Cell(sum(one.overdue for one in counts), f"{path}&overdue=yes"),
        waiting=Cell(sum(one.referrals for one in counts), path, _oldest(counts)),
    )


def _oldest(counts: Sequence[WorkCount]) -> datetime | None:
    return min((moment(one.oldest_since) for one in counts if one.HasField("oldest_since")), default=None)
