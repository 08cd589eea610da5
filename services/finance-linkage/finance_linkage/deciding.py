"""The last decision on a product for a factory, for those steps of a referral that rest on it."""

from chassis.access import EVERYTHING
from chassis.errors import NotFound
from finance_linkage.domain.eligibility import Decision
from finance_linkage.domain.errors import NotEligible
from finance_linkage.domain.rules import Outcome
from finance_linkage.storage import eligibilities


def eligible_decision(factory_id: str, product_id: str) -> Decision:
    """The decision that the factory is eligible. Raises NotEligible where the last one does not say so."""
    try:
        row = eligibilities.read(EVERYTHING, factory_id)
    except NotFound:
        raise NotEligible("nothing is decided for this factory yet; try again shortly", "product") from None
    decision = eligibilities.revive(row).decision(product_id)
    if decision is None or decision.outcome is not Outcome.ELIGIBLE:
        raise NotEligible("the last decision does not say that the factory is eligible; see its receipt", "product")
    return decision
