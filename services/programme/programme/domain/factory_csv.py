"""The factory list as a CSV file: its columns, and the rules that hold for the file as a whole.

The columns are those of the factory export that country offices already keep, in snake case. Column order does not
matter. The rules for a single cell live in `factory_row`.
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a cell must look like; `factory_row` holds one parser for each."""

    TEXT = "text"
    COUNTRY = "country code, two letters"
    EXPORT_ID = "letters and digits"
    STATUS = "active, suspended or closed"
    REASON = "reason code"
    GPS = "latitude and longitude in decimal degrees, as 23.8103 90.4125"
    PHONE = "telephone number"
    EMAIL = "email address"
    SECTION = "ISIC section, one letter"
    DIVISION = "ISIC division, two digits"
    YEAR = "year"
    COUNT = "whole number"
    CYCLE = "whole number, from 1"
    DATE = "date"
    FLAG = "yes or no"
    PERSON = "identifier of a person, a UUID"


@dataclass(frozen=True)
class Column:
    """One column: `required` means the header must be there; `filled` means each cell must be, too."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    filled: bool = False


CUSTOMERS = (1, 2, 3)


def _customer(n: int) -> list[Column]:
    return [
        Column(f"customer_{n}_name", Kind.TEXT, f"customer {n}, a company name"),
        Column(f"customer_{n}_years_of_business", Kind.COUNT, f"years of business with customer {n}"),
        Column(f"customer_{n}_preferred_supplier", Kind.FLAG, f"whether customer {n} calls it a preferred supplier"),
        Column(f"customer_{n}_contractor", Kind.FLAG, f"whether it works for customer {n} as a contractor"),
        Column(f"customer_{n}_subcontractor", Kind.FLAG, f"whether it works for customer {n} as a subcontractor"),
    ]


COLUMNS: tuple[Column, ...] = (
    Column("country", Kind.COUNTRY, "country programme, as BD", required=True, filled=True),
    Column("id", Kind.EXPORT_ID, "number of the factory in its country", required=True, filled=True),
    Column("original_id", Kind.EXPORT_ID, "number in an earlier system"),
    Column("name", Kind.TEXT, "name of the factory", required=True, filled=True),
    Column("status", Kind.STATUS, "active, suspended or closed", required=True, filled=True),
    Column("obsoletion_reason", Kind.REASON, "why it is suspended or closed; empty when active"),
    Column("address", Kind.TEXT, "postal address of the site"),
    Column("gps", Kind.GPS, "latitude and longitude of the site, decimal degrees, as 23.8103 90.4125"),
    Column("owner_legal_entity", Kind.TEXT, "legal entity that owns the factory"),
    Column("owner_address", Kind.TEXT, "address of that legal entity"),
    Column("contact_name", Kind.TEXT, "person to ask for (confidential)"),
    Column("contact_position", Kind.TEXT, "what that person does at the factory"),
    Column("contact_phone", Kind.PHONE, "telephone of that person (confidential)"),
    Column("contact_email", Kind.EMAIL, "email of that person (confidential)"),
    Column("isic_section", Kind.SECTION, "ISIC Rev. 4 section, as C"),
    Column("isic_division", Kind.DIVISION, "ISIC Rev. 4 division, as 14"),
    Column("first_product", Kind.TEXT, "main product"),
    Column("second_product", Kind.TEXT, "second product"),
    Column("start_year_in_country", Kind.YEAR, "year in which production in the country began"),
    Column("workers_total", Kind.COUNT, "all workers"),
    Column("workers_female", Kind.COUNT, "women among them"),
    Column("workers_male", Kind.COUNT, "men among them; women and men add up to the total"),
    *(column for n in CUSTOMERS for column in _customer(n)),
    Column("assigned_advisor", Kind.PERSON, "opaque id of the assigned enterprise advisor"),
    Column("latest_cycle", Kind.CYCLE, "number of the latest service cycle"),
    Column("cycle_start", Kind.DATE, "first day of that cycle"),
    Column("creation_date", Kind.DATE, "day the record was created at its source"),
    Column("peer_grouping", Kind.FLAG, "whether it takes part in peer grouping"),
)
