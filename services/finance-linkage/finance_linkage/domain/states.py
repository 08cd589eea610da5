"""Where a referral can stand, who acts next, and the coded reasons that are given on its way."""

from enum import StrEnum


class State(StrEnum):
    """Where a referral stands."""

    PROPOSED = "proposed"
    CONSENTED = "consented"
    PACK_FROZEN = "pack_frozen"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_REQUESTED = "information_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    SIGNED = "signed"
    DISBURSED = "disbursed"
    OUTCOME_RECORDED = "outcome_recorded"
    CLOSED = "closed"
    STOPPED = "stopped"


ENDED = frozenset({State.DECLINED, State.CLOSED, State.STOPPED})
"""States that nothing leads out of."""

UNDER_CONSENT = (
    State.SENT,
    State.ACKNOWLEDGED,
    State.INFORMATION_REQUESTED,
    State.APPROVED,
    State.DECLINED,
    State.SIGNED,
    State.DISBURSED,
    State.OUTCOME_RECORDED,
    State.CLOSED,
)
"""States in which the financier sees the referral, as long as the factory consents."""


class Side(StrEnum):
    """Who has to act next."""

    FACTORY = "factory"
    OFFICER = "officer"
    FINANCIER = "financier"


class StaffStep(StrEnum):
    """What officers, and for stopping factories, do with a referral: the command of each."""

    FREEZE_EVIDENCE_PACK = "freeze_evidence_pack"
    SEND_REFERRAL = "send_referral"
    PROVIDE_INFORMATION = "provide_information"
    RECORD_OUTCOME = "record_outcome"
    CLOSE_REFERRAL = "close_referral"
    STOP_REFERRAL = "stop_referral"


class InformationKind(StrEnum):
    """What a financier can ask for."""

    FINANCIAL_STATEMENTS = "financial_statements"
    OWNERSHIP_PAPERS = "ownership_papers"
    INVESTMENT_PLAN = "investment_plan"
    QUOTATIONS = "quotations"
    ENVIRONMENTAL_DATA = "environmental_data"
    PROGRESS_ON_FINDINGS = "progress_on_findings"


class DeclineReason(StrEnum):
    """Why a financier declines."""

    CREDIT_POLICY = "credit_policy"
    INFORMATION_INCOMPLETE = "information_incomplete"
    COLLATERAL = "collateral"
    EXPOSURE_LIMIT = "exposure_limit"
    OTHER_PRODUCT_FITS = "other_product_fits"


class StopReason(StrEnum):
    """Why a referral was stopped."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_EXPIRED = "consent_expired"
    NOT_NEEDED = "not_needed"
    FINANCED_ELSEWHERE = "financed_elsewhere"
    PROPOSED_IN_ERROR = "proposed_in_error"
