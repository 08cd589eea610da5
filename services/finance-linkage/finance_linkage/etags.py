"""The etag of what a unit of work has loaded or saved."""

from typing import Any

from chassis.repository import Repository
from chassis.unit_of_work import current


def etag_of(repository: Repository[Any], id: str) -> str:
    """The etag of an aggregate as this unit of work leaves it."""
    return repository.etag(current().loaded[repository.collection.name, id])
