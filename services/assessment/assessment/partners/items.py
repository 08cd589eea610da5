"""Items of a partner's stream, made from rows of the feed and from what there is already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from amplify.assessment.v1 import partner_service_pb2 as pb
from assessment.partners import lines, reading, showing
from assessment.partners.consents import Grant, Grants, Scope
from assessment.partners.storage import acknowledged
from assessment.read_models import partner_feed
from chassis import access, audit, clock
from chassis.database import Row
from chassis.identity import Identity


@dataclass(frozen=True)
class Item:
    """A change to send. It needs `grant_id` to be live at that moment; a retraction, with none, needs nothing."""

    change: pb.Change
    grant_id: str = ""
    resource: str = ""

    def is_open_under(self, grants: Grants) -> bool:
        """Whether it may still be sent."""
        return not self.grant_id or any(grant.id == self.grant_id for grant in grants.values())


class Items:
    """Makes the items of one partner's stream; `report_paths` and `line_paths` are its masks."""

    def __init__(self, caller: Identity, report_paths: Sequence[str], line_paths: Sequence[str]) -> None:
        self._caller = caller
        self._paths = {Scope.REPORTS: report_paths, Scope.IMPROVEMENT_PLAN: line_paths}

    def of_rows(self, rows: Iterable[Row], grants: Grants) -> dict[int, Item]:
        """The reports and lines that rows refer to, as they are now, by the number of the row."""
        reports = [row for row in rows if row["kind"] == partner_feed.REPORT]
        changed = [row for row in rows if row["kind"] == partner_feed.LINE]
        made: dict[int, Item] = {}
        if reports:
            opened = self._opened(grants, Scope.REPORTS)
            found = self._reports(opened, {"_id": {"$in": [row["assessment_id"] for row in reports]}})
            made |= {
                row["_id"]: self._report(row, found[row["assessment_id"]], opened)
                for row in reports
                if row["assessment_id"] in found
            }
        if changed:
            opened = self._opened(grants, Scope.IMPROVEMENT_PLAN)
            there = self._lines(opened, {"_id": {"$in": [row["line_id"] for row in changed]}})
            made |= {
                row["_id"]: self._line(row, there[row["line_id"]], opened) for row in changed if row["line_id"] in there
            }
        return made

    def snapshot(self, grant: Grant) -> list[Item]:
        """What a grant opens already: reports by release, or lines."""
        opened = self._opened({(grant.factory_id, grant.scope): grant}, grant.scope)
        of_factory = {"factory_id": grant.factory_id}
        if grant.scope is Scope.REPORTS:
            return [self._report(None, row, opened) for row in self._reports(opened, of_factory).values()]
        return [self._line(None, row, opened) for row in self._lines(opened, of_factory).values()]

    def granted(self, grant: Grant, row: Row | None, *, renewed: bool = False) -> Item:
        """That a grant opens something, or goes on for longer; without a row it is told of in a snapshot."""
        change = _change(row, grant.id, grant.factory_id, grant.id, grant.starts_at)
        change.access_granted.CopyFrom(showing.granted(grant, renewed=renewed))
        return Item(change, grant.id)

    def retraction(self, row: Row) -> Item:
        """That a grant is over."""
        change = _change(row, "", row["factory_id"], row["grant_id"], row["ended_at"])
        change.retraction.CopyFrom(showing.retraction(row))
        return Item(change)

    def owed_retractions(self, generation: int, organisation_id: str) -> list[Item]:
        """Retractions that the organisation has not acknowledged: whoever starts afresh may have missed them."""
        rows = partner_feed.retractions(generation, organisation_id)
        done = acknowledged(row["grant_id"] for row in rows)
        return [self.retraction(row) for row in rows if row["grant_id"] not in done]

    def note(self, items: Iterable[Item]) -> None:
        """Keep in the audit what is about to be sent."""
        audit.record(self._caller, "WatchChanges", [(one.resource, one.grant_id) for one in items if one.resource])

    def _opened(self, grants: Grants, scope: Scope) -> Mapping[str, Grant]:
        return reading.open_grants(self._caller, grants, scope, self._paths[scope])

    def _reports(self, opened: Mapping[str, Grant], condition: Row) -> dict[str, Row]:
        visible = access.filter(reading.with_grants(self._caller, opened.values()), "ReleasedReport")
        rows = reading.released({"$and": [visible.query, condition]}, 0)
        return {row["_id"]: row for row in rows}

    def _lines(self, opened: Mapping[str, Grant], condition: Row) -> dict[str, Row]:
        visible = access.filter(reading.with_grants(self._caller, opened.values()), "SharedImprovementLine")
        return {row["_id"]: row for row in lines.shared({"$and": [visible.query, condition]}, 0)}

    def _report(self, row: Row | None, stored: Row, opened: Mapping[str, Grant]) -> Item:
        grant = opened[stored["factory_id"]]
        shown = reading.show_report(self._caller, stored, grant, self._paths[Scope.REPORTS])
        change = _change(row, shown.name, grant.factory_id, grant.id, stored["report"]["released_at"])
        change.released_report.CopyFrom(shown)
        return Item(change, grant.id, shown.name)

    def _line(self, row: Row | None, stored: Row, opened: Mapping[str, Grant]) -> Item:
        grant = opened[stored["factory_id"]]
        shown = lines.show(self._caller, stored, grant, self._paths[Scope.IMPROVEMENT_PLAN], clock.now())
        change = _change(row, shown.name, grant.factory_id, grant.id, stored["opened_at"])
        change.improvement_line.CopyFrom(shown)
        return Item(change, grant.id, shown.name)


def _change(row: Row | None, id: str, factory_id: str, grant_id: str, at: datetime) -> pb.Change:
    """A change from its row of the feed; without one it is part of a snapshot, and has the id of what is shown."""
    change = pb.Change(
        event_id=row["event_id"] if row else id,
        factory=f"factories/{factory_id}",
        consent_grant=f"consentGrants/{grant_id}",
        snapshot=row is None,
    )
    change.event_time.FromDatetime(row["at"] if row else at)
    return change
