"""Facts about what a factory is eligible for, and about what is recorded of it."""

from amplify.finance_linkage.v1 import eligibility_events_pb2, environment_events_pb2, finance_profile_events_pb2
from finance_linkage.contracts.shared import contract_date, contract_quantity, contract_score
from finance_linkage.domain import facts
from finance_linkage.domain.eligibility import Eligibility
from finance_linkage.domain.environmental_record import EnvironmentalRecord
from finance_linkage.domain.finance_profile import FinanceProfile
from finance_linkage.enums import to_contract


def decided(fact: facts.EligibilityDecided, _: Eligibility) -> eligibility_events_pb2.EligibilityDecided:
    """Why is not in it: a condition that is not met may be confidential."""
    message = eligibility_events_pb2.EligibilityDecided(
        factory_id=fact.factory_id,
        country=fact.country,
        product_id=fact.product_id,
        outcome=to_contract(fact.outcome),
        previous_outcome=to_contract(fact.previous),
        tier=fact.tier,
        missing=fact.missing,
        receipt_digest=fact.receipt,
        rule_version=fact.rule_version,
    )
    message.decide_time.FromDatetime(fact.at)
    return message


def tier_changed(fact: facts.TierChanged, _: Eligibility) -> eligibility_events_pb2.TierChanged:
    """From which tier to which."""
    message = eligibility_events_pb2.TierChanged(
        factory_id=fact.factory_id,
        country=fact.country,
        product_id=fact.product_id,
        from_tier=fact.from_tier,
        to_tier=fact.to_tier,
        downgrade=fact.downgrade,
        receipt_digest=fact.receipt,
    )
    message.change_time.FromDatetime(fact.at)
    return message


def environmental_record_submitted(
    fact: facts.EnvironmentalRecordSubmitted, _: EnvironmentalRecord
) -> environment_events_pb2.EnvironmentalRecordSubmitted:
    """The whole record."""
    message = environment_events_pb2.EnvironmentalRecordSubmitted(
        record_id=fact.record_id,
        factory_id=fact.factory_id,
        country=fact.country,
        year=fact.year,
        revision=fact.revision,
        energy=contract_quantity(fact.figures.energy),
        water=contract_quantity(fact.figures.water),
        chemicals=contract_quantity(fact.figures.chemicals),
        higg_scores=map(contract_score, fact.figures.higg_scores),
        verification=to_contract(fact.verification),
    )
    message.submit_time.FromDatetime(fact.at)
    return message


def buyer_score_recorded(
    fact: facts.BuyerScoreRecorded, _: FinanceProfile
) -> finance_profile_events_pb2.BuyerScoreRecorded:
    """The score without the document that shows it."""
    message = finance_profile_events_pb2.BuyerScoreRecorded(
        factory_id=fact.factory_id,
        country=fact.country,
        buyer_programme=fact.buyer_programme,
        score=fact.score,
        scored_on=contract_date(fact.scored_on),
    )
    message.record_time.FromDatetime(fact.at)
    return message


def ownership_recorded(
    fact: facts.OwnershipRecorded, _: FinanceProfile
) -> finance_profile_events_pb2.OwnershipRecorded:
    """The shares without the document that shows them."""
    message = finance_profile_events_pb2.OwnershipRecorded(
        factory_id=fact.factory_id,
        country=fact.country,
        women_owned_percent=fact.women_owned_percent,
        women_board_percent=fact.women_board_percent,
        as_of_day=contract_date(fact.as_of_day),
    )
    message.record_time.FromDatetime(fact.at)
    return message
