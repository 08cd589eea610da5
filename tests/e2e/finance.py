"""Officers, factories and a bank's program in finance linkage, through the services' own RPCs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import grpc
from google.type.date_pb2 import Date

from amplify.assessment.v1.assessment_pb2 import FINDING_COMPLIANT, FINDING_NON_COMPLIANT
from amplify.assessment.v1.assessment_service_pb2 import SubmitAssessmentRequest
from amplify.assessment.v1.questionnaire_pb2 import ANSWER_KIND_FINDING
from amplify.assessment.v1.recording_pb2 import AnswerOperation, RecordAnswersRequest
from amplify.finance_linkage.v1 import (
    eligibility_service_pb2_grpc,
    finance_profile_service_pb2_grpc,
    financier_service_pb2_grpc,
    referral_service_pb2_grpc,
)
from amplify.finance_linkage.v1.money_pb2 import Money
from amplify.programme.v1 import consent_grant_pb2
from amplify.programme.v1.consent_service_pb2 import GrantConsentRequest, WithdrawConsentRequest
from amplify.programme.v1.consent_service_pb2_grpc import ConsentServiceStub
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceStub
from local_stack.platform import Platform

from .world import Team

STUBS = {
    "finance-linkage": (
        eligibility_service_pb2_grpc.EligibilityServiceStub,
        finance_profile_service_pb2_grpc.FinanceProfileServiceStub,
        referral_service_pb2_grpc.ReferralServiceStub,
    ),
    "finance-linkage-partner": (financier_service_pb2_grpc.FinancierServiceStub,),
    "programme": (ConsentServiceStub, TimelineServiceStub),
}


class Calls:
    """`calls("finance-officer", request)` calls the RPC that takes such a request, as that person or program."""

    def __init__(self, stack: Platform) -> None:
        self._stack = stack
        self._stubs: list[tuple[str, Any]] = []
        for part, kinds in STUBS.items():
            channel = grpc.insecure_channel(stack.addresses[part])
            self._stubs += [(part, kind(channel)) for kind in kinds]
        self._tokens: dict[str, str] = {}

    def __call__(self, person: str, request: Any) -> Any:
        method = type(request).__name__.removesuffix("Request")
        stub = next(stub for _, stub in self._stubs if hasattr(stub, method))
        metadata = [("authorization", f"Bearer {self._token(person)}")]
        return getattr(stub, method)(request, metadata=metadata, timeout=20)

    def refused(self, person: str, request: Any) -> str:
        """The code with which this is refused; empty when it is not."""
        try:
            self(person, request)
        except grpc.RpcError as error:
            return str(error.code().name)
        return ""

    def _token(self, person: str) -> str:
        if person not in self._tokens:
            make: Callable[[str], str] = self._stack.token
            if person.endswith("-client"):
                make = self._stack.partner_token
            self._tokens[person] = make(person)
        return self._tokens[person]


def release_with_a_finding_on(team: Team, cluster: str, factory: str) -> str:
    """Visit a factory, find one question of the cluster non-compliant, release; the assessment's id."""
    key = team.start(factory)
    advisor = team.acting("advisor-1")
    asked = [
        one
        for one in advisor.questionnaire(advisor.assessment(key).questionnaire).questions
        if one.answer_kind == ANSWER_KIND_FINDING
    ]
    found = next(one.question_id for one in asked if one.cluster == cluster)
    operations = [_answer(one.question_id, one.question_id == found) for one in asked]
    name = f"assessments/{key}"
    advisor.record(RecordAnswersRequest(name=name, operations=operations, request_id=new_id()))
    advisor.submit(SubmitAssessmentRequest(name=name, request_id=new_id()))
    team.acting("team-leader").release(key, "", new_id())
    return key


def consent_to(referral: str, factory: str) -> GrantConsentRequest:
    """The factory lets delta-bank see what it needs for this referral, for a month."""
    request = GrantConsentRequest(
        consent_grant_id=new_id(),
        factory=f"factories/{factory}",
        organisation="organisations/delta-bank",
        scope=consent_grant_pb2.CONSENT_SCOPE_FINANCE,
        purpose=consent_grant_pb2.CONSENT_PURPOSE_FINANCE_REFERRAL,
        fields=["eligibility", "improvement_lines", "report"],
        reference=referral,
        request_id=new_id(),
    )
    request.expire_time.FromDatetime(datetime.now(UTC) + timedelta(days=30))
    return request


def withdrawal(grant: str) -> WithdrawConsentRequest:
    """The factory takes it back."""
    return WithdrawConsentRequest(name=grant, request_id=new_id())


def usd(minor_units: int) -> Money:
    """An amount in US dollars."""
    return Money(minor_units=minor_units, currency_code="USD")


def today() -> Date:
    """The calendar day in Dhaka."""
    local = datetime.now(ZoneInfo("Asia/Dhaka")).date()
    return Date(year=local.year, month=local.month, day=local.day)


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid4())


def _answer(question: str, non_compliant: bool) -> AnswerOperation:
    finding = FINDING_NON_COMPLIANT if non_compliant else FINDING_COMPLIANT
    operation = AnswerOperation(operation_id=new_id(), question_id=question, finding=finding)
    operation.answer_time.FromDatetime(datetime.now(UTC))
    return operation
