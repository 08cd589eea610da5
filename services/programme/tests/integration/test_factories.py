"""Factories and country programmes through the real server: verbs, lists, etags, masks, and who sees what."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from amplify.programme.v1 import country_programme_service_pb2 as countries_pb2
from amplify.programme.v1 import factory_pb2
from amplify.programme.v1 import factory_service_pb2 as pb

from .world import ADVISOR, BUYER, FACTORY, MANAGER_KH, OFFICER, OFFICER_BD, SERVICE, SRE, Refused, World, new_id

pytestmark = pytest.mark.stack


def update(world: World, factory: factory_pb2.Factory, *paths: str, etag: str = "") -> factory_pb2.Factory:
    request = pb.UpdateFactoryRequest(
        factory=factory, update_mask=FieldMask(paths=paths), etag=etag, request_id=new_id()
    )  # fmt: skip
    updated: factory_pb2.Factory = world.call(OFFICER, request).factory
    return updated


def test_migrate_publishes_the_country_programmes_once(world: World) -> None:
    listed = world.call(OFFICER, countries_pb2.ListCountryProgrammesRequest())
    assert [one.country for one in listed.country_programmes] == ["BD", "JO", "KH", "VN"]
    assert listed.total_size == 4
    jordan = world.call(OFFICER, countries_pb2.GetCountryProgrammeRequest(name="countryProgrammes/JO"))
    assert list(jordan.country_programme.languages) == ["ar", "en"]
    assert [(clock.kind, clock.days) for clock in jordan.country_programme.clocks] == [
        ("report-release", 28),
        ("progress-report", 30),
    ]
    assert world.facts("JO") == ["CountryProgrammeRevised"]
    world.run("migrate")
    assert world.facts("JO") == ["CountryProgrammeRevised"]


def test_staff_see_only_the_country_programmes_of_their_offices(world: World) -> None:
    listed = world.call(MANAGER_KH, countries_pb2.ListCountryProgrammesRequest())
    assert [one.country for one in listed.country_programmes] == ["KH"]
    with pytest.raises(Refused) as refusal:
        world.call(MANAGER_KH, countries_pb2.GetCountryProgrammeRequest(name="countryProgrammes/BD"))
    assert (refusal.value.code, refusal.value.reason) == ("NOT_FOUND", "NOT_FOUND")


def test_a_factory_comes_back_as_it_was_enrolled(world: World) -> None:
    given = {
        "display_name": "Blue Lotus Knitwear",
        "original_id": "STAR-501",
        "address": "Plot 12",
        "location": factory_pb2.Location(latitude=23.9999, longitude=90.4203),
        "owner": factory_pb2.Owner(legal_entity="Blue Lotus Holdings", address="Plot 12"),
        "contact": factory_pb2.Contact(name="Example Contact", phone="+880 2 5550 1001"),
        "isic_section": "C",
        "isic_division": "14",
        "first_product": "T-shirts",
        "start_year_in_country": 2008,
        "workers": factory_pb2.Workers(total=1200, female=780, male=420),
        "customers": [factory_pb2.Customer(name="A customer", years_of_business=6, contractor=True)],
        "assigned_advisor": ADVISOR,
        "latest_cycle": 3,
        "cycle_start": Date(year=2026, month=2, day=1),
        "creation_date": Date(year=2019, month=5, day=14),
        "peer_grouping": True,
    }
    enrolled = world.enrol(**given)
    shown = world.factory(enrolled.name)
    assert shown == enrolled
    for field, value in given.items():
        assert getattr(shown, field) == value, field
    assert shown.status == factory_pb2.FACTORY_STATUS_ACTIVE
    assert world.facts(shown.name.split("/")[1]) == ["FactoryEnrolled"]


def test_verbs_change_the_status_and_each_is_one_fact(world: World) -> None:
    name = world.enrol().name
    strike = factory_pb2.SUSPEND_REASON_STRIKE
    suspended = world.call(OFFICER, pb.SuspendFactoryRequest(name=name, reason=strike, request_id=new_id())).factory
    assert (suspended.status, suspended.suspend_reason) == (factory_pb2.FACTORY_STATUS_SUSPENDED, strike)
    reinstated = world.call(OFFICER, pb.ReinstateFactoryRequest(name=name, request_id=new_id())).factory
    assert (reinstated.status, reinstated.suspend_reason) == (factory_pb2.FACTORY_STATUS_ACTIVE, 0)
    merged = factory_pb2.CLOSE_REASON_MERGED
    closed = world.call(OFFICER, pb.CloseFactoryRequest(name=name, reason=merged, request_id=new_id())).factory
    assert (closed.status, closed.close_reason) == (factory_pb2.FACTORY_STATUS_CLOSED, merged)
    assert world.facts(name.split("/")[1]) == [
        "FactoryEnrolled", "FactorySuspended", "FactoryReinstated", "FactoryClosed",
    ]  # fmt: skip
    assert len({suspended.etag, reinstated.etag, closed.etag}) == 3


def test_an_update_takes_over_only_what_the_mask_lists(world: World) -> None:
    name = world.enrol(address="Plot 12", first_product="T-shirts").name
    wish = factory_pb2.Factory(name=name, address="Plot 13", display_name="Not listed")
    updated = update(world, wish, "address", "first_product")
    assert (updated.address, updated.first_product) == ("Plot 13", "")
    assert updated.display_name.startswith("Factory ")
    (fact,) = world.database.facts.find({"key": name.split("/")[1], "type": {"$regex": "FactoryUpdated$"}})
    assert b"first_product" in fact["value"]
    assert b"Plot 13" not in fact["value"]


def test_an_update_to_what_is_there_already_records_nothing(world: World) -> None:
    enrolled = world.enrol(address="Plot 12")
    assert update(world, enrolled, "address").etag == enrolled.etag
    assert world.facts(enrolled.name.split("/")[1]) == ["FactoryEnrolled"]


def test_a_retry_has_one_effect_and_the_same_answer(world: World) -> None:
    request = pb.CloseFactoryRequest(
        name=world.enrol().name, reason=factory_pb2.CLOSE_REASON_MERGED, request_id=new_id()
    )
    first = world.call(OFFICER, request)
    assert world.call(OFFICER, request) == first
    assert world.facts(request.name.split("/")[1]) == ["FactoryEnrolled", "FactoryClosed"]


def test_a_search_finds_by_id_number_and_any_word_whatever_the_case(world: World) -> None:
    name = world.enrol("7sea42", display_name="Zephyr (Overseas) Knit-Wear 50%").name
    world.enrol("7sea43", country="KH", display_name="Zephyr Cambodia")
    for text in ("bd-7SEA", "7sea42", "ZEPHYR (over", "knit-wear 50%", "  zephyr   (overseas)"):
        found = world.call(OFFICER_BD, pb.ListFactoriesRequest(search=text))
        assert [one.name for one in found.factories] == [name], text
        assert found.total_size == 1
    for text in ("ephyr", "eph.r", ".*"):
        assert world.call(OFFICER_BD, pb.ListFactoriesRequest(search=text)).total_size == 0, text


def test_lists_page_in_order_and_filter_by_country_and_status(world: World) -> None:
    names = [world.enrol(country="VN", display_name=f"Paging {letter}").name for letter in "cab"]
    seen, token, pages = [], "", 0
    while True:
        request = pb.ListFactoriesRequest(page_size=2, page_token=token, search="paging", country="VN")
        page = world.call(OFFICER, request)
        seen += [one.name for one in page.factories]
        token, pages = page.next_page_token, pages + 1
        if not token:
            break
    assert seen == [names[1], names[2], names[0]]
    assert (pages, page.total_size) == (2, 3)
    suspend = pb.SuspendFactoryRequest(name=names[0], reason=factory_pb2.SUSPEND_REASON_STRIKE, request_id=new_id())
    world.call(OFFICER, suspend)
    suspended = pb.ListFactoriesRequest(search="paging", status=factory_pb2.FACTORY_STATUS_SUSPENDED)
    assert [one.name for one in world.call(OFFICER, suspended).factories] == [names[0]]


def test_lists_and_searches_walk_an_index(world: World) -> None:
    for query in (
        {"country": {"$in": ["BD"]}},
        {"country": "BD", "status": "active"},
        {"country": "BD", "search_terms": {"$regex": "^zephyr"}},
    ):
        plan = world.database.factories.find(query).explain()["queryPlanner"]["winningPlan"]
        assert "COLLSCAN" not in str(plan), query


@pytest.mark.parametrize("person", [MANAGER_KH, BUYER, FACTORY, SRE])
def test_a_factory_of_others_looks_as_if_it_were_not_there(world: World, person: str) -> None:
    name = world.enrol().name
    with pytest.raises(Refused) as refusal:
        world.call(person, pb.GetFactoryRequest(name=name))
    assert refusal.value.reason == "NOT_FOUND"
    assert name not in [one.name for one in world.call(person, pb.ListFactoriesRequest(page_size=500)).factories]


def test_services_see_every_factory_without_its_contacts(world: World) -> None:
    name = world.enrol(contact=factory_pb2.Contact(name="Example Contact")).name
    assert not world.call(SERVICE, pb.GetFactoryRequest(name=name)).factory.HasField("contact")
    assert world.factory(name).contact.name == "Example Contact"
