"""What programme tells is learnt, in any order across factories and twice, and planning goes by it."""

from datetime import date

import pytest
from google.type.date_pb2 import Date

from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE, SUSPEND_REASON_STRIKE
from amplify.programme.v1.programme_events_pb2 import (
    CountryProgrammeRevised,
    FactoryEnrolled,
    FactoryProfile,
    FactoryReinstated,
    FactorySuspended,
    FactoryUpdated,
    RevisedClock,
)
from assessment.domain.errors import UnknownCountryProgramme
from assessment.read_models import country_programmes
from chassis.service import Service

from .conftest import tell
from .world import Refused, World

pytestmark = pytest.mark.stack
ACTIVE = FactoryProfile(status=FACTORY_STATUS_ACTIVE)


def test_a_factory_can_be_visited_from_its_enrolment_and_not_while_suspended(world: World, service: Service) -> None:
    def refused() -> tuple[str, dict[str, str]]:
        with pytest.raises(Refused) as error:
            world.plan(factory="bd-1009")
        return error.value.code, error.value.fields

    assert refused() == ("INVALID_ARGUMENT", {"factory": "FACTORY_UNKNOWN"})
    for _ in range(2):
        tell(service, FactoryEnrolled(factory_id="bd-1009", country="BD", profile=ACTIVE))
    world.plan(factory="bd-1009")
    tell(service, FactorySuspended(factory_id="bd-1009", country="BD", reason=SUSPEND_REASON_STRIKE))
    assert refused() == ("FAILED_PRECONDITION", {"factory": "FACTORY_NOT_ACTIVE"})
    tell(service, FactoryReinstated(factory_id="bd-1009", country="BD"))
    tell(service, FactoryUpdated(factory_id="bd-1009", country="BD", profile=ACTIVE, changed=["address"]))
    world.plan(factory="bd-1009")


def test_the_clock_in_force_is_the_latest_that_has_begun(service: Service) -> None:
    clocks = [
        RevisedClock(kind="report-release", days=days, effective_from=Date(year=year, month=1, day=1))
        for year, days in ((2020, 28), (2030, 21))
    ]
    tell(service, CountryProgrammeRevised(country="VN", time_zone="Asia/Ho_Chi_Minh", clocks=clocks))
    on = date(2029, 12, 31)
    assert country_programmes.clock_days("VN", "report-release", on) == 28
    assert country_programmes.clock_days("VN", "report-release", on.replace(year=2030)) == 21
    with pytest.raises(UnknownCountryProgramme):
        country_programmes.clock_days("VN", "report-release", on.replace(year=2019))
    with pytest.raises(UnknownCountryProgramme):
        country_programmes.time_zone("FR")
