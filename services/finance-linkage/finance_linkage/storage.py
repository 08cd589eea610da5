"""How the aggregates of this service are kept: one collection each, and receipts and packs, which never change."""

from typing import Any

import mongoengine as me

from chassis.repository import Repository, RootDocument
from finance_linkage.contracts import ROUTES
from finance_linkage.domain.eligibility import Eligibility
from finance_linkage.domain.environmental_record import EnvironmentalRecord
from finance_linkage.domain.finance_profile import FinanceProfile
from finance_linkage.domain.product import Product
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State

SOURCE = "finance-linkage"


class ProductDocument(RootDocument):
    """`definition` holds days as text and money as whole minor units."""

    definition = me.DictField(required=True)
    revised_at = me.DateTimeField(required=True)
    meta = {"collection": "products", "indexes": []}  # noqa: RUF012


class EligibilityDocument(RootDocument):
    """`decisions` by product; `recheck_on` is a day as text, which sorts as days do."""

    country = me.StringField(required=True, regex="^[A-Z]{2}$")
    decisions = me.ListField(me.DictField())
    recheck_on = me.StringField()
    meta = {  # noqa: RUF012
        "collection": "eligibilities",
        "indexes": [
            {"fields": ["country", "_id"], "name": "of_country"},
            {"fields": ["decisions.product_id", "decisions.outcome", "_id"], "name": "of_product"},
        ],
    }


class EnvironmentalRecordDocument(RootDocument):
    """`current` is the last revision, `earlier` those before, the oldest first."""

    factory_id = me.StringField(required=True)
    country = me.StringField(required=True, regex="^[A-Z]{2}$")
    year = me.IntField(required=True, min_value=2000)
    current = me.DictField(required=True)
    earlier = me.ListField(me.DictField())
    meta = {  # noqa: RUF012
        "collection": "environmental_records",
        "indexes": [{"fields": ["factory_id", "-year", "_id"], "name": "of_factory"}],
    }


class FinanceProfileDocument(RootDocument):
    """Buyers' scores by programme, and who owns the factory."""

    country = me.StringField(required=True, regex="^[A-Z]{2}$")
    buyer_scores = me.ListField(me.DictField())
    ownership = me.DictField()
    meta = {"collection": "finance_profiles", "indexes": []}  # noqa: RUF012


class ReferralDocument(RootDocument):
    """Money as whole minor units with its currency; days as text. `open_key` is set while the referral is open."""

    factory_id = me.StringField(required=True)
    country = me.StringField(required=True, regex="^[A-Z]{2}$")
    product_id = me.StringField(required=True)
    financier_id = me.StringField(required=True)
    amount = me.DictField(required=True)
    lines = me.ListField(me.StringField())
    receipt = me.StringField(required=True)
    proposed_by = me.StringField(required=True)
    proposed_at = me.DateTimeField(required=True)
    state = me.StringField(required=True, choices=[state.value for state in State])
    state_at = me.DateTimeField(required=True)
    waiting_for = me.StringField()
    due_day = me.StringField()
    open_key = me.StringField()
    overdue = me.BooleanField()
    grant_id = me.StringField()
    consent_until = me.DateTimeField()
    access_ended = me.BooleanField()
    pack_digest = me.StringField()
    sent_at = me.DateTimeField()
    rounds = me.ListField(me.DictField())
    approved = me.DictField()
    decline_reason = me.StringField()
    decided_at = me.DateTimeField()
    decided_on = me.StringField()
    signed_on = me.StringField()
    disbursements = me.ListField(me.DictField())
    outcome = me.DictField()
    stop_reason = me.StringField()
    meta = {  # noqa: RUF012
        "collection": "referrals",
        "indexes": [
            {"fields": ["country", "state_at", "_id"], "name": "of_country"},
            {"fields": ["factory_id", "state_at", "_id"], "name": "of_factory"},
            {"fields": ["financier_id", "sent_at", "_id"], "name": "of_financier"},
            {
                "fields": ["open_key"],
                "name": "open",
                "unique": True,
                "partialFilterExpression": {"open_key": {"$type": "string"}},
            },
        ],
    }


DOCUMENTS = (
    ProductDocument,
    EligibilityDocument,
    EnvironmentalRecordDocument,
    FinanceProfileDocument,
    ReferralDocument,
)


def _repository(kind: type[Any], document: type[RootDocument]) -> Repository[Any]:
    return Repository(kind, document, ROUTES, source=SOURCE)


products: Repository[Product] = _repository(Product, ProductDocument)
eligibilities: Repository[Eligibility] = _repository(Eligibility, EligibilityDocument)
environmental_records: Repository[EnvironmentalRecord] = _repository(EnvironmentalRecord, EnvironmentalRecordDocument)
finance_profiles: Repository[FinanceProfile] = _repository(FinanceProfile, FinanceProfileDocument)
referrals: Repository[Referral] = _repository(Referral, ReferralDocument)
