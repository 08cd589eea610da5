"""Which refused writes mean that a unique value is somebody else's: all of the rows, and nothing but that."""

import pytest
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from chassis.database import is_taken

DUPLICATE, INVALID = {"code": 11000}, {"code": 121}
NO_MAJORITY = [{"code": 64, "errmsg": "waiting for replication timed out"}]


def in_bulk(*refused: dict[str, int]) -> BulkWriteError:
    """What the driver says of a bulk write of which these rows were refused."""
    return BulkWriteError({"writeErrors": list(refused), "writeConcernErrors": [] if refused else NO_MAJORITY})


@pytest.mark.parametrize("error", [DuplicateKeyError("taken"), in_bulk(DUPLICATE), in_bulk(DUPLICATE, DUPLICATE)])
def test_a_value_that_is_taken(error: PyMongoError) -> None:
    assert is_taken(error)


@pytest.mark.parametrize(
    "error", [OperationFailure("bad query"), in_bulk(INVALID), in_bulk(DUPLICATE, INVALID), in_bulk()]
)
def test_any_other_fault_is_not_told_as_taken(error: PyMongoError) -> None:
    assert not is_taken(error)
