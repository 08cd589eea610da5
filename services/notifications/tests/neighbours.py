"""What programme and assessment say in these tests: one factory of Bangladesh, one buyer, one assessment."""

from datetime import datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from stage import Stage, now

from amplify.assessment.v1.assessment_events_pb2 import (
    AssessmentReturned,
    AssessmentStarted,
    AssessmentSubmitted,
    ReleaseOverdue,
    ReleaseReminderDue,
    ReportReleased,
)
from amplify.programme.v1 import consent_grant_pb2
from amplify.programme.v1.programme_events_pb2 import (
    ConsentExpired,
    ConsentGranted,
    ConsentWithdrawn,
    FactoryEnrolled,
    FactoryProfile,
    FactoryUpdated,
    OrganisationRegistered,
)
from chassis.applying import Record

FACTORY, BUYER = "bd-1001", "north-sea-apparel"
GRANT = "0b5f6f3e-0000-4000-8000-000000000001"
ASSESSMENT = "0b5f6f3e-0000-4000-8000-000000000002"
ADVISOR, LEADER, COUNTRY_MANAGER, MANAGER, BUYERS_PERSON, OFFICER = (
    f"00000000-0000-4000-8000-00000000000{number}" for number in range(1, 7)
)
AN_HOUR = timedelta(hours=1, minutes=15)
"""Longer than the longest wait between two attempts."""
HERE: dict[str, Any] = {"factory_id": FACTORY, "country": "BD"}
VISIT: dict[str, Any] = {**HERE, "assessment_id": ASSESSMENT}


def stamp(time: datetime) -> Timestamp:
    """A time as facts carry it."""
    made = Timestamp()
    made.FromDatetime(time)
    return made


def people(stage: Stage) -> None:
    """Everybody who may be told."""
    stage.know(ADVISOR, "enterprise-advisor", countries=["BD"])
    stage.know(LEADER, "team-leader", countries=["BD"])
    stage.know(COUNTRY_MANAGER, "country-manager", countries=["BD"])
    stage.know(OFFICER, "country-manager", countries=["KH"])
    stage.know(MANAGER, "factory-manager", factories=[FACTORY])
    stage.know(BUYERS_PERSON, "buyer", organisations=[BUYER], time_zone="Europe/Oslo")


def enrolled(stage: Stage, advisor: str = ADVISOR) -> Record:
    """The factory joins."""
    profile = FactoryProfile(display_name="Blue Delta Knit", assigned_advisor=advisor)
    return stage.record("programme-factories", FACTORY, FactoryEnrolled(**HERE, profile=profile))


def handed_over(stage: Stage, advisor: str) -> Record:
    """The factory gets another advisor."""
    profile = FactoryProfile(display_name="Blue Delta Knit", assigned_advisor=advisor)
    return stage.record("programme-factories", FACTORY, FactoryUpdated(**HERE, profile=profile))


def registered(stage: Stage) -> Record:
    """The buyer is known."""
    fact = OrganisationRegistered(organisation_id=BUYER, display_name="North Sea Apparel")
    return stage.record("programme-organisations", BUYER, fact)


def granted(stage: Stage, scope: int = consent_grant_pb2.CONSENT_SCOPE_REPORTS, days: int = 365) -> Record:
    """The factory consents, from an hour ago on."""
    fact = ConsentGranted(
        grant_id=GRANT,
        **HERE,
        organisation_id=BUYER,
        scope=consent_grant_pb2.ConsentScope.ValueType(scope),
        start_time=stamp(now() - timedelta(hours=1)),
        expire_time=stamp(now() + timedelta(days=days)),
    )
    return stage.record("programme-consents", GRANT, fact)


def withdrawn(stage: Stage) -> Record:
    """The factory takes it back."""
    scope = consent_grant_pb2.CONSENT_SCOPE_REPORTS
    fact = ConsentWithdrawn(grant_id=GRANT, **HERE, organisation_id=BUYER, scope=scope, withdraw_time=stamp(now()))
    return stage.record("programme-consents", GRANT, fact)


def expired(stage: Stage) -> Record:
    """The consent ends."""
    scope = consent_grant_pb2.CONSENT_SCOPE_REPORTS
    fact = ConsentExpired(grant_id=GRANT, **HERE, organisation_id=BUYER, scope=scope, expire_time=stamp(now()))
    return stage.record("programme-consents", GRANT, fact)


def started(stage: Stage) -> Record:
    """The team is on site."""
    return _visit(stage, AssessmentStarted(**VISIT, team_leader=LEADER, advisors=[ADVISOR], start_time=stamp(now())))


def submitted(stage: Stage) -> Record:
    """The answers are in."""
    return _visit(stage, AssessmentSubmitted(**VISIT, team_leader=LEADER, submit_time=stamp(now())))


def returned(stage: Stage) -> Record:
    """The answers come back."""
    return _visit(stage, AssessmentReturned(**VISIT, advisors=[ADVISOR], return_time=stamp(now())))


def released(stage: Stage) -> Record:
    """The report is out."""
    return _visit(stage, ReportReleased(**VISIT, release_time=stamp(now())))


def reminder(stage: Stage, days_left: int = 7, hours_left: int = 0) -> Record:
    """The report is due soon."""
    due = stamp(now() + (timedelta(hours=hours_left) if hours_left else timedelta(days=days_left)))
    fact = ReleaseReminderDue(
        **VISIT, team_leader=LEADER, advisors=[ADVISOR], days_left=days_left, release_due_time=due
    )
    return _visit(stage, fact)


def overdue(stage: Stage) -> Record:
    """The report is late."""
    return _visit(stage, ReleaseOverdue(**VISIT, team_leader=LEADER, release_due_time=stamp(now())))


def _visit(
    stage: Stage,
    fact: AssessmentStarted
    | AssessmentSubmitted
    | AssessmentReturned
    | ReportReleased
    | ReleaseReminderDue
    | ReleaseOverdue,
) -> Record:
    return stage.record("assessment-assessments", ASSESSMENT, fact)
