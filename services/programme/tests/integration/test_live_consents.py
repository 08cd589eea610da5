"""The table of live consents by both strengths of reading: what was acknowledged before is always seen."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chassis.database import client, connect, db
from chassis.settings import Settings
from chassis.unit_of_work import unit_of_work
from programme import live_consents
from programme.domain.consent_grant import ConsentGrant
from programme.domain.consent_terms import Scope, Terms
from programme.live_consents import Question
from programme.paged import Paging
from programme.storage import prepare_tables

pytestmark = pytest.mark.stack
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(params=["majority", "linearizable"])
def strength(request: pytest.FixtureRequest, mongodb_uri: str) -> Iterator[str]:
    """A table of its own, read that strongly."""
    name = f"t{uuid.uuid4().hex[:10]}"
    connect(Settings(environment="test", mongodb_uri=mongodb_uri, mongodb_database=name, kafka_bootstrap="-:-"))
    prepare_tables()
    live_consents.configure(request.param)
    yield str(request.param)
    live_consents.configure("majority")
    client().drop_database(db().name)


def granted(factory_id: str) -> ConsentGrant:
    terms = Terms(factory_id, "north-sea-apparel", Scope.REPORTS, NOW, NOW + timedelta(days=9))
    return ConsentGrant.grant(factory_id, "BD", terms, by="manager", on_behalf=False, evidence="", now=NOW)


def test_what_is_kept_is_found_and_what_is_forgotten_is_not(strength: str) -> None:
    assert strength
    for number in range(5):
        grant = granted(f"bd-{number}")
        unit_of_work(lambda grant=grant: live_consents.keep(grant, NOW))
        row = live_consents.find(Question(f"bd-{number}", "north-sea-apparel", Scope.REPORTS), NOW)
        assert row is not None
        assert row["grant_id"] == grant.id
    page, total = live_consents.page({"organisation_id": "north-sea-apparel"}, NOW, Paging(3, ""))
    assert ([row["factory_id"] for row in page.rows], total) == (["bd-0", "bd-1", "bd-2"], 5)
    unit_of_work(lambda: live_consents.forget(granted("bd-1")))
    assert live_consents.find(Question("bd-1", "north-sea-apparel", Scope.REPORTS), NOW) is None
    assert live_consents.factories_open_to(["north-sea-apparel"], NOW) == {"bd-0", "bd-2", "bd-3", "bd-4"}
    assert live_consents.factories_open_to(["north-sea-apparel"], NOW + timedelta(days=9)) == set()
