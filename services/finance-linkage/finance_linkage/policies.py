"""What this service does of its own accord: when a fact concerns it, and when something becomes due."""

from datetime import UTC

from amplify.finance_linkage.v1.product_events_pb2 import ProductRevised
from amplify.programme.v1.programme_events_pb2 import ConsentExpired, ConsentGranted, ConsentRenewed, ConsentWithdrawn
from chassis import clock
from chassis.consumer import Consumer, Message
from chassis.due_work import Due
from finance_linkage.consents import concerns_referrals
from finance_linkage.deadlines import await_consent, evaluate_soon, forget_consent, sweep_from
from finance_linkage.domain.states import State, StopReason
from finance_linkage.read_models import dossiers
from finance_linkage.use_cases.escalate_step import EscalateStep, escalate_step
from finance_linkage.use_cases.evaluate_factories import EvaluateFactories, evaluate_factories
from finance_linkage.use_cases.lose_consent import LoseConsent, lose_consent
from finance_linkage.use_cases.note_consent import NoteConsent, extend_consent, note_consent

SWEEP_SIZE = 50
"""Factories decided on in one unit of work of a sweep."""


def note_consent_when_it_is_granted(fact: ConsentGranted, _: Message) -> None:
    """The factory consents to what a referral waits for, from now or from a later time on."""
    if not concerns_referrals(fact):
        return
    if _begins_later(fact):
        await_consent(fact.grant_id, fact.start_time.ToDatetime(UTC), vars(_grant(fact)))
    else:
        note_consent(_grant(fact))


def note_consent_when_it_begins(due: Due) -> None:
    """The time has come from which it holds."""
    note_consent(NoteConsent(**due.body))


def extend_consent_when_it_is_renewed(fact: ConsentRenewed, _: Message) -> None:
    """The factory moved its end, perhaps before it begins."""
    if not concerns_referrals(fact):
        return
    if _begins_later(fact):
        await_consent(fact.grant_id, fact.start_time.ToDatetime(UTC), vars(_grant(fact)))
    else:
        extend_consent(_grant(fact))


def stop_referrals_when_consent_is_withdrawn(fact: ConsentWithdrawn, _: Message) -> None:
    """The factory took it back."""
    if concerns_referrals(fact):
        forget_consent(fact.grant_id)
        lose_consent(LoseConsent(fact.grant_id, StopReason.CONSENT_WITHDRAWN))


def stop_referrals_when_consent_expires(fact: ConsentExpired, _: Message) -> None:
    """It reached its end."""
    if concerns_referrals(fact):
        forget_consent(fact.grant_id)
        lose_consent(LoseConsent(fact.grant_id, StopReason.CONSENT_EXPIRED))


def evaluate_all_when_a_product_is_revised(_: ProductRevised, __: Message) -> None:
    """Every factory is decided on anew, batch by batch."""
    sweep_from("")


def evaluate_when_something_changed(due: Due) -> None:
    """Something is known of this factory that was not known at its last decision, or a day has come."""
    evaluate_factories(EvaluateFactories([due.key]))


def evaluate_some_when_all_are_to_be(due: Due) -> None:
    """One batch of a sweep; the next follows in a unit of work of its own."""
    ids = dossiers.next_ids(due.body["after"], SWEEP_SIZE)
    if due.attempts:
        # A batch that failed is taken apart, so that one factory that cannot be decided on holds up no other.
        for factory_id in ids:
            evaluate_soon(factory_id)
    else:
        evaluate_factories(EvaluateFactories(ids))
    if ids:
        sweep_from(ids[-1])


def escalate_when_a_step_is_overdue(due: Due) -> None:
    """The day of a step has passed."""
    escalate_step(EscalateStep(due.body["referral_id"], State(due.body["state"])))


CONSENTED = Consumer(
    name="referrals",
    streams=["programme-consents"],
    policies={
        ConsentGranted: note_consent_when_it_is_granted,
        ConsentRenewed: extend_consent_when_it_is_renewed,
        ConsentWithdrawn: stop_referrals_when_consent_is_withdrawn,
        ConsentExpired: stop_referrals_when_consent_expires,
    },
)
REVISED = Consumer(
    name="sweeps",
    streams=["finance-linkage-products"],
    policies={ProductRevised: evaluate_all_when_a_product_is_revised},
)


def _begins_later(fact: ConsentGranted | ConsentRenewed) -> bool:
    return fact.start_time.ToDatetime(UTC) > clock.now()


def _grant(fact: ConsentGranted | ConsentRenewed) -> NoteConsent:
    until = fact.expire_time.ToDatetime(UTC)
    return NoteConsent(fact.grant_id, fact.factory_id, fact.organisation_id, fact.reference, until)
