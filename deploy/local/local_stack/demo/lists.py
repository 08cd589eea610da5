"""Generates the factory lists of the demonstration; `python -m local_stack.demo.lists` writes them.

Every name is invented. The same seed gives the same files, which are committed; a test says when they are not current.
"""

import csv
import io
import random
from dataclasses import dataclass
from pathlib import Path

from local_stack.layout import LOCAL
from local_stack.people import directory

FOLDER = LOCAL / "demo"
ENROLLED = "factories.csv"
BANGLADESH = "factories-bangladesh.csv"
WRONG_ENCODING = "factories-wrong-encoding.csv"

Row = dict[str, str]
_SEED = 20260101
_FIRST_WITHOUT_ADVISOR = 1110


@dataclass(frozen=True)
class Place:
    """Where the invented factories of a country stand; `first` is the number of the first one, `women` their share."""

    country: str
    first: int
    town: str
    latitude: float
    longitude: float
    phone: str
    women: float


BD = Place("BD", 1001, "Gazipur", 23.99, 90.42, "+880 2 555", 0.56)
KH = Place("KH", 2001, "Phnom Penh", 11.55, 104.91, "+855 23 555", 0.78)
VN = Place("VN", 3001, "Binh Duong", 11.17, 106.65, "+84 274 555", 0.74)
JO = Place("JO", 4001, "Irbid", 32.55, 35.85, "+962 2 555", 0.70)
_COUNTS = ((BD, 16), (KH, 10), (VN, 8), (JO, 6))

_FIRST = ("Quiet", "Amber", "Paper", "Silver", "Early", "Northern", "Painted", "Copper", "Gentle", "Woven", "Scarlet")
_SECOND = ("Heron", "Lantern", "Harbour", "Meadow", "Kingfisher", "Tamarind", "Bamboo", "Lotus", "Orchard", "Terrace")
_TRADE = ("Garments", "Knitwear", "Apparel", "Sewing", "Fashions")
_PRODUCTS = ("T-shirts", "trousers", "sweaters", "jackets", "shirts", "underwear", "denim", "sportswear")
_CUSTOMERS = ("North Sea Apparel", "Fjord Basics", "Prairie Outfitting", "Ostrava Mode", "Blue Mesa Clothing")

# Row of the file (the header is row 1), column, what stands there; the importer refuses exactly these rows.
WRONG = (
    (13, "name", ""),
    (38, "workers_female", "999999"),
    (59, "creation_date", "1926-05-04"),
    (92, "country", "XX"),
    (121, "id", "1100"),
    (151, "address", '=HYPERLINK("http://example.org","map")'),
    (178, "gps", "238.10 90.4125"),
    (204, "workers_total", "about 900"),
    (245, "status", "paused"),
    (267, "contact_email", "manager(at)example.org"),
)


def files() -> dict[str, bytes]:
    """The content of every file, by name."""
    return {ENROLLED: enrolled(), BANGLADESH: bangladesh(), WRONG_ENCODING: wrong_encoding()}


def enrolled() -> bytes:
    """Forty factories in four countries, all of them good: those that are there from the first start."""
    chance = random.Random(_SEED)  # noqa: S311 - not for secrets
    rows = [_row(chance, place, place.first + number) for place, count in _COUNTS for number in range(count)]
    rows[-6]["name"] = "Jasmine Hill Sewing مصنع تل الياسمين"
    return _csv(rows)


def bangladesh() -> bytes:
    """Three hundred factories of Bangladesh to import by hand, with the mistakes that `WRONG` lists."""
    chance = random.Random(_SEED + 1)  # noqa: S311 - not for secrets
    rows = [_row(chance, BD, 1100 + number) for number in range(300)]
    for line, column, text in WRONG:
        rows[line - 2][column] = text
    return _csv(rows)


def wrong_encoding() -> bytes:
    """A list that a spreadsheet saved in its old encoding instead of UTF-8: refused as a whole."""
    chance = random.Random(_SEED + 2)  # noqa: S311 - not for secrets
    rows = [_row(chance, BD, 1500 + number) for number in range(3)]
    rows[1]["name"] = "Café Terrace Garments"
    return _csv(rows).decode().encode("latin-1")


def _row(chance: random.Random, place: Place, number: int) -> Row:
    name = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {chance.choice(_TRADE)} {number}"
    total = chance.randrange(180, 4200)
    women = round(total * min(0.95, max(0.1, chance.gauss(place.women, 0.08))))
    first, second = chance.sample(_PRODUCTS, 2)
    begun = chance.randrange(1994, 2023)
    where = f"{place.latitude + chance.uniform(-0.2, 0.2):.4f} {place.longitude + chance.uniform(-0.2, 0.2):.4f}"
    cycle = chance.randrange(1, 9)
    return {
        "country": place.country,
        "id": str(number),
        "original_id": f"{place.country}/{number - 900}",
        "name": name,
        "status": "active",
        "obsoletion_reason": "",
        "address": f"Plot {chance.randrange(1, 300)}, {place.town}",
        "gps": where,
        "owner_legal_entity": f"{name} Ltd",
        "owner_address": f"Office {chance.randrange(1, 90)}, {place.town}",
        "contact_name": f"Manager of {number}",
        "contact_position": "compliance manager",
        "contact_phone": f"{place.phone} {chance.randrange(1000, 9999)}",
        "contact_email": f"factory-{place.country.lower()}-{number}@example.org",
        "isic_section": "C",
        "isic_division": "14",
        "first_product": first,
        "second_product": second,
        "start_year_in_country": str(begun),
        "workers_total": str(total),
        "workers_female": str(women),
        "workers_male": str(total - women),
        **_customers(chance),
        "assigned_advisor": _advisor(place, number),
        "latest_cycle": str(cycle),
        "cycle_start": f"2026-{chance.randrange(1, 7):02}-01",
        "creation_date": f"{max(begun, 2014)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        "peer_grouping": chance.choice(("yes", "no")),
    }


def _customers(chance: random.Random) -> Row:
    chosen = chance.sample(_CUSTOMERS, 3)
    row: Row = {}
    for number, name in enumerate(chosen, 1):
        row[f"customer_{number}_name"] = name
        row[f"customer_{number}_years_of_business"] = str(chance.randrange(1, 15))
        row[f"customer_{number}_preferred_supplier"] = chance.choice(("yes", "no"))
        row[f"customer_{number}_contractor"] = chance.choice(("yes", "no"))
        row[f"customer_{number}_subcontractor"] = "no"
    return row


def _advisor(place: Place, number: int) -> str:
    """Only some have one yet: whoever is assigned gets a message at once."""
    if place is not BD or number >= _FIRST_WITHOUT_ADVISOR:
        return ""
    return directory().person("advisor-1" if number % 2 else "advisor-2").sub


def _csv(rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def main(folder: Path = FOLDER) -> None:
    """Write the files."""
    folder.mkdir(exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
