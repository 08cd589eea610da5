"""From report to finance: the referral, step by step. This table is the journey; everything else serves it.

A referral stands in a state; one side has to act, by one command, which one fact tells of and which leads on, within
so many calendar days of the factory's country. If the consent of the factory ends on the way, the step is undone as
the last column says: the referral stops, or, once money was paid, the financier's access alone ends. What a financier
decides is said by the financier and by nobody else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from chassis import clock
from chassis.due_work import deadlines
from finance_linkage.domain import facts
from finance_linkage.domain.referral import Moment, Referral
from finance_linkage.domain.states import Side, StaffStep, State
from finance_linkage.read_models import country_programmes


class Undo(Enum):
    """What happens to a step when the consent ends before it is done."""

    NOTHING = "nothing was shared yet"
    STOP = "the referral stops"
    CLOSE_ACCESS = "the financier's access ends"


@dataclass(frozen=True)
class Step:
    """One row. `within_days` are house rules that no source confirms."""

    stands: State
    acts: Side
    command: str
    said_by: type
    leads_to: State
    within_days: int
    if_consent_ends: Undo


S, FACTORY, OFFICER, FINANCIER = State, Side.FACTORY, Side.OFFICER, Side.FINANCIER
ASKED = State.INFORMATION_REQUESTED
NOTHING, STOP, CLOSE_ACCESS = Undo.NOTHING, Undo.STOP, Undo.CLOSE_ACCESS

# fmt: off
STEPS = (
    #    where it stands, who acts, by which command, which fact says so, where that leads, in days, if consent ends
    Step(S.PROPOSED, FACTORY, "note_consent", facts.ReferralConsented, S.CONSENTED, 14, NOTHING),
    Step(S.CONSENTED, OFFICER, "freeze_evidence_pack", facts.EvidencePackFrozen, S.PACK_FROZEN, 7, STOP),
    Step(S.PACK_FROZEN, OFFICER, "send_referral", facts.ReferralSent, S.SENT, 3, STOP),
    Step(S.SENT, FINANCIER, "acknowledge_referral", facts.ReferralAcknowledged, S.ACKNOWLEDGED, 5, STOP),
    Step(S.ACKNOWLEDGED, FINANCIER, "approve_referral", facts.ReferralApproved, S.APPROVED, 30, STOP),
    Step(ASKED, OFFICER, "provide_information", facts.InformationProvided, S.ACKNOWLEDGED, 14, STOP),
    Step(S.APPROVED, FINANCIER, "record_signature", facts.ReferralSigned, S.SIGNED, 30, STOP),
    Step(S.SIGNED, FINANCIER, "record_disbursement", facts.ReferralDisbursed, S.DISBURSED, 30, STOP),
    Step(S.DISBURSED, OFFICER, "record_outcome", facts.ReferralOutcomeRecorded, S.OUTCOME_RECORDED, 365, CLOSE_ACCESS),
    Step(S.OUTCOME_RECORDED, OFFICER, "close_referral", facts.ReferralClosed, S.CLOSED, 14, CLOSE_ACCESS),
)
"""The way that ends well. A state that is not in it waits for nobody."""

BRANCHES = (
    Step(S.ACKNOWLEDGED, FINANCIER, "request_information", facts.InformationRequested, ASKED, 30, STOP),
    Step(S.ACKNOWLEDGED, FINANCIER, "decline_referral", facts.ReferralDeclined, S.DECLINED, 30, STOP),
    Step(ASKED, FINANCIER, "decline_referral", facts.ReferralDeclined, S.DECLINED, 14, STOP),
    Step(S.DISBURSED, FINANCIER, "record_disbursement", facts.ReferralDisbursed, S.DISBURSED, 365, CLOSE_ACCESS),
)
"""Other ways out of some of these states, within the days of the state."""
# fmt: on

OVERDUE = "referral-step-overdue"
_BY_STATE = {step.stands: step for step in STEPS}


def moment(country: str, leads_to: State) -> Moment:
    """Now, the factory's calendar day, and until when who has to act next. Raises UnknownCountryProgramme."""
    now = clock.now()
    zone = ZoneInfo(country_programmes.time_zone(country))
    today = now.astimezone(zone).date()
    step = _BY_STATE.get(leads_to)
    if step is None:
        return Moment(now, today)
    return Moment(now, today, today + timedelta(days=step.within_days), step.acts)


def staff_steps(referral: Referral) -> tuple[StaffStep, ...]:
    """What officers, and for stopping the factory, can do with it as it stands, the next step first."""
    steps = (StaffStep(step.command) for step in STEPS if step.acts is OFFICER and step.stands is referral.state)
    return (*steps, StaffStep.STOP_REFERRAL) if referral.may_stop else tuple(steps)


def set_deadline(referral: Referral) -> None:
    """Set the deadline of the step that the referral waits for, in place of the one before; none where it ended."""
    if referral.due_day is None:
        deadlines.cancel(OVERDUE, referral.id)
        return
    zone = ZoneInfo(country_programmes.time_zone(referral.country))
    ends = datetime.combine(referral.due_day + timedelta(days=1), time.min, zone).astimezone(UTC)
    deadlines.set(OVERDUE, referral.id, ends, {"referral_id": referral.id, "state": referral.state.value})
