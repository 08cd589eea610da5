"""Enumerations as codes, and pages as JSON."""

from datetime import UTC, date, datetime

import pytest

from amplify.programme.v1.factory_pb2 import Factory, FactoryStatus
from console.codes import code_of, codes, number
from console.jsonable import jsonable
from console.visit import Part


def test_a_value_is_known_by_its_code() -> None:
    factory = Factory(status=FactoryStatus.FACTORY_STATUS_SUSPENDED)
    assert code_of(factory, "status") == "suspended"
    assert code_of(Factory(), "status") == "unspecified"
    assert codes(FactoryStatus) == ["active", "suspended", "closed"]
    assert number(FactoryStatus, "closed") == FactoryStatus.FACTORY_STATUS_CLOSED
    assert number(FactoryStatus, "made-up") == 0


def test_a_field_that_is_no_enumeration_is_a_mistake_of_the_page() -> None:
    with pytest.raises(TypeError):
        code_of(Factory(), "name")


def test_a_page_is_shown_as_json() -> None:
    data = {
        "part": Part(Factory(name="factories/bd-1001")),
        "at": datetime(2026, 3, 1, tzinfo=UTC),
        "day": date(2026, 3, 1),
        "rows": (1, 2),
    }
    assert jsonable(data) == {
        "part": {"value": {"name": "factories/bd-1001"}, "down": "", "since": None, "as_of": None},
        "at": "2026-03-01T00:00:00+00:00",
        "day": "2026-03-01",
        "rows": [1, 2],
    }


def test_what_is_no_data_is_not_handed_out() -> None:
    with pytest.raises(TypeError):
        jsonable({"secret": object()})
