"""Puts the recipients of a file, as `migrate` does: everybody in it is known afterwards as the file says."""

import dataclasses
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from chassis.identity import Identity
from chassis.unit_of_work import unit_of_work
from notifications.domain.errors import InvalidRecipient
from notifications.domain.recipient import Particulars
from notifications.use_cases.put_recipient import PutRecipient, put_recipient

OPERATOR = Identity("operator", frozenset({"service"}))
FIELDS = frozenset(field.name for field in dataclasses.fields(Particulars)) | {"id"}


class RecipientsError(Exception):
    """The file is wrong; the message names the entry and the field, never an address."""


def put_recipients(path: Path) -> int:
    """Put everybody of the file; how many there are. Raises RecipientsError before anything is put."""
    rows = _rows(path)
    entries = [_entry(path, number, row) for number, row in enumerate(rows, 1)]
    for number, (id, particulars) in enumerate(entries, 1):
        try:
            unit_of_work(partial(put_recipient, PutRecipient(id, particulars), OPERATOR))
        except InvalidRecipient as wrong:
            raise RecipientsError(f"{path.name}: entry {number}: {wrong.field}: {wrong}") from None
    return len(entries)


def _rows(path: Path) -> list[Any]:
    try:
        rows = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecipientsError(f"{path.name}: cannot be read: {type(error).__name__}") from None
    if not isinstance(rows, list):
        raise RecipientsError(f"{path.name}: a list of recipients is expected")
    return rows


def _entry(path: Path, number: int, row: Any) -> tuple[str, Particulars]:
    if not isinstance(row, dict) or not row.keys() <= FIELDS or not isinstance(row.get("id"), str):
        raise RecipientsError(f"{path.name}: entry {number}: fields are {', '.join(sorted(FIELDS))}")
    try:
        return row["id"], Particulars(**{name: value for name, value in row.items() if name != "id"})
    except TypeError as error:
        raise RecipientsError(f"{path.name}: entry {number}: {error}") from None
