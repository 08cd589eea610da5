"""Factory lists through the real server: progress, outcomes, a second import, a kill in the middle."""

import time
from pathlib import Path

import pytest

from amplify.programme.v1 import factory_import_pb2, factory_import_service_pb2, factory_pb2

from .lists import Row, counts, csv_of, row, unique
from .world import MANAGER_KH, OFFICER, OFFICER_BD, Refused, World, new_id

pytestmark = pytest.mark.stack
SECONDS_FOR_300 = 90.0
"""It takes 1.2 s of processor time and a few seconds on the wall; the rest is room for a machine that is busy."""


def rows_of(world: World, name: str, **conditions: object) -> list[factory_import_pb2.FactoryImportRow]:
    asked = factory_import_service_pb2.ListFactoryImportRowsRequest(parent=name, page_size=500, **conditions)  # type: ignore[arg-type]
    return list(world.call(OFFICER, asked).rows)


def test_300_rows_go_in_but_for_the_wrong_ones_and_a_second_import_changes_nothing(world: World) -> None:
    numbers = unique(300)
    rows = [row(number) for number in numbers]
    wrong: dict[int, tuple[Row, str, str]] = {
        5: ({"workers_total": "ninety"}, "workers_total", "NOT_A_NUMBER"),
        17: ({"name": "=HYPERLINK(1)"}, "name", "FORMULA"),
        40: ({"cycle_start": "0226-02-01"}, "cycle_start", "DATE_OUT_OF_RANGE"),
        77: ({"country": "FR"}, "country", "COUNTRY_NOT_YOURS"),
        120: ({"workers_male": "41"}, "workers_total", "WORKERS_DO_NOT_ADD_UP"),
        299: ({"id": numbers[0]}, "id", "DUPLICATE_ID"),
    }
    for place, (cells, _, _) in wrong.items():
        rows[place] |= cells
    started = time.monotonic()
    name = world.send_file(csv_of(rows))
    done = world.completed(name)
    assert time.monotonic() - started < SECONDS_FOR_300
    assert counts(done) == (294, 0, 0, 6)
    rejected = rows_of(world, name, outcome=factory_import_pb2.ROW_OUTCOME_REJECTED)
    named = {one.row_number: [(problem.field, problem.reason) for problem in one.problems] for one in rejected}
    assert named == {place + 2: [(field, reason)] for place, (_, field, reason) in wrong.items()}
    facts = world.database.facts.count_documents({"stream": "programme-factories"})
    again = world.completed(world.send_file(csv_of(rows)))
    assert counts(again) == (0, 0, 294, 6)
    assert world.database.facts.count_documents({"stream": "programme-factories"}) == facts


def test_an_import_answers_at_once_and_shows_its_progress(world: World) -> None:
    request = factory_import_service_pb2.ImportFactoriesRequest(
        factory_import_id=new_id(), csv=csv_of([row(number) for number in unique(120)]), request_id=new_id()
    )
    accepted = world.call(OFFICER, request).factory_import
    assert accepted.state == factory_import_pb2.FACTORY_IMPORT_STATE_RUNNING
    assert accepted.rows == 120
    assert world.call(OFFICER, request).factory_import == accepted
    assert counts(world.completed(accepted.name)) == (120, 0, 0, 0)
    facts = world.database.facts.find({"key": accepted.name.split("/")[1]}).sort("order", 1)
    assert [fact["type"] for fact in facts] == ["FactoryImportStarted", "FactoryImportCompleted"]


def test_a_row_brings_a_known_factory_to_what_it_says(world: World) -> None:
    (number,) = unique(1)
    world.completed(world.send_file(csv_of([row(number)])))
    strike = row(number, name="New name", status="suspended", obsoletion_reason="strike")
    assert counts(world.completed(world.send_file(csv_of([strike])))) == (0, 1, 0, 0)
    factory = world.factory(f"factories/bd-{number}")
    assert (factory.display_name, factory.status) == ("New name", factory_pb2.FACTORY_STATUS_SUSPENDED)
    assert world.facts(f"bd-{number}") == ["FactoryEnrolled", "FactoryUpdated", "FactorySuspended"]


def test_the_sample_file_goes_in(world: World, data: Path) -> None:
    content = data.joinpath("factories.csv").read_bytes()
    numbers = unique(4)
    for old, new in zip(("1001", "1002", "2001", "4002"), numbers, strict=True):
        content = content.replace(f",{old},".encode(), f",{new},".encode(), 1)
    name = world.send_file(content)
    assert counts(world.completed(name)) == (4, 0, 0, 0)
    first = world.factory(f"factories/bd-{numbers[0]}")
    assert first.contact.phone == "+880 2 5550 1001"
    assert [customer.name for customer in first.customers] == ["North Sea Apparel"]
    assert [one.factory for one in rows_of(world, name)] == [
        f"factories/{country}-{number}" for country, number in zip(("bd", "bd", "kh", "jo"), numbers, strict=True)
    ]


def test_dates_are_read_as_the_sender_declares(world: World) -> None:
    (number,) = unique(1)
    content = csv_of([row(number, cycle_start="01/02/2026")])
    assert world.completed(world.send_file(content)).rejected == 1
    day_first = factory_import_pb2.DATE_FORMAT_DAY_FIRST
    assert world.completed(world.send_file(content, date_format=day_first)).created == 1
    start = world.factory(f"factories/bd-{number}").cycle_start
    assert (start.day, start.month) == (1, 2)


def test_only_the_sender_sees_an_import_and_only_its_countries_go_in(world: World) -> None:
    ours, theirs = unique(2)
    name = world.send_file(csv_of([row(ours), row(theirs, "KH")]), OFFICER_BD)
    assert counts(world.completed(name, OFFICER_BD)) == (1, 0, 0, 1)
    with pytest.raises(Refused) as refusal:
        world.call(MANAGER_KH, factory_import_service_pb2.GetFactoryImportRequest(name=name))
    assert refusal.value.reason == "NOT_FOUND"
    with pytest.raises(Refused):
        world.factory(f"factories/kh-{theirs}")
    listed = world.call(OFFICER_BD, factory_import_service_pb2.ListFactoryImportsRequest())
    assert listed.factory_imports[0].name == name
    assert world.call(MANAGER_KH, factory_import_service_pb2.ListFactoryImportsRequest()).total_size == 0


def test_no_cell_is_kept_after_its_row_is_worked(world: World) -> None:
    name = world.send_file(csv_of([row(number) for number in [*unique(2), "not an id"]]))
    world.completed(name)
    kept = world.database.factory_import_rows.find({"import_id": name.split("/")[1]})
    assert [stored.get("cells") for stored in kept] == [None, None, None]
