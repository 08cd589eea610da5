"""What finance officers know of some factories of Bangladesh: buyers' scores, owners, and last year's environment."""

import time
from collections.abc import Callable
from typing import Any

import grpc
from google.type.date_pb2 import Date

from amplify.finance_linkage.v1 import environmental_record_pb2 as environment
from amplify.finance_linkage.v1.environment_service_pb2 import SubmitEnvironmentalRecordRequest
from amplify.finance_linkage.v1.environment_service_pb2_grpc import EnvironmentServiceStub
from amplify.finance_linkage.v1.finance_profile_service_pb2 import RecordBuyerScoreRequest, RecordOwnershipRequest
from amplify.finance_linkage.v1.finance_profile_service_pb2_grpc import FinanceProfileServiceStub
from local_stack.demo.seed import NotSeeded, Token, request_id

OFFICER = "finance-officer"
PATIENCE_SECONDS = 60.0
_CALL_SECONDS = 10.0
_DAY = Date(year=2026, month=9, day=30)

SCORES = {"bd-1002": 88, "bd-1003": 74, "bd-1004": 51}
"""Scores of the North Sea programme, 0 to 100, by factory."""

OWNERS = {"bd-1002": (60, 50), "bd-1005": (25, 55)}
"""Shares that women own and hold of the board, in per cent, by factory."""

RECORDS = {"bd-1002": (1_240, 36_500, 71), "bd-1003": (2_900, 81_000, 48)}
"""Energy in MWh, water in cubic metres and the Higg FEM score for energy, by factory."""


def records(finance: grpc.Channel, token: Token) -> None:
    """Record everything, as the finance officer would; waits for factories that finance has not heard of yet."""
    profiles, environments = FinanceProfileServiceStub(finance), EnvironmentServiceStub(finance)
    for factory, score in SCORES.items():
        scored = RecordBuyerScoreRequest(
            name=f"factories/{factory}/financeProfile",
            buyer_programme="north-sea-suppliers",
            score=score,
            scored_on=_DAY,
            evidence="Supplier register of September 2026",
            request_id=request_id("buyer score", factory),
        )
        _record(profiles.RecordBuyerScore, scored, token)
    for factory, (owned, board) in OWNERS.items():
        ownership = RecordOwnershipRequest(
            name=f"factories/{factory}/financeProfile",
            women_owned_percent=owned,
            women_board_percent=board,
            as_of_day=_DAY,
            evidence="Company register, extract of September 2026",
            request_id=request_id("ownership", factory),
        )
        _record(profiles.RecordOwnership, ownership, token)
    for factory, figures in RECORDS.items():
        _record(environments.SubmitEnvironmentalRecord, _last_year(factory, *figures), token)


def _last_year(factory: str, energy: int, water: int, score: int) -> SubmitEnvironmentalRecordRequest:
    figures = environment.EnvironmentalFigures(
        energy=environment.Quantity(amount=energy, unit=environment.MEASURE_UNIT_MEGAWATT_HOUR),
        water=environment.Quantity(amount=water, unit=environment.MEASURE_UNIT_CUBIC_METRE),
        higg_scores=[environment.HiggScore(module=environment.HIGG_MODULE_ENERGY, score=score)],
    )
    return SubmitEnvironmentalRecordRequest(
        name=f"factories/{factory}/environmentalRecords/2025",
        figures=figures,
        verification=environment.ENVIRONMENTAL_VERIFICATION_VERIFIED,
        request_id=request_id("environment", factory),
    )


def _record(method: Callable[..., Any], request: Any, token: Token) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            method(request, timeout=_CALL_SECONDS, metadata=[("authorization", f"Bearer {token(OFFICER)}")])
        except grpc.RpcError as error:
            not_yet = error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION)
            if not_yet and time.monotonic() < end:
                time.sleep(0.5)
                continue
            raise NotSeeded(f"{type(request).__name__}: {error.code().name} {error.details()}") from None
        return
