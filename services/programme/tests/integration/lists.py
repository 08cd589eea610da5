"""Factory lists for tests."""

import csv
import io

from amplify.programme.v1.factory_import_pb2 import FactoryImport

from .world import new_id

Row = dict[str, str]


def csv_of(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def row(number: str, country: str = "BD", **cells: str) -> Row:
    sound = {"country": country, "id": number, "name": f"Imported {number}", "status": "active",
             "obsoletion_reason": "", "cycle_start": "2026-02-01", "workers_total": "100", "workers_female": "60",
             "workers_male": "40"}  # fmt: skip
    return sound | cells


def unique(count: int) -> list[str]:
    stem = new_id()[:8]
    return [f"{stem}{number:03}" for number in range(count)]


def counts(done: FactoryImport) -> tuple[int, int, int, int]:
    return done.created, done.updated, done.unchanged, done.rejected
