"""Leads referrals from step to step, as officers, factories and financiers do."""

from typing import Any

from amplify.finance_linkage.v1 import financier_service_pb2 as bank_pb2
from amplify.finance_linkage.v1 import incoming_referral_pb2, money_pb2, referral_pb2, referral_states_pb2
from amplify.finance_linkage.v1 import referral_lists_pb2 as lists_pb2
from amplify.finance_linkage.v1 import referral_steps_pb2 as steps_pb2

from . import telling
from .ledger import Grant
from .world import BANK, OFFICER, World, day, new_id

State = referral_states_pb2.ReferralState
LINE_PRODUCT = "products/safety-remediation-line"


def usd(minor_units: int) -> money_pb2.Money:
    """An amount in US dollars."""
    return money_pb2.Money(minor_units=minor_units, currency_code="USD")


def make_eligible(world: World, factory: str) -> str:
    """A released report and an open, planned line on safety: what the safety line asks for. The line's id."""
    telling.release(world, factory)
    line = telling.open_line(world, factory)
    telling.plan_line(world, factory, line)
    world.settle()
    return line


def proposal(of: str, line: str, **changes: Any) -> steps_pb2.ProposeReferralRequest:
    """A request to refer a factory to delta-bank for 45,000 dollars."""
    request: dict[str, Any] = {
        "referral_id": new_id(),
        "factory": f"factories/{of}",
        "product": LINE_PRODUCT,
        "financier": "organisations/delta-bank",
        "amount": usd(4_500_000),
        "lines": [line],
        "request_id": new_id(),
    }
    return steps_pb2.ProposeReferralRequest(**(request | changes))


def propose(world: World, factory: str, line: str, **changes: Any) -> str:
    """Propose; the referral's name."""
    return str(world.call(OFFICER, proposal(factory, line, **changes)).referral.name)


def consent(world: World, factory: str, *fields: str, financier: str = "delta-bank") -> Grant:
    """The factory consents in the ledger, and the ledger tells it."""
    grant = Grant(factory, financier, fields=fields)
    world.ledger.grants.append(grant)
    telling.grant(world, grant.id, factory, financier)
    return grant


def freeze(world: World, name: str) -> steps_pb2.FreezeEvidencePackResponse:
    """The officer freezes the pack."""
    answer: steps_pb2.FreezeEvidencePackResponse = world.call(
        OFFICER, steps_pb2.FreezeEvidencePackRequest(name=name, request_id=new_id())
    )
    return answer


def send(world: World, name: str) -> referral_pb2.Referral:
    """The officer sends it."""
    request = steps_pb2.SendReferralRequest(name=name, request_id=new_id())
    shown: referral_pb2.Referral = world.call(OFFICER, request).referral
    return shown


def sent(world: World, factory: str, line: str, *fields: str) -> tuple[str, Grant]:
    """Proposed, consented, frozen and sent: the referral's name and the grant."""
    name = propose(world, factory, line)
    grant = consent(world, factory, *fields)
    freeze(world, name)
    send(world, name)
    return name, grant


def get(world: World, name: str, person: str = OFFICER) -> referral_pb2.Referral:
    """The referral as it is now."""
    shown: referral_pb2.Referral = world.call(person, lists_pb2.GetReferralRequest(name=name)).referral
    return shown


def incoming(name: str) -> str:
    """What the financier calls it."""
    return "incomingReferrals/" + name.split("/")[1]


def say(
    world: World, kind: Any, name: str, person: str = BANK, **fields: Any
) -> incoming_referral_pb2.IncomingReferral:
    """The financier says something about a referral."""
    request = kind(name=incoming(name), request_id=new_id(), **fields)
    shown: incoming_referral_pb2.IncomingReferral = world.call(person, request).incoming_referral
    return shown


def to_signed(world: World, factory: str, line: str) -> str:
    """A referral with a signed contract over 40,000 dollars."""
    name, _ = sent(world, factory, line)
    say(world, bank_pb2.AcknowledgeReferralRequest, name)
    say(world, bank_pb2.ApproveReferralRequest, name, approved_amount=usd(4_000_000))
    say(world, bank_pb2.RecordSignatureRequest, name, signed_on=day())
    return name


def end(world: World, name: str, grant: Grant | None = None) -> None:
    """Leave nothing open for the next test: withdraw the consent, or stop the referral."""
    if grant is not None:
        world.ledger.grants.remove(grant)
        factory = get(world, name).factory.split("/")[1]
        telling.withdraw(world, grant.id, factory, "delta-bank")
        return
    reason = referral_states_pb2.STOP_REASON_PROPOSED_IN_ERROR
    world.call(OFFICER, steps_pb2.StopReferralRequest(name=name, reason=reason, request_id=new_id()))
