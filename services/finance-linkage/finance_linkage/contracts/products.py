"""Facts about products."""

from amplify.finance_linkage.v1 import product_events_pb2 as events
from finance_linkage.contracts.shared import contract_date, contract_money
from finance_linkage.domain import facts
from finance_linkage.domain.product import Product
from finance_linkage.enums import to_contract


def revised(fact: facts.ProductRevised, product: Product) -> events.ProductRevised:
    """The whole definition but for its conditions."""
    definition = product.definition
    message = events.ProductRevised(
        product_id=product.id,
        kind=to_contract(definition.kind),
        titles=definition.titles,
        countries=definition.countries,
        financier_ids=definition.financiers,
        buyer_programme=definition.buyer_programme,
        least_amount=contract_money(definition.least),
        most_amount=contract_money(definition.most),
        effective_from=contract_date(definition.effective_from),
        effective_until=contract_date(definition.effective_until),
        rules=(
            events.RevisedRules(version=one.version, effective_from=contract_date(one.effective_from))
            for one in definition.rules
        ),
        confirmed=bool(definition.source),
    )
    message.revise_time.FromDatetime(fact.at)
    return message
