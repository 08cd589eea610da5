"""What an operator sees and does when a record cannot be read."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from kafka import KafkaProducer
from playwright.sync_api import Locator, expect

from chassis.envelope import Envelope, Headers, encode
from local_stack.platform import Platform
from local_stack.running import values
from local_stack.waiting import wait_until

from .visitor import Visitor

pytestmark = pytest.mark.stack

As = Callable[[str], Visitor]


def card(operator: Visitor, service: str) -> Locator:
    """The part of the page that is about a service."""
    return operator.page.locator(f"[data-service={service}]")


def test_every_service_shows_its_relay_and_consumers(as_: As) -> None:
    operator = as_("sre")
    operator.speaks("en")
    operator.open("/operations")
    for service in ("programme", "assessment", "notifications"):
        expect(card(operator, service).get_by_text("Held", exact=True)).to_be_visible()
        expect(card(operator, service).get_by_text("Live", exact=True).first).to_be_visible()


def put_on_topic(stack: Platform, headers: Headers, key: str) -> None:
    """Write a record that is not what it says."""
    known = values(stack.layout)
    producer = KafkaProducer(bootstrap_servers=known["kafka"])
    topic = f"{known['topic_prefix']}notifications-messages"
    producer.send(topic, key=key.encode(), value=b"\xff not a fact", headers=headers).get(20)
    producer.close()


def inspect(operator: Visitor, what: str) -> None:
    """Wait until programme has parked it, and open it."""
    operator.speaks("en")

    def found() -> list[Locator]:
        operator.open("/operations")
        return card(operator, "programme").get_by_role("link", name=what).all()

    wait_until(found, 120)[-1].click()
    expect(operator.page.get_by_role("heading", name="Parked fact")).to_be_visible()
    assert "not a fact" not in operator.main().inner_text()


def test_a_fact_that_cannot_be_decoded_is_tried_again_and_given_up_with_a_reason(as_: As, stack: Platform) -> None:
    key, operator = str(uuid4()), as_("sre")
    envelope = Envelope(
        event_id=str(uuid4()),
        type="amplify.notifications.v1.MessageSent",
        source="/notifications",
        key=key,
        time=datetime.now(UTC),
        sequence=1,
    )
    put_on_topic(stack, encode(envelope), key)
    inspect(operator, key)
    operator.page.get_by_role("button", name="Try again now").click()
    expect(operator.main().get_by_text("Tried again, and it is still parked.")).to_be_visible()
    inspect(operator, key)
    operator.page.get_by_role("button", name="Give it up").click()
    dialog = operator.page.locator("dialog[open]")
    dialog.get_by_label("Reason").fill("A stray record of a test.")
    dialog.get_by_role("button", name="Give it up").click()
    expect(operator.main().get_by_text("The fact is given up, and that is on record.")).to_be_visible()
    expect(card(operator, "programme").get_by_role("link", name=key)).to_have_count(0)


def test_a_record_without_readable_headers_is_shown_and_holds_up_nothing(as_: As, stack: Platform) -> None:
    operator = as_("sre")
    put_on_topic(stack, [], str(uuid4()))
    inspect(operator, "Record")
    expect(operator.main().get_by_text("No readable headers")).to_be_visible()
    expect(operator.main().get_by_text("This record names no aggregate")).to_be_visible()
    expect(operator.page.get_by_role("button", name="Try again now")).to_have_count(0)
