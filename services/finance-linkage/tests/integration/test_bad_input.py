"""Bad input names field and rule and changes nothing; nobody does or sees what is not theirs."""

from collections.abc import Callable
from typing import Any

import pytest

from amplify.finance_linkage.v1 import (
    eligibility_service_pb2,
    environmental_record_pb2,
    money_pb2,
    product_service_pb2,
    referral_pb2,
    referral_states_pb2,
)
from amplify.finance_linkage.v1 import finance_profile_service_pb2 as profile_pb2
from amplify.finance_linkage.v1 import financier_service_pb2 as bank_pb2
from amplify.finance_linkage.v1 import referral_lists_pb2 as lists_pb2
from amplify.finance_linkage.v1 import referral_steps_pb2 as steps_pb2
from amplify.finance_linkage.v1.environment_service_pb2 import SubmitEnvironmentalRecordRequest
from chassis import clock

from . import leading, telling
from .leading import incoming, usd
from .world import (
    ADVISOR,
    BANK,
    FACTORY,
    MANAGER,
    OFFICER,
    OFFICER_KH,
    OTHER_FACTORY,
    SRE,
    Refused,
    World,
    day,
    new_id,
)

pytestmark = pytest.mark.stack
Refuse = Callable[..., Refused]
Unit = environmental_record_pb2.MeasureUnit


@pytest.fixture(scope="module")
def line(world: World) -> str:
    """bd-1001 is eligible for the safety line; its open line."""
    return leading.make_eligible(world, "bd-1001")


@pytest.fixture(scope="module")
def signed(world: World, line: str) -> str:
    """A referral with a signed contract over 40,000 dollars."""
    return leading.to_signed(world, "bd-1001", line)


def record(year: int | None = None, **changes: Any) -> SubmitEnvironmentalRecordRequest:
    """A sound record of last year, changed."""
    quantity = environmental_record_pb2.Quantity(amount=900, unit=Unit.MEASURE_UNIT_MEGAWATT_HOUR)
    figures = environmental_record_pb2.EnvironmentalFigures(energy=quantity)
    request: dict[str, Any] = {
        "name": f"factories/bd-1001/environmentalRecords/{year or clock.now().year - 1}",
        "figures": figures,
        "verification": environmental_record_pb2.ENVIRONMENTAL_VERIFICATION_SELF_REPORTED,
        "request_id": new_id(),
    }
    return SubmitEnvironmentalRecordRequest(**(request | changes))


def figures(**values: Any) -> environmental_record_pb2.EnvironmentalFigures:
    """Figures of a record; amounts as (amount, unit), scores as a list."""
    made = environmental_record_pb2.EnvironmentalFigures()
    for score in values.pop("scores", []):
        made.higg_scores.add(module=environmental_record_pb2.HIGG_MODULE_WATER, score=score)
    for name, (amount, unit) in values.items():
        getattr(made, name).CopyFrom(environmental_record_pb2.Quantity(amount=amount, unit=unit))
    return made


def test_an_environmental_record_is_refused_by_field(refuse: Refuse) -> None:
    cases = {
        "figures.energy.amount": figures(energy=(-1, Unit.MEASURE_UNIT_KILOWATT_HOUR)),
        "figures.energy.unit": figures(energy=(1, Unit.MEASURE_UNIT_LITRE)),
        "figures.water.unit": figures(water=(1, Unit.MEASURE_UNIT_UNSPECIFIED)),
        "figures.higg_scores[0].score": figures(scores=[101]),
        "figures.higg_scores[1].module": figures(scores=[50, 50]),
        "figures": figures(),
    }
    for field, wrong in cases.items():
        refused = refuse(FACTORY, record(figures=wrong))
        assert (refused.code, list(refused.fields)) == ("INVALID_ARGUMENT", [field])
    for year in (clock.now().year, clock.now().year + 1):
        assert refuse(FACTORY, record(year)).fields == {"name": "YEAR_INVALID"}
    verified = environmental_record_pb2.ENVIRONMENTAL_VERIFICATION_VERIFIED
    assert refuse(FACTORY, record(verification=verified)).reason == "VERIFICATION_BY_OFFICER"


def test_a_correction_is_a_revision_under_its_etag(world: World, refuse: Refuse) -> None:
    first = world.call(FACTORY, record()).environmental_record
    verified = environmental_record_pb2.ENVIRONMENTAL_VERIFICATION_VERIFIED
    second = world.call(OFFICER, record(verification=verified, etag=first.etag)).environmental_record
    assert (second.revision, len(second.earlier_revisions)) == (2, 1)
    assert refuse(FACTORY, record(figures=figures(scores=[40]), etag=first.etag)).reason == "STALE_ETAG"


def test_a_proposal_is_refused_by_field(world: World, refuse: Refuse, line: str) -> None:
    other = telling.open_line(world, "bd-1002")
    cases: list[tuple[str, str, dict[str, Any]]] = [
        ("amount.minor_units", "INVALID_FIELD", {"amount": usd(-1)}),
        ("amount.minor_units", "AMOUNT_OUTSIDE_LIMITS", {"amount": usd(999)}),
        ("amount.minor_units", "AMOUNT_OUTSIDE_LIMITS", {"amount": usd(100_000_001)}),
        ("amount.currency_code", "CURRENCY_FOREIGN", {"amount": money_pb2.Money(minor_units=5, currency_code="EUR")}),
        ("amount.currency_code", "INVALID_FIELD", {"amount": money_pb2.Money(minor_units=5, currency_code="dollar")}),
        ("lines", "LINES_INVALID", {"lines": []}),
        ("lines[1]", "LINES_INVALID", {"lines": [line, other]}),
        ("financier", "FINANCIER_NOT_OFFERING", {"financier": "organisations/north-sea-apparel"}),
        ("product", "PRODUCT_UNKNOWN", {"product": "products/gifts"}),
        ("factory", "FACTORY_UNKNOWN", {"factory": "factories/kh-2001"}),
        ("referral_id", "INVALID_FIELD", {"referral_id": "1"}),
    ]
    for field, reason, changes in cases:
        refused = refuse(OFFICER, leading.proposal("bd-1001", line, **changes))
        assert refused.fields.get(field) == reason, (field, refused)
    assert refuse(OFFICER, leading.proposal("bd-1002", other)).reason == "FACTORY_NOT_ELIGIBLE"


def test_money_is_neither_negative_nor_foreign_nor_above_the_approval(refuse: Refuse, signed: str) -> None:
    def pay(amount: money_pb2.Money, paid_on: Any = None) -> Refused:
        return refuse(
            BANK,
            bank_pb2.RecordDisbursementRequest(
                name=incoming(signed), amount=amount, paid_on=paid_on or day(), request_id=new_id()
            ),
        )

    assert pay(usd(-5)).fields == {"amount.minor_units": "INVALID_FIELD"}
    assert pay(usd(0)).fields == {"amount.minor_units": "AMOUNT_ZERO"}
    assert pay(usd(4_000_001)).fields == {"amount.minor_units": "AMOUNT_TOO_HIGH"}
    assert pay(money_pb2.Money(minor_units=5, currency_code="BDT")).fields == {
        "amount.currency_code": "CURRENCY_FOREIGN"
    }
    assert pay(usd(5), day(2)).fields == {"paid_on": "DAY_INVALID"}
    assert pay(usd(5), day(-2)).fields == {"paid_on": "DAY_INVALID"}


def test_a_second_open_referral_is_refused(refuse: Refuse, signed: str, line: str) -> None:
    assert refuse(OFFICER, leading.proposal("bd-1001", line)).reason == "REFERRAL_OPEN"


def test_a_step_out_of_turn_is_refused(refuse: Refuse, signed: str) -> None:
    outcome = referral_pb2.ReferralOutcome(yearly_savings=usd(0))
    for person, request in (
        (OFFICER, steps_pb2.SendReferralRequest(name=signed, request_id=new_id())),
        (OFFICER, steps_pb2.RecordOutcomeRequest(name=signed, outcome=outcome, request_id=new_id())),
        (BANK, bank_pb2.AcknowledgeReferralRequest(name=incoming(signed), request_id=new_id())),
    ):
        assert refuse(person, request).reason == "REFERRAL_WRONG_STATE"
    consents = referral_states_pb2.STOP_REASON_CONSENT_WITHDRAWN
    stop = steps_pb2.StopReferralRequest(name=signed, reason=consents, request_id=new_id())
    assert refuse(OFFICER, stop).fields == {"reason": "INVALID_FIELD"}


def test_a_score_is_refused_by_field(refuse: Refuse) -> None:
    def score(**changes: Any) -> Refused:
        request: dict[str, Any] = {
            "name": "factories/bd-1001/financeProfile",
            "buyer_programme": "north-sea-suppliers",
            "score": 50,
            "scored_on": day(),
            "evidence": "12",
            "request_id": new_id(),
        }
        return refuse(OFFICER, profile_pb2.RecordBuyerScoreRequest(**(request | changes)))

    assert score(score=101).fields == {"score": "INVALID_FIELD"}
    assert score(scored_on=day(3)).fields == {"scored_on": "DAY_INVALID"}
    assert score(buyer_programme="nobody").fields == {"buyer_programme": "BUYER_PROGRAMME_UNKNOWN"}
    assert score(evidence="").fields == {"evidence": "INVALID_FIELD"}


def test_nobody_does_or_sees_what_is_not_theirs(refuse: Refuse, signed: str, line: str) -> None:
    eligibility = eligibility_service_pb2.GetEligibilityRequest(name="factories/bd-1001/eligibility")
    hidden: list[tuple[str, Any]] = [
        (OFFICER_KH, eligibility),
        (OTHER_FACTORY, eligibility),
        (OFFICER_KH, lists_pb2.GetReferralRequest(name=signed)),
        (OTHER_FACTORY, lists_pb2.GetEvidencePackRequest(name=f"{signed}/evidencePack")),
        (OFFICER_KH, steps_pb2.SendReferralRequest(name=signed, request_id=new_id())),
    ]
    for person, request in hidden:
        assert refuse(person, request).code == "NOT_FOUND"
    denied: list[tuple[str, Any]] = [
        (MANAGER, leading.proposal("bd-1001", line)),
        (FACTORY, leading.proposal("bd-1001", line)),
        (ADVISOR, eligibility),
        (SRE, product_service_pb2.ListProductsRequest()),
    ]
    for person, request in denied:
        assert refuse(person, request).code == "PERMISSION_DENIED"


def test_what_a_financier_decides_nobody_else_can_say(refuse: Refuse, signed: str) -> None:
    approve = bank_pb2.ApproveReferralRequest(name=incoming(signed), approved_amount=usd(1), request_id=new_id())
    assert refuse(OFFICER, approve, partner=False).code == "UNIMPLEMENTED"
    assert refuse(OFFICER, approve, partner=True).code == "PERMISSION_DENIED"
    assert refuse(BANK, eligibility_service_pb2.ListEligibilitiesRequest(), partner=False).code == "PERMISSION_DENIED"


def test_a_retry_has_one_effect_and_the_same_answer(world: World, refuse: Refuse, signed: str) -> None:
    request = bank_pb2.RecordDisbursementRequest(
        name=incoming(signed), amount=usd(7), paid_on=day(), request_id=new_id()
    )
    first = world.call(BANK, request)
    assert world.call(BANK, request) == first
    assert [one.amount.minor_units for one in leading.get(world, signed).disbursements] == [7]
    request.amount.minor_units = 8
    assert refuse(BANK, request).reason == "REQUEST_ID_REUSED"
