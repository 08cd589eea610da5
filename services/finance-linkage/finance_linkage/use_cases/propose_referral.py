"""A finance officer proposes to refer an eligible factory to a financier that offers the product."""

from dataclasses import dataclass
from datetime import date

from chassis import clock
from chassis.access import EVERYTHING, filter
from chassis.database import Row
from chassis.errors import NotFound
from chassis.identity import Identity
from finance_linkage.assembling import open_lines
from finance_linkage.deciding import eligible_decision
from finance_linkage.domain import terms
from finance_linkage.domain.errors import (
    FactoryNotActive,
    FinancierNotOffering,
    LinesInvalid,
    ReferralOpen,
    UnknownProduct,
)
from finance_linkage.domain.money import Money
from finance_linkage.domain.product import Definition
from finance_linkage.domain.referral import Referral, propose
from finance_linkage.domain.states import State
from finance_linkage.read_models import consents, dossiers
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import products, referrals


@dataclass(frozen=True)
class ProposeReferral:
    """`referral_id` is chosen by the client; `lines` are the open improvement lines to be financed."""

    referral_id: str
    factory_id: str
    product_id: str
    financier_id: str
    amount: Money
    lines: tuple[str, ...]


def propose_referral(command: ProposeReferral, caller: Identity) -> Referral:
    """Where a consent that fits is known already, the factory is not asked again.

    Raises UnknownFactory, FactoryNotActive, UnknownProduct, FinancierNotOffering, CurrencyForeign,
    AmountOutsideLimits, LinesInvalid, NotEligible, ReferralOpen, or AlreadyExists for a taken id.
    """
    dossier = dossiers.known(filter(caller, "dossier"), command.factory_id)
    status, country = dossier["factory"]["status"], dossier["country"]
    if status != "active":
        raise FactoryNotActive(f"the factory is {status}", "factory")
    moment = saga.moment(country, State.PROPOSED)
    definition = _offer(command, country, moment.today)
    terms.check_request(command.amount, definition.least, definition.most)
    _check_lines(command.lines, dossier, definition)
    decision = eligible_decision(command.factory_id, command.product_id)
    _refuse_second(command)
    referral = propose(
        command.referral_id,
        (command.factory_id, country),
        command.product_id,
        command.financier_id,
        command.amount,
        tuple(sorted(command.lines)),
        decision.receipt,
        caller.subject,
        moment,
    )
    grant = consents.live_grant(command.factory_id, command.financier_id, command.referral_id, clock.now())
    if grant is not None:
        referral.consent(grant.id, grant.until, saga.moment(country, State.CONSENTED))
    referrals.add(referral)
    saga.set_deadline(referral)
    return referral


def _offer(command: ProposeReferral, country: str, today: date) -> Definition:
    try:
        definition = products.get(EVERYTHING, command.product_id).definition
    except NotFound:
        raise UnknownProduct("there is no such product", "product") from None
    if country not in definition.countries or not definition.offered(today):
        raise UnknownProduct(f"the product is not offered in {country} today", "product")
    if command.financier_id not in definition.financiers:
        raise FinancierNotOffering("this financier does not offer the product", "financier")
    return definition


def _check_lines(lines: tuple[str, ...], dossier: Row, definition: Definition) -> None:
    cluster = definition.finances_lines_of
    if not cluster:
        if lines:
            raise LinesInvalid("the product finances no improvement lines", "lines")
        return
    if not lines:
        raise LinesInvalid("name the improvement lines that are to be financed", "lines")
    financed = open_lines(dossier, cluster)
    for place, line in enumerate(lines):
        if line not in financed:
            raise LinesInvalid(f"is not an open line on {cluster} of this factory", f"lines[{place}]")


def _refuse_second(command: ProposeReferral) -> None:
    key = f"{command.factory_id}/{command.product_id}/{command.financier_id}"
    if referrals.collection.find_one({"open_key": key}, {"_id": 1}) is not None:
        raise ReferralOpen("there is an open referral of this factory to this financier for this product")
