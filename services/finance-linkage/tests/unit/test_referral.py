"""The referral: the table of its steps is what the domain does; money, days and consent keep to their rules."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from finance_linkage.domain import errors, facts
from finance_linkage.domain.money import Money
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import ENDED, DeclineReason, InformationKind, Side, StaffStep, State, StopReason
from finance_linkage.domain.terms import Outcome, check_request
from finance_linkage.sagas.referral import BRANCHES, STEPS, Step, Undo, staff_steps
from finance_linkage.service import ACCEPTS

from .builders import GRANT, NOW, TODAY, acknowledged, moment, proposed

USD = "USD"
RESULT = Outcome(3, Money(1_000, USD), 10, 7)
VERBS: dict[str, Callable[[Referral], None]] = {
    "note_consent": lambda one: one.consent(GRANT, NOW + timedelta(days=90), moment()),
    "freeze_evidence_pack": lambda one: one.freeze("e" * 64, GRANT, "d" * 64, "a-1", ("report",), moment()),
    "send_referral": lambda one: one.send(GRANT, moment()),
    "acknowledge_referral": lambda one: one.acknowledge(moment()),
    "request_information": lambda one: one.request_information((InformationKind.QUOTATIONS,), moment()),
    "provide_information": lambda one: one.provide_information(GRANT, (), "", ("letter 4",), moment()),
    "approve_referral": lambda one: one.approve(Money(3_000_000, USD), moment()),
    "decline_referral": lambda one: one.decline(DeclineReason.COLLATERAL, moment(0, None)),
    "record_signature": lambda one: one.sign(TODAY, moment()),
    "record_disbursement": lambda one: one.disburse(Money(1_000_000, USD), TODAY, moment()),
    "record_outcome": lambda one: one.record_outcome(RESULT, moment()),
    "close_referral": lambda one: one.close(moment(0, None)),
    "stop_referral": lambda one: one.stop(StopReason.NOT_NEEDED, moment(0, None)),
}

BY_THE_WAY = {
    State.INFORMATION_REQUESTED: "request_information",
    State.DECLINED: "decline_referral",
    State.STOPPED: "stop_referral",
}
"""States that the table's good end does not pass, and what leads there from an acknowledged referral."""


def standing(state: State) -> Referral:
    """A referral in this state, led there by the steps of the table."""
    referral = proposed()
    if state in BY_THE_WAY:
        referral = standing(State.ACKNOWLEDGED)
        VERBS[BY_THE_WAY[state]](referral)
    while referral.state is not state:
        step = next(one for one in STEPS if one.stands is referral.state)
        VERBS[step.command](referral)
    referral.recorded.clear()
    return referral


@pytest.mark.parametrize("step", [*STEPS, *BRANCHES], ids=lambda step: f"{step.stands}-{step.command}")
def test_the_domain_does_what_the_table_says(step: Step) -> None:
    referral = standing(step.stands)
    VERBS[step.command](referral)
    assert referral.state is step.leads_to
    assert [type(fact) for fact in referral.recorded] == [step.said_by]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stands)
def test_what_happens_when_the_consent_ends_is_what_the_table_says(step: Step) -> None:
    referral = standing(step.stands)
    referral.lose_consent(GRANT, StopReason.CONSENT_WITHDRAWN, moment(0, None))
    told = [type(fact) for fact in referral.recorded]
    if step.if_consent_ends is Undo.STOP:
        assert (referral.state, told, referral.open_key) == (State.STOPPED, [facts.ReferralStopped], None)
    elif step.if_consent_ends is Undo.CLOSE_ACCESS:
        assert (referral.state, told, referral.access_ended) == (step.stands, [facts.AccessEnded], True)
    else:
        assert (referral.state, told) == (step.stands, [])


def test_the_table_covers_every_state_that_waits_and_every_command_there_is() -> None:
    assert {step.stands for step in STEPS} == set(State) - ENDED
    commands = {run.__name__ for run in ACCEPTS.values()} | {"note_consent"}
    assert {step.command for step in (*STEPS, *BRANCHES)} <= commands
    deciding = [step for step in (*STEPS, *BRANCHES) if step.leads_to in (State.APPROVED, State.DECLINED)]
    assert {step.acts for step in deciding} == {Side.FINANCIER}


@pytest.mark.parametrize("state", State)
def test_the_domain_takes_the_steps_that_are_allowed_and_no_other_of_the_staffs(state: State) -> None:
    allowed = {step.value for step in staff_steps(standing(state))}
    assert allowed == {step.value for step in StaffStep if _takes(standing(state), step.value)}


def _takes(referral: Referral, command: str) -> bool:
    try:
        VERBS[command](referral)
    except errors.WrongState:
        return False
    return True


@pytest.mark.parametrize("command", sorted(set(VERBS) - {"stop_referral"}))
def test_a_step_out_of_turn_is_refused_and_changes_nothing(command: str) -> None:
    allowed = {step.stands for step in (*STEPS, *BRANCHES) if step.command == command}
    for state in set(State) - ENDED - allowed:
        referral = standing(state)
        with pytest.raises(errors.WrongState):
            VERBS[command](referral)
        assert (referral.state, referral.recorded) == (state, [])


@pytest.mark.parametrize(
    ("amount", "refusal", "field"),
    [
        (Money(4_000_001, USD), errors.AmountTooHigh, "approved_amount.minor_units"),
        (Money(0, USD), errors.AmountZero, "approved_amount.minor_units"),
        (Money(5, "EUR"), errors.CurrencyForeign, "approved_amount.currency_code"),
    ],
)
def test_an_approval_keeps_to_what_was_asked_for(amount: Money, refusal: type[errors.DomainError], field: str) -> None:
    referral = acknowledged()
    with pytest.raises(refusal) as refused:
        referral.approve(amount, moment(5))
    assert (refused.value.field, referral.state) == (field, State.ACKNOWLEDGED)


def test_payments_add_up_to_the_approval_and_not_a_cent_more() -> None:
    referral = standing(State.SIGNED)
    referral.disburse(Money(1_000_000, USD), TODAY, moment())
    referral.disburse(Money(2_000_000, USD), TODAY, moment())
    last = referral.recorded[-1]
    assert isinstance(last, facts.ReferralDisbursed)
    assert (last.number, last.total) == (2, Money(3_000_000, USD))
    for amount, refusal in (
        (Money(1, USD), errors.AmountTooHigh),
        (Money(0, USD), errors.AmountZero),
        (Money(1, "BDT"), errors.CurrencyForeign),
    ):
        with pytest.raises(refusal):
            referral.disburse(amount, TODAY, moment())
    assert len(referral.disbursements) == 2


def test_days_are_not_in_the_future_and_follow_each_other() -> None:
    referral = standing(State.APPROVED)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(errors.DayInvalid):
            referral.sign(day, moment())
    referral.sign(TODAY, moment(5))
    with pytest.raises(errors.DayInvalid):
        referral.disburse(Money(1, USD), TODAY - timedelta(days=1), moment(5))


def test_an_outcome_does_not_contradict_itself() -> None:
    referral = standing(State.DISBURSED)
    for outcome, refusal in (
        (Outcome(1, Money(0, USD), 3, 4), errors.OutcomeInvalid),
        (Outcome(1, Money(0, "EUR"), 3, 3), errors.CurrencyForeign),
    ):
        with pytest.raises(refusal):
            referral.record_outcome(outcome, moment())


def test_a_factory_asks_in_the_products_currency_and_limits() -> None:
    least, most = Money(100, USD), Money(200, USD)
    check_request(Money(100, USD), least, most)
    for amount in (Money(99, USD), Money(201, USD)):
        with pytest.raises(errors.AmountOutsideLimits):
            check_request(amount, least, most)
    with pytest.raises(errors.CurrencyForeign):
        check_request(Money(150, "EUR"), least, most)


def test_an_overdue_step_is_told_once_and_not_when_it_was_done() -> None:
    referral = standing(State.SENT)
    referral.escalate(State.SENT, moment(20))
    referral.escalate(State.SENT, moment(21))
    assert [type(fact) for fact in referral.recorded] == [facts.ReferralStepOverdue]
    referral.acknowledge(moment(22))
    referral.escalate(State.SENT, moment(23))
    assert (referral.overdue, len(referral.recorded)) == (False, 2)


def test_another_grant_that_ends_stops_nothing() -> None:
    referral = standing(State.SENT)
    referral.lose_consent("another", StopReason.CONSENT_EXPIRED, moment())
    assert (referral.state, referral.recorded) == (State.SENT, [])


def test_after_a_payment_nobody_stops_it() -> None:
    referral = standing(State.DISBURSED)
    with pytest.raises(errors.WrongState):
        referral.stop(StopReason.NOT_NEEDED, moment())


def test_a_renewal_moves_the_end_of_the_consent_and_nothing_else() -> None:
    referral = standing(State.SENT)
    referral.extend_consent(GRANT, NOW + timedelta(days=700), moment())
    assert referral.consent_until == NOW + timedelta(days=700)
    assert [type(fact) for fact in referral.recorded] == [facts.ConsentTermMoved]
    assert referral.due_day == date(2026, 6, 8)
