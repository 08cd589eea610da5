"""How aggregates are stored: schema, indexes and repositories; and the tables beside them."""

import mongoengine as me
from pymongo import ASCENDING, DESCENDING, IndexModel

from chassis.database import db
from chassis.repository import Repository, RootDocument
from programme.contracts import ROUTES
from programme.domain.consent_grant import ConsentGrant
from programme.domain.country_programme import CountryProgramme
from programme.domain.factory import Factory
from programme.domain.factory_import import FactoryImport
from programme.domain.hold import FactoryHolds
from programme.domain.organisation import Organisation

SOURCE = "programme"


class CountryProgrammeDocument(RootDocument):
    """One country programme."""

    definition = me.DictField(required=True)
    revised_at = me.DateTimeField(required=True)
    meta = {"collection": "country_programmes"}  # noqa: RUF012 - mongoengine reads it so


class FactoryDocument(RootDocument):
    """One factory. Lists walk the first index; a search jumps into the third."""

    country = me.StringField(required=True, regex="^[A-Z]{2}$")
    details = me.DictField(required=True)
    status = me.StringField(required=True, choices=("active", "suspended", "closed"))
    reason_code = me.StringField()
    enrolled_at = me.DateTimeField(required=True)
    updated_at = me.DateTimeField(required=True)
    sort_name = me.StringField(required=True)
    search_terms = me.ListField(me.StringField(), required=True)
    meta = {  # noqa: RUF012
        "collection": "factories",
        "indexes": [
            ("country", "sort_name", "_id"),
            ("country", "status", "sort_name", "_id"),
            "search_terms",
            {"fields": ["details.assigned_advisor"], "sparse": True},
        ],
    }


class OrganisationDocument(RootDocument):
    """One partner."""

    display_name = me.StringField(required=True)
    kind = me.StringField(required=True)
    registered_at = me.DateTimeField(required=True)
    meta = {"collection": "organisations"}  # noqa: RUF012


class ConsentGrantDocument(RootDocument):
    """One grant; that only one is live at a time is held by the table of live consents."""

    country = me.StringField(required=True)
    terms = me.DictField(required=True)
    granted_by = me.StringField(required=True)
    evidence = me.StringField()
    state = me.StringField(required=True, choices=("live", "expired", "withdrawn"))
    granted_at = me.DateTimeField(required=True)
    ended_at = me.DateTimeField()
    ended_by = me.StringField()
    renewals = me.ListField(me.DictField())
    meta = {  # noqa: RUF012
        "collection": "consent_grants",
        "indexes": [
            ("-granted_at", "_id"),
            ("terms.factory_id", "-granted_at", "_id"),
            ("terms.factory_id", "terms.organisation_id", "-granted_at", "_id"),
            ("terms.factory_id", "terms.ends_at", "_id"),
            ("terms.organisation_id", "state"),
        ],
    }


class FactoryHoldsDocument(RootDocument):
    """The holds of one factory; no other table, no list and no timeline knows of them."""

    country = me.StringField(required=True)
    holds = me.ListField(me.DictField(), required=True)
    meta = {"collection": "factory_holds", "indexes": ["country"]}  # noqa: RUF012


class FactoryImportDocument(RootDocument):
    """One import; its rows are in a table of their own."""

    created_by = me.StringField(required=True)
    countries = me.ListField(me.StringField())
    dates = me.StringField(required=True)
    rows = me.IntField(required=True, min_value=1)
    state = me.StringField(required=True, choices=("running", "completed"))
    started_at = me.DateTimeField(required=True)
    completed_at = me.DateTimeField()
    counts = me.DictField()
    meta = {"collection": "factory_imports", "indexes": [("created_by", "-started_at", "_id")]}  # noqa: RUF012


DOCUMENTS = (
    CountryProgrammeDocument,
    FactoryDocument,
    OrganisationDocument,
    ConsentGrantDocument,
    FactoryHoldsDocument,
    FactoryImportDocument,
)

country_programmes = Repository(CountryProgramme, CountryProgrammeDocument, ROUTES, source=SOURCE)
factories = Repository(Factory, FactoryDocument, ROUTES, source=SOURCE)
organisations = Repository(Organisation, OrganisationDocument, ROUTES, source=SOURCE)
consent_grants = Repository(ConsentGrant, ConsentGrantDocument, ROUTES, source=SOURCE)
factory_holds = Repository(FactoryHolds, FactoryHoldsDocument, ROUTES, source=SOURCE)
factory_imports = Repository(FactoryImport, FactoryImportDocument, ROUTES, source=SOURCE)

IMPORT_ROWS = "factory_import_rows"
LIVE_CONSENTS = "live_consents"
_TABLES = {
    IMPORT_ROWS: [IndexModel([("import_id", ASCENDING), ("outcome", ASCENDING), ("number", ASCENDING)], name="work")],
    LIVE_CONSENTS: [
        IndexModel([("organisation_id", ASCENDING), ("ends_at", DESCENDING)], name="organisation"),
        IndexModel([("organisation_id", ASCENDING), ("factory_id", ASCENDING), ("_id", ASCENDING)], name="list"),
    ],
}


def prepare_tables() -> None:
    """Create the tables beside the aggregates, with their indexes; safe to repeat."""
    present = set(db().list_collection_names())
    for name, indexes in _TABLES.items():
        if name not in present:
            db().create_collection(name)
        db()[name].create_indexes(indexes)
