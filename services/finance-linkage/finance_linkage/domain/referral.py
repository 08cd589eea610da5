"""One referral, from the proposal to its outcome. What a financier decides comes from the financier alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from finance_linkage.domain import facts, terms
from finance_linkage.domain.errors import ReferralFull, WrongState
from finance_linkage.domain.money import Money
from finance_linkage.domain.states import ENDED, DeclineReason, InformationKind, Side, State, StopReason
from finance_linkage.domain.terms import Disbursement, InformationRound, Outcome

MOST_ROUNDS = 20
MOST_DISBURSEMENTS = 100


@dataclass(frozen=True)
class Moment:
    """When something happens: business time, the factory's calendar day, and when the step it leads to is due."""

    now: datetime
    today: date
    due_day: date | None = None
    waiting_for: Side | None = None


@dataclass
class Referral:
    """The root. Days are calendar days of the factory's country. `open_key` is unique among referrals that are open.

    `access_ended` says that the consent ended after money was paid: it runs on, and its financier sees nothing more.
    """

    id: str
    factory_id: str
    country: str
    product_id: str
    financier_id: str
    amount: Money
    lines: tuple[str, ...]
    receipt: str
    proposed_by: str
    proposed_at: datetime
    state: State
    state_at: datetime
    waiting_for: Side | None
    due_day: date | None
    open_key: str | None
    overdue: bool = False
    grant_id: str | None = None
    consent_until: datetime | None = None
    access_ended: bool = False
    pack_digest: str | None = None
    sent_at: datetime | None = None
    rounds: list[InformationRound] = field(default_factory=list)
    approved: Money | None = None
    decline_reason: DeclineReason | None = None
    decided_at: datetime | None = None
    decided_on: date | None = None
    signed_on: date | None = None
    disbursements: list[Disbursement] = field(default_factory=list)
    outcome: Outcome | None = None
    stop_reason: StopReason | None = None
    recorded: list[object] = field(default_factory=list)

    def consent(self, grant_id: str, until: datetime, moment: Moment) -> None:
        """The factory consents, in the ledger; the officer may freeze the evidence."""
        self._require(State.PROPOSED)
        self.grant_id, self.consent_until = grant_id, until
        self._go(State.CONSENTED, facts.ReferralConsented, moment, grant_id=grant_id, expires_at=until)

    def extend_consent(self, grant_id: str, until: datetime, moment: Moment) -> None:
        """The factory moved the end of the grant."""
        if grant_id == self.grant_id and until != self.consent_until and self.state not in ENDED:
            self.consent_until = until
            self.recorded.append(facts.ConsentTermMoved(moment.now, self.due_day, grant_id, until))

    def freeze(
        self,
        pack_digest: str,
        grant_id: str,
        receipt: str,
        assessment_id: str,
        parts: tuple[str, ...],
        moment: Moment,
    ) -> None:
        """The evidence is frozen under the grant that is live at this moment; it never changes from now on."""
        self._require(State.CONSENTED)
        self.pack_digest, self.grant_id = pack_digest, grant_id
        self._go(
            State.PACK_FROZEN,
            facts.EvidencePackFrozen,
            moment,
            pack_digest=pack_digest,
            receipt=receipt,
            assessment_id=assessment_id,
            parts=parts,
        )

    def send(self, grant_id: str, moment: Moment) -> None:
        """The financier can read it from now on, under the grant that is live at this moment."""
        self._require(State.PACK_FROZEN)
        self.grant_id, self.sent_at = grant_id, moment.now
        self._go(State.SENT, facts.ReferralSent, moment, grant_id=grant_id)

    def acknowledge(self, moment: Moment) -> None:
        """The financier says that it has arrived."""
        self._require(State.SENT)
        self._go(State.ACKNOWLEDGED, facts.ReferralAcknowledged, moment)

    def request_information(self, kinds: tuple[InformationKind, ...], moment: Moment) -> None:
        """The financier asks for more."""
        self._require(State.ACKNOWLEDGED)
        if len(self.rounds) >= MOST_ROUNDS:
            raise ReferralFull(f"information was asked for {MOST_ROUNDS} times")
        self.rounds.append(InformationRound(kinds, moment.now))
        number = len(self.rounds)
        self._go(State.INFORMATION_REQUESTED, facts.InformationRequested, moment, kinds=kinds, round=number)

    def provide_information(
        self, grant_id: str, parts: tuple[str, ...], digest: str, references: tuple[str, ...], moment: Moment
    ) -> None:
        """The officer says that it was provided, under the grant that is live now; the financier goes on."""
        self._require(State.INFORMATION_REQUESTED)
        last = self.rounds.pop()
        self.rounds.append(InformationRound(last.kinds, last.requested_at, moment.now, parts, digest, references))
        self.grant_id = grant_id
        self._go(State.ACKNOWLEDGED, facts.InformationProvided, moment, round=len(self.rounds))

    def approve(self, amount: Money, moment: Moment) -> None:
        """The financier decided to approve: so much, in the currency asked for, and not more."""
        self._require(State.ACKNOWLEDGED)
        terms.check_approval(amount, self.amount)
        self.approved, self.decided_at, self.decided_on = amount, moment.now, moment.today
        self._go(State.APPROVED, facts.ReferralApproved, moment, amount=amount)

    def decline(self, reason: DeclineReason, moment: Moment) -> None:
        """The financier decided to decline; also while it waits for information."""
        self._require(State.ACKNOWLEDGED, State.INFORMATION_REQUESTED)
        self.decline_reason, self.decided_at, self.decided_on = reason, moment.now, moment.today
        self._go(State.DECLINED, facts.ReferralDeclined, moment, reason=reason)

    def sign(self, signed_on: date, moment: Moment) -> None:
        """The financier says on which day the contract was signed."""
        self._require(State.APPROVED)
        terms.check_day(signed_on, self.decided_on, moment.today, "signed_on")
        self.signed_on = signed_on
        self._go(State.SIGNED, facts.ReferralSigned, moment, signed_on=signed_on)

    def disburse(self, amount: Money, paid_on: date, moment: Moment) -> None:
        """The financier says that it paid; with all before never above what it approved."""
        self._require(State.SIGNED, State.DISBURSED)
        if len(self.disbursements) >= MOST_DISBURSEMENTS:
            raise ReferralFull(f"{MOST_DISBURSEMENTS} payments are recorded")
        terms.check_day(paid_on, self.signed_on, moment.today, "paid_on")
        total = terms.check_payment(amount, self.approved, self.disbursements)
        number = len(self.disbursements) + 1
        self.disbursements.append(Disbursement(number, amount, paid_on, moment.now))
        self._go(
            State.DISBURSED,
            facts.ReferralDisbursed,
            moment,
            amount=amount,
            total=total,
            number=number,
            paid_on=paid_on,
        )

    def record_outcome(self, outcome: Outcome, moment: Moment) -> None:
        """What came of the money."""
        self._require(State.DISBURSED)
        outcome.check(self.amount.currency)
        self.outcome = outcome
        self._go(State.OUTCOME_RECORDED, facts.ReferralOutcomeRecorded, moment, **vars(outcome))

    def close(self, moment: Moment) -> None:
        """It has run its course."""
        self._require(State.OUTCOME_RECORDED)
        self._go(State.CLOSED, facts.ReferralClosed, moment)

    def stop(self, reason: StopReason, moment: Moment) -> None:
        """It is not wanted any more. What is paid stays paid: after the first payment it runs on."""
        if not self.may_stop:
            raise WrongState(f"the referral is {self.state.value}; it cannot be stopped")
        self.stop_reason = reason
        self._go(State.STOPPED, facts.ReferralStopped, moment, reason=reason, stopped_in=self.state)

    @property
    def may_stop(self) -> bool:
        """Whether it can still be stopped."""
        return self.state not in ENDED and not self.disbursements

    def lose_consent(self, grant_id: str, reason: StopReason, moment: Moment) -> None:
        """The grant is over: an open referral stops; one with payments runs on without its financier seeing it."""
        if grant_id != self.grant_id or self.state in ENDED:
            return
        if not self.disbursements:
            self.stop(reason, moment)
        elif not self.access_ended:
            self.access_ended = True
            self.recorded.append(facts.AccessEnded(moment.now, self.due_day, reason))

    def escalate(self, state: State, moment: Moment) -> None:
        """The day on which its step was due has passed; said once for each step, and not of one that was done."""
        if self.state is state and not self.overdue and self.waiting_for is not None:
            self.overdue = True
            self.recorded.append(facts.ReferralStepOverdue(moment.now, self.due_day, state, self.waiting_for))

    def _require(self, *states: State) -> None:
        if self.state not in states:
            needed = " or ".join(state.value for state in states)
            raise WrongState(f"the referral is {self.state.value}; this needs it to be {needed}")

    def _go(self, state: State, kind: Callable[..., object], moment: Moment, **details: object) -> None:
        self.state, self.state_at, self.overdue = state, moment.now, False
        self.due_day, self.waiting_for = moment.due_day, moment.waiting_for
        if state in ENDED:
            self.open_key = None
        self.recorded.append(kind(moment.now, moment.due_day, **details))


def propose(
    referral_id: str,
    factory: tuple[str, str],
    product_id: str,
    financier_id: str,
    amount: Money,
    lines: tuple[str, ...],
    receipt: str,
    officer: str,
    moment: Moment,
) -> Referral:
    """A new referral of a factory (id, country) that is eligible; the factory is asked for its consent."""
    factory_id, country = factory
    referral = Referral(
        id=referral_id,
        factory_id=factory_id,
        country=country,
        product_id=product_id,
        financier_id=financier_id,
        amount=amount,
        lines=lines,
        receipt=receipt,
        proposed_by=officer,
        proposed_at=moment.now,
        state=State.PROPOSED,
        state_at=moment.now,
        waiting_for=moment.waiting_for,
        due_day=moment.due_day,
        open_key=f"{factory_id}/{product_id}/{financier_id}",
    )
    referral.recorded.append(facts.ReferralProposed(moment.now, moment.due_day))
    return referral
