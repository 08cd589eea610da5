"""What other services say in these tests, in the order of a factory's life."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from amplify.assessment.v1 import assessment_events_pb2 as assessed
from amplify.assessment.v1 import improvement_plan_events_pb2 as planned
from amplify.assessment.v1 import report_pb2
from amplify.programme.v1 import consent_grant_pb2, hold_events_pb2
from amplify.programme.v1 import programme_events_pb2 as programme
from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from chassis import clock

from .world import World, day, stamp

OSH = "occupational-safety-and-health"
FINANCE_REFERRAL = consent_grant_pb2.CONSENT_PURPOSE_FINANCE_REFERRAL
CLUSTERS = {"child-labour": (1, 3), "forced-labour": (0, 4), OSH: (4, 8), "working-time": (1, 3)}


def country(world: World, code: str = "BD", zone: str = "Asia/Dhaka") -> None:
    """A country programme."""
    fact = programme.CountryProgrammeRevised(country=code, display_name=code, time_zone=zone)
    world.tell("programme-country-programmes", code, fact)


def enrol(world: World, factory: str) -> str:
    """A factory joins, a year ago."""
    profile = programme.FactoryProfile(display_name="Blue Delta Knit", status=FACTORY_STATUS_ACTIVE)
    fact = programme.FactoryEnrolled(factory_id=factory, country=factory[:2].upper(), profile=profile)
    return world.tell("programme-factories", factory, fact, clock.now() - timedelta(days=365))


def release(world: World, factory: str, *, non_compliant: int = 6, assessed_: int = 18, days_ago: int = 30) -> str:
    """A report is released; `non_compliant` of `assessed_` compliance points. The assessment's id."""
    key = str(uuid4())
    fact = assessed.ReportReleased(
        assessment_id=key,
        factory_id=factory,
        country=factory[:2].upper(),
        overall=report_pb2.Rate(non_compliant=non_compliant, assessed=assessed_),
        clusters=(
            report_pb2.ClusterResult(cluster=name, rate=report_pb2.Rate(non_compliant=bad, assessed=all_))
            for name, (bad, all_) in CLUSTERS.items()
        ),
        release_time=stamp(clock.now() - timedelta(days=days_ago - 20)),
        last_on_site_day=day(-days_ago),
    )
    world.tell("assessment-assessments", key, fact)
    return key


def open_line(world: World, factory: str, cluster: str = OSH, point: str = "emergency-preparedness") -> str:
    """An improvement line is opened; its id."""
    key = str(uuid4())
    fact = planned.ImprovementLineOpened(factory_id=factory, line_id=key, country="BD", cluster=cluster, point=point)
    world.tell("assessment-improvement-plans", factory, fact)
    return key


def plan_line(world: World, factory: str, line: str) -> None:
    """A line gets its day."""
    fact = planned.ImprovementLinePlanned(
        factory_id=factory, line_id=line, country="BD", cluster=OSH, point="emergency-preparedness", due_day=day(40)
    )
    world.tell("assessment-improvement-plans", factory, fact)


def close_line(world: World, factory: str, line: str) -> None:
    """A line is verified."""
    fact = planned.ImprovementLineVerified(
        factory_id=factory, line_id=line, country="BD", cluster=OSH, point="emergency-preparedness"
    )
    world.tell("assessment-improvement-plans", factory, fact)


def reopen_line(world: World, factory: str, line: str) -> None:
    """A repaired issue has come back, and gets its day."""
    fact = planned.ImprovementLineReopened(
        factory_id=factory, line_id=line, country="BD", cluster=OSH, point="emergency-preparedness"
    )
    world.tell("assessment-improvement-plans", factory, fact)
    plan_line(world, factory, line)


def hold(world: World, factory: str, *, lift: bool = False) -> str:
    """The programme places or lifts its hold, for a cause that is not told."""
    kind: Any = hold_events_pb2.HoldLifted if lift else hold_events_pb2.HoldPlaced
    return world.tell("programme-holds", factory, kind(factory_id=factory, country=factory[:2].upper()))


def grant(
    world: World, grant_id: str, factory: str, financier: str, *, purpose: int = FINANCE_REFERRAL, begins: float = 0
) -> None:
    """The ledger says that a factory consents, from so many days ahead until day 90."""
    fact = programme.ConsentGranted(
        **_consent(grant_id, factory, financier) | {"purpose": purpose},
        start_time=stamp(clock.now() + timedelta(days=begins, minutes=-1)),
        expire_time=stamp(clock.now() + timedelta(days=90)),
    )
    world.tell("programme-consents", grant_id, fact)


def renew(world: World, grant_id: str, factory: str, financier: str, *, begins: float, days: float) -> None:
    """The ledger says that the factory moved the end of a grant that begins so many days ahead."""
    fact = programme.ConsentRenewed(
        **_consent(grant_id, factory, financier),
        start_time=stamp(clock.now() + timedelta(days=begins)),
        expire_time=stamp(clock.now() + timedelta(days=days)),
    )
    world.tell("programme-consents", grant_id, fact)


def withdraw(world: World, grant_id: str, factory: str, financier: str) -> None:
    """The ledger says that it took the consent back."""
    world.tell("programme-consents", grant_id, programme.ConsentWithdrawn(**_consent(grant_id, factory, financier)))


def expire(world: World, grant_id: str, factory: str, financier: str) -> None:
    """The ledger says that the consent reached its end."""
    world.tell("programme-consents", grant_id, programme.ConsentExpired(**_consent(grant_id, factory, financier)))


def _consent(grant_id: str, factory: str, financier: str) -> dict[str, Any]:
    return {
        "grant_id": grant_id,
        "factory_id": factory,
        "country": factory[:2].upper(),
        "organisation_id": financier,
        "scope": consent_grant_pb2.CONSENT_SCOPE_FINANCE,
        "purpose": FINANCE_REFERRAL,
    }
