"""The rules of consent terms and renewals, and what they refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.domain.consent_grant import ConsentGrant, ConsentState, Renewal
from programme.domain.consent_terms import FIELDS, LONGEST_CONSENT, Purpose, Scope, Terms
from programme.domain.errors import ConsentWrongState, InvalidFields
from programme.domain.facts import ConsentRenewed, ConsentWithdrawn

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def grant(**terms: Any) -> ConsentGrant:
    usual: dict[str, Any] = {"scope": Scope.REPORTS, "starts_at": NOW, "ends_at": NOW + 30 * DAY}
    made = Terms("bd-1001", "north-sea-apparel", **usual | terms)
    return ConsentGrant.grant("g1", "BD", made, by="manager", on_behalf=False, evidence="", now=NOW)


def renew(subject: ConsentGrant, ends_at: datetime, now: datetime = NOW, **given: Any) -> None:
    values: dict[str, Any] = {"by": "manager", "on_behalf": False, "evidence": ""} | given
    subject.renew(ends_at, **values, now=now)


def reasons(refusal: pytest.ExceptionInfo[InvalidFields]) -> list[tuple[str, str]]:
    return [(problem.field, problem.reason) for problem in refusal.value.problems]


def test_a_renewal_moves_the_end_and_nothing_else() -> None:
    subject = grant(fields=("points", "overall"), purpose=Purpose.RESEARCH, reference="studies/7")
    before = subject.terms
    renew(subject, NOW + 90 * DAY, now=NOW + DAY)
    assert subject.terms == before.until(NOW + 90 * DAY)
    assert subject.terms.fields == ("overall", "points")
    assert subject.renewals == (Renewal(NOW + DAY, NOW + 30 * DAY, NOW + 90 * DAY, "manager"),)
    assert subject.recorded[1:] == [ConsentRenewed("g1", NOW + 30 * DAY, NOW + 90 * DAY, NOW + DAY)]
    assert subject.is_live(NOW + 60 * DAY)


def test_a_renewal_keeps_its_history() -> None:
    subject = grant()
    renew(subject, NOW + 40 * DAY)
    renew(subject, NOW + 50 * DAY)
    assert [(one.ended_at, one.ends_at) for one in subject.renewals] == [
        (NOW + 30 * DAY, NOW + 40 * DAY), (NOW + 40 * DAY, NOW + 50 * DAY),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ends_at", "reason"),
    [
        (NOW + 29 * DAY, "NOT_LATER"),
        (NOW + 30 * DAY, "NOT_LATER"),
        (NOW + LONGEST_CONSENT + timedelta(seconds=1), "TOO_FAR_AHEAD"),
    ],
)
def test_a_renewal_never_shortens_and_never_reaches_too_far(ends_at: datetime, reason: str) -> None:
    subject = grant()
    with pytest.raises(InvalidFields) as refusal:
        renew(subject, ends_at)
    assert reasons(refusal) == [("ends_at", reason)]
    assert (subject.terms, subject.renewals) == (grant().terms, ())


@given(st.lists(st.timedeltas(min_value=-DAY, max_value=400 * DAY), max_size=6))
def test_whatever_renewals_are_tried_the_end_only_moves_later(ends: list[timedelta]) -> None:
    subject = grant()
    for end in ends:
        before = subject.terms.ends_at
        try:
            renew(subject, NOW + end)
        except InvalidFields:
            assert subject.terms.ends_at == before
        else:
            assert subject.terms.ends_at > before


@pytest.mark.parametrize("now", [NOW + 30 * DAY, NOW + 31 * DAY])
def test_what_is_over_cannot_be_renewed_even_where_nobody_has_noted_its_end(now: datetime) -> None:
    subject = grant()
    with pytest.raises(ConsentWrongState):
        renew(subject, now + 30 * DAY, now=now)
    assert subject.expire(now)
    with pytest.raises(ConsentWrongState):
        renew(subject, now + 30 * DAY, now=now)


def test_an_officer_who_renews_names_the_evidence() -> None:
    subject = grant()
    with pytest.raises(InvalidFields) as refusal:
        renew(subject, NOW + 90 * DAY, on_behalf=True, evidence=" ")
    assert reasons(refusal) == [("evidence", "EVIDENCE_REQUIRED")]
    renew(subject, NOW + 90 * DAY, on_behalf=True, evidence=" letter 18 ")
    assert subject.renewals[0].evidence == "letter 18"


def test_who_withdrew_is_kept() -> None:
    subject = grant()
    subject.withdraw("manager", NOW + DAY)
    assert (subject.state, subject.ended_at, subject.ended_by) == (ConsentState.WITHDRAWN, NOW + DAY, "manager")
    assert subject.recorded[1:] == [ConsentWithdrawn("g1", NOW + DAY)]


def test_a_grant_reaches_three_years_at_most() -> None:
    assert grant(ends_at=NOW + LONGEST_CONSENT).terms.ends_at == NOW + LONGEST_CONSENT
    with pytest.raises(InvalidFields) as refusal:
        grant(ends_at=NOW + LONGEST_CONSENT + timedelta(seconds=1))
    assert reasons(refusal) == [("ends_at", "TOO_FAR_AHEAD")]


@pytest.mark.parametrize("scope", Scope)
def test_a_grant_opens_paths_of_its_scope_alone(scope: Scope) -> None:
    assert grant(scope=scope, fields=tuple(FIELDS[scope])).terms.fields == tuple(sorted(FIELDS[scope]))
    foreign = next(path for other in Scope if other is not scope for path in sorted(FIELDS[other] - FIELDS[scope]))
    with pytest.raises(InvalidFields) as refusal:
        grant(scope=scope, fields=(min(FIELDS[scope]), foreign))
    assert reasons(refusal) == [("fields[1]", "UNKNOWN_FIELD")]


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("purpose", Purpose)
def test_finance_is_opened_for_referrals_alone_and_the_rest_for_any_purpose(scope: Scope, purpose: Purpose) -> None:
    if scope is not Scope.FINANCE or purpose is Purpose.FINANCE_REFERRAL:
        assert grant(scope=scope, purpose=purpose).terms.purpose is purpose
        return
    with pytest.raises(InvalidFields) as refusal:
        grant(scope=scope, purpose=purpose)
    assert reasons(refusal) == [("purpose", "PURPOSE_NOT_FITTING")]
