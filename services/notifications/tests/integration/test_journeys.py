"""Every step of repairs, training and finance reaches its people in their language, and tells nobody too much."""

import neighbours as they
import pytest
from google.protobuf.message import Message as Proto
from stage import Stage
from steps import (
    BANK,
    BANKER,
    CASES,
    COURSE,
    DAY,
    FINANCE_OFFICER,
    OTHER_MANAGER,
    PRODUCT,
    REFERRAL,
    STREAM_OF,
    SUBJECT,
    TRAINER,
    TRAINING_OFFICER,
)

from amplify.finance_linkage.v1 import eligibility_events_pb2 as eligibility
from amplify.finance_linkage.v1 import product_events_pb2
from amplify.finance_linkage.v1 import referral_events_pb2 as referrals
from amplify.finance_linkage.v1 import referral_result_events_pb2 as results
from amplify.programme.v1 import consent_grant_pb2
from amplify.programme.v1 import programme_events_pb2 as programme
from amplify.training.v1 import course_events_pb2 as courses
from amplify.training.v1 import recommendation_events_pb2 as recommendations
from chassis import database
from notifications.domain.message import State
from notifications.planning import rules

pytestmark = pytest.mark.stack


@pytest.fixture(autouse=True)
def everybody_is_known(stage: Stage) -> None:
    """The people, and the names of factory, bank, course and product."""
    they.people(stage)
    stage.know(they.MANAGER, "factory-manager", factories=[they.FACTORY], language="ar-JO", time_zone="Asia/Amman")
    stage.know(OTHER_MANAGER, "factory-manager", factories=["bd-1002"])
    stage.know(TRAINER, "training-officer", countries=["JO"])
    stage.know(TRAINING_OFFICER, "training-officer", countries=["BD"])
    stage.know(FINANCE_OFFICER, "finance-officer", countries=["BD"])
    stage.know(BANKER, "financier", organisations=[BANK])
    bank = programme.OrganisationRegistered(organisation_id=BANK, display_name="Delta Bank")
    sst = courses.CourseRevised(course_id="sst", titles={"en": "Supervisory skills", "ar": "مهارات الإشراف"})
    product = product_events_pb2.ProductRevised(product_id="supplier-finance", titles={"en": "Supplier finance"})
    stage.live = False
    stage.say(
        they.enrolled(stage),
        stage.record("programme-organisations", BANK, bank),
        stage.record("training-courses", "sst", sst),
        stage.record("finance-linkage-products", "supplier-finance", product),
    )
    stage.live = True


def say(stage: Stage, *facts: Proto) -> None:
    """Let the facts be told, each three times."""
    for fact in facts:
        name = fact.DESCRIPTOR.name
        stream = next(stream for prefix, stream in STREAM_OF.items() if name.startswith(prefix))
        key = str(getattr(fact, fact.DESCRIPTOR.fields_by_number[1].name))
        stage.say(stage.record(stream, key, fact), times=3)


def told(stage: Stage) -> set[tuple[str, str]]:
    """Rule and recipient of whatever was planned."""
    return {(row["rule"], row["recipient"]) for row in stage.messages()}


@pytest.mark.parametrize(("fact", "expected"), CASES, ids=[fact.DESCRIPTOR.name for fact, _ in CASES])
def test_each_step_reaches_its_people_once_and_says_nothing_of_findings(
    stage: Stage, fact: Proto, expected: dict[str, set[str]]
) -> None:
    say(stage, fact)
    assert told(stage) == {(rule, person) for rule, people in expected.items() for person in people}
    ways = {rule.name: rule.channels for rule in rules()}
    assert len(stage.messages()) == sum(len(people) * len(ways[rule]) for rule, people in expected.items())
    stage.send_what_is_due()
    for row in stage.messages():
        assert row["state"] == State.SENT, (row["rule"], row["reason"])
        said = row["content"]["subject"] + row["content"]["text"]
        assert row["content"]["language"] == ("ar" if row["recipient"] == they.MANAGER else "en")
        assert "emergency" not in said
        assert "osh" not in said.lower().split()
    financiers = {row["rule"] for row in stage.messages(recipient=BANKER, needs_grant_of=BANK)}
    assert financiers == {rule for rule in expected if rule.endswith("-financier")} - {"referral-stopped-to-financier"}


def test_every_rule_of_the_journeys_has_a_case() -> None:
    families = ("improvement", "training", "finance")
    mine = {rule.name for rule in rules() if rule.topic in families}
    assert mine - {rule for _, expected in CASES for rule in expected} == set()


def test_only_the_financier_is_said_to_approve(stage: Stage) -> None:
    say(stage, results.ReferralApproved(**REFERRAL))
    stage.send_what_is_due()
    (row,) = stage.messages(recipient=FINANCE_OFFICER, channel="email")
    assert row["content"]["subject"] == "Delta Bank says that it has approved"
    assert "The decision and its terms are those of Delta Bank." in row["content"]["text"]


def test_a_financier_is_told_under_the_consent_for_this_referral_only(stage: Stage) -> None:
    say(stage, referrals.ReferralSent(**REFERRAL, due_day=DAY))
    stage.programme.live = False
    stage.send_what_is_due()
    rows = stage.messages(recipient=BANKER)
    assert [(row["state"], row["reason"]) for row in rows] == [("SUPPRESSED", "CONSENT_WITHDRAWN")] * 2
    asked = stage.programme.requests
    assert {(one.scope, one.reference) for one in asked} == {
        (consent_grant_pb2.CONSENT_SCOPE_FINANCE, f"referrals/{SUBJECT}")
    }
    assert stage.mailbox.behaviour.recipients == [f"{they.MANAGER}@people.example"]


def test_a_course_and_a_product_are_called_by_their_names_in_the_readers_language(stage: Stage) -> None:
    say(stage, recommendations.CourseRecommended(**COURSE), eligibility.TierChanged(**PRODUCT, downgrade=True))
    stage.send_what_is_due()
    (course,) = stage.messages(rule="course-recommended-to-factory", channel="inbox")
    assert "مهارات الإشراف" in course["content"]["subject"]
    (tier,) = stage.messages(rule="tier-downgraded-to-factory", channel="inbox")
    assert "Supplier finance" in tier["content"]["subject"]
    assert tier["link"] == "/factories/bd-1001/eligibility"
    assert course["link"] == "/courses/sst"


def test_nothing_of_the_past_is_told(stage: Stage) -> None:
    stage.live = False
    say(stage, *(fact for fact, _ in CASES))
    assert stage.messages() == []
    assert database.db().due_work.count_documents({}) == 0
