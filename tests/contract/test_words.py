"""The console has words, in every language, for whatever the contracts can make it show."""

import pytest
from descriptions import contracts, streams

from console.texts import catalogue

FAMILIES = {
    "assessment.state": "amplify.assessment.v1.AssessmentState",
    "assessment.cancel": "amplify.assessment.v1.CancelReason",
    "assessment.return": "amplify.assessment.v1.ReturnReason",
    "assessment.change": "amplify.assessment.v1.PlanChangeKind",
    "capture.finding": "amplify.assessment.v1.Finding",
    "report.status": "amplify.assessment.v1.PointStatus",
    "consent.state": "amplify.programme.v1.ConsentState",
    "consent.scope": "amplify.programme.v1.ConsentScope",
    "consent.kind": "amplify.programme.v1.OrganisationKind",
    "factories.status": "amplify.programme.v1.FactoryStatus",
    "timeline.channel": "amplify.notifications.v1.Channel",
    "operations.parking": "amplify.platform.v1.ParkingReason",
}
"""Families of texts, by the enumeration whose codes they put into words."""

SHARED = {
    "factory.value_reason": ("amplify.programme.v1.SuspendReason", "amplify.programme.v1.CloseReason"),
}
"""Families that serve more than one."""


def _codes(enum: str) -> list[str]:
    """The codes of an enumeration as the console writes them, without the unspecified one."""
    values = [value.full_name.rsplit(".", 1)[1] for value in contracts().values(enum)]
    prefix = values[0].removesuffix("UNSPECIFIED")
    return [value.removeprefix(prefix).lower() for value in values[1:]]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_words(family: str) -> None:
    codes = set(_codes(FAMILIES[family]))
    assert codes
    assert {code for code in codes if f"{family}_{code}" not in catalogue()} == set()


@pytest.mark.parametrize("family", SHARED)
def test_families_that_serve_two_enumerations_serve_both(family: str) -> None:
    codes = {code for enum in SHARED[family] for code in _codes(enum)}
    assert {code for code in codes if f"{family}_{code}" not in catalogue()} == set()


def test_every_fact_of_the_timeline_has_a_sentence() -> None:
    told = [stream for stream in streams().values() if "programme/timeline" in stream.consumers]
    events = {message.rsplit(".", 1)[1] for stream in told for message in stream.messages}
    assert {event for event in events if f"timeline.event_{event}" not in catalogue()} == set()


def test_every_reason_for_refusing_is_said_in_the_language_of_the_reader() -> None:
    reasons = {
        value.full_name.split(".ERROR_REASON_", 1)[1]
        for package in ("platform", "programme", "assessment", "training", "finance_linkage", "notifications")
        for value in contracts().values(f"amplify.{package}.v1.ErrorReason")[1:]
    }
    said = {key.removeprefix("kit.reason_") for key in catalogue() if key.startswith("kit.reason_")}
    assert said == reasons
