"""The verbs of factories, consents, partners, countries and imports, and what they refuse."""

from datetime import UTC, date, datetime, timedelta

import pytest

from programme import definitions
from programme.domain.cells import DateFormat
from programme.domain.consent_grant import ConsentGrant, ConsentState
from programme.domain.consent_terms import Scope, Terms
from programme.domain.country_programme import CountryProgramme
from programme.domain.errors import ConsentWrongState, FactoryWrongState, InvalidFields
from programme.domain.factory import CloseReason, Factory, FactoryStatus, SuspendReason
from programme.domain.factory_details import Contact, Customer, FactoryDetails, Location, Owner, Workers
from programme.domain.factory_import import Counts, FactoryImport, ImportState
from programme.domain.facts import (
    ConsentExpired,
    ConsentGranted,
    ConsentWithdrawn,
    FactoryClosed,
    FactoryEnrolled,
    FactoryImportCompleted,
    FactoryReinstated,
    FactorySuspended,
    FactoryUpdated,
)
from programme.domain.organisation import Organisation, OrganisationKind

PERSON = "person"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def factory() -> Factory:
    enrolled = Factory.enrol("bd-1001", "BD", FactoryDetails(name="Blue Lotus Knitwear"), NOW)
    assert enrolled.recorded == [FactoryEnrolled("bd-1001", NOW)]
    enrolled.recorded.clear()
    return enrolled


def test_a_factory_suspends_reinstates_and_closes() -> None:
    subject = factory()
    subject.suspend(SuspendReason.STRIKE, NOW)
    subject.reinstate(NOW)
    subject.close(CloseReason.MERGED, NOW)
    assert subject.recorded == [
        FactorySuspended("bd-1001", "strike", NOW),
        FactoryReinstated("bd-1001", NOW),
        FactoryClosed("bd-1001", "merged", NOW),
    ]
    assert (subject.status, subject.reason_code) == (FactoryStatus.CLOSED, "merged")


def test_a_factory_refuses_what_its_status_does_not_allow() -> None:
    subject = factory()
    with pytest.raises(FactoryWrongState):
        subject.reinstate(NOW)
    subject.close(CloseReason.MERGED, NOW)
    with pytest.raises(FactoryWrongState):
        subject.close(CloseReason.OTHER, NOW)
    with pytest.raises(FactoryWrongState):
        subject.suspend(SuspendReason.STRIKE, NOW)
    assert subject.reason_code == "merged"


def test_an_update_records_only_what_differs() -> None:
    subject = factory()
    assert subject.update({"name": "Blue Lotus Knitwear", "address": "Plot 12"}, NOW) == ("address",)
    assert subject.recorded == [FactoryUpdated("bd-1001", ("address",), NOW)]
    assert subject.update({"address": "Plot 12"}, NOW) == ()
    assert len(subject.recorded) == 1


def test_a_factory_is_found_by_its_number_and_by_each_word_of_its_name() -> None:
    subject = factory()
    assert subject.search_terms == ("bd-1001", "1001", "blue lotus knitwear", "lotus knitwear", "knitwear")
    subject.update({"name": "ÉTOILE  Knits"}, NOW)
    assert subject.sort_name == "étoile knits"
    assert "knits" in subject.search_terms


def test_an_impossible_update_changes_nothing() -> None:
    subject = factory()
    before = subject.details
    with pytest.raises(InvalidFields) as refusal:
        subject.update({"workers": Workers(10, 6, 5), "customers": (Customer(" ", 200),)}, NOW)
    assert [problem.field for problem in refusal.value.problems] == [
        "customers[0].name", "workers.total", "customers[0].years_of_business",
    ]  # fmt: skip
    assert subject.details == before
    assert subject.recorded == []


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"address": "Plot\x0012"}, "address", "CONTROL_CHARACTER"),
        ({"contact": Contact(email="a\x7fb")}, "contact.email", "CONTROL_CHARACTER"),
        ({"owner": Owner(address="x" * 501)}, "owner.address", "TEXT_LENGTH"),
        ({"first_product": "x" * 201}, "first_product", "TEXT_LENGTH"),
        ({"isic_section": "Z"}, "isic_section", "WRONG_FORM"),
        ({"isic_division": "1"}, "isic_division", "WRONG_FORM"),
        ({"latest_cycle": 0}, "latest_cycle", "OUT_OF_RANGE"),
        ({"location": Location(0, 181)}, "location.longitude", "OUT_OF_RANGE"),
        ({"workers": Workers(-1)}, "workers.total", "OUT_OF_RANGE"),
    ],
)
def test_each_impossible_detail_is_named(values: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        factory().update(values, NOW)
    assert [(problem.field, problem.reason) for problem in refusal.value.problems] == [(field, reason)]


def test_a_factory_belongs_to_the_country_of_its_id() -> None:
    with pytest.raises(InvalidFields):
        Factory.enrol("kh-1001", "BD", FactoryDetails(name="Blue Lotus Knitwear"), NOW)


def terms(starts_at: datetime = NOW, ends_at: datetime = NOW + DAY) -> Terms:
    return Terms("bd-1001", "north-sea-apparel", Scope.REPORTS, starts_at, ends_at)


def granted(when: Terms | None = None, *, on_behalf: bool = False, evidence: str = "") -> ConsentGrant:
    return ConsentGrant.grant(
        "g1", "BD", when or terms(), by="person", on_behalf=on_behalf, evidence=evidence, now=NOW
    )  # fmt: skip


def test_a_consent_is_live_from_its_start_to_its_end() -> None:
    grant = granted(terms(NOW + DAY, NOW + 3 * DAY))
    assert grant.recorded == [ConsentGranted("g1", NOW)]
    assert [grant.is_live(NOW + n * DAY) for n in range(4)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field", "reason"),
    [
        (NOW - DAY, NOW + DAY, "starts_at", "TIME_IN_THE_PAST"),
        (NOW, NOW, "ends_at", "END_BEFORE_START"),
        (NOW + DAY, NOW, "ends_at", "END_BEFORE_START"),
        (NOW, NOW - DAY, "ends_at", "END_BEFORE_START"),
    ],
)
def test_a_consent_has_a_future(starts_at: datetime, ends_at: datetime, field: str, reason: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        granted(terms(starts_at, ends_at))
    assert [(problem.field, problem.reason) for problem in refusal.value.problems] == [(field, reason)]


def test_an_officer_names_the_evidence_of_a_factory_s_word() -> None:
    with pytest.raises(InvalidFields):
        granted(on_behalf=True, evidence=" ")
    assert granted(on_behalf=True, evidence="letter-17").evidence == "letter-17"


def test_a_withdrawn_consent_is_over_at_once_and_for_good() -> None:
    grant = granted()
    grant.withdraw(PERSON, NOW)
    assert not grant.is_live(NOW)
    with pytest.raises(ConsentWrongState):
        grant.withdraw(PERSON, NOW)
    assert not grant.expire(NOW + 2 * DAY)
    assert grant.recorded[1:] == [ConsentWithdrawn("g1", NOW)]


def test_a_consent_expires_once_and_not_before_its_end() -> None:
    grant = granted()
    assert not grant.expire(NOW)
    assert grant.expire(NOW + DAY)
    assert not grant.expire(NOW + DAY)
    assert grant.state is ConsentState.EXPIRED
    assert grant.recorded[1:] == [ConsentExpired("g1", NOW + DAY)]
    with pytest.raises(ConsentWrongState):
        grant.withdraw(PERSON, NOW + DAY)


def test_a_partner_has_a_name() -> None:
    with pytest.raises(InvalidFields):
        Organisation.register("north-sea-apparel", "  ", OrganisationKind.BUYER, NOW)
    assert Organisation.register("a", " A ", OrganisationKind.BUYER, NOW).display_name == "A"


def test_an_import_completes_once_when_every_row_has_an_outcome() -> None:
    subject = FactoryImport.start("i1", "person", ("BD",), DateFormat.ISO, 3, NOW)
    assert not subject.complete(Counts(created=2), NOW)
    assert subject.complete(Counts(created=2, rejected=1), NOW)
    assert not subject.complete(Counts(created=2, rejected=1), NOW)
    assert subject.state is ImportState.COMPLETED
    assert subject.recorded[1:] == [FactoryImportCompleted("i1", 2, 0, 0, 1, NOW)]


def test_the_four_country_programmes_are_defined() -> None:
    defined = definitions.load()
    assert {country: definition.languages for country, definition in defined.items()} == {
        "BD": ("bn", "en"), "KH": ("km", "en"), "VN": ("vi", "en"), "JO": ("ar", "en"),
    }  # fmt: skip
    for definition in defined.values():
        assert [(clock.kind, clock.days, clock.confirmed) for clock in definition.clocks] == [
            ("report-release", 28, True), ("progress-report", 30, True),
        ]  # fmt: skip
        assert definition.unconfirmed == ("languages",)
        assert definition.clocks[0].effective_from == date(2010, 1, 1)


def test_a_definition_is_published_once() -> None:
    bangladesh, cambodia = (definitions.load()[country] for country in ("BD", "KH"))
    subject = CountryProgramme.define("BD", bangladesh, NOW)
    assert not subject.revise(definitions.load()["BD"], NOW)
    assert subject.revise(cambodia, NOW)
    assert len(subject.recorded) == 2


@pytest.mark.parametrize(
    "text",
    [
        "country_programmes: {BD: {}}",
        "country_programmes: [",
        "country_programmes: {BD: {display_name: B, languages: {tags: [Bangla], source: x}, "
        "time_zone: {name: Asia/Dhaka, source: x}, clocks: []}}",
        "country_programmes: {BD: {display_name: B, languages: {tags: [bn], source: x}, "
        "time_zone: {name: Asia/Atlantis, source: x}, clocks: []}}",
    ],
)
def test_a_wrong_definition_is_refused(text: str) -> None:
    with pytest.raises(definitions.DefinitionError):
        definitions.load(text)
