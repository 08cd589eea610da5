"""The whole service on a real broker: once per person whatever is repeated, and nothing on a replay or for the past."""

import neighbours as they
import pytest
from stage import Stage

from chassis import database
from chassis.rebuild import rebuild
from chassis.relay import Relay
from local_stack.waiting import wait_until
from notifications.read_models import directory

pytestmark = pytest.mark.stack


def positions_reached(count: int) -> bool:
    """Whether the consumers have moved past so many facts altogether."""
    rows = database.db().positions.find({}, {"sequence": 1})
    return sum(int(row["sequence"]) for row in rows) >= count


def test_what_became_of_messages_is_published_without_people(stage: Stage) -> None:
    they.people(stage)
    stage.make_topics()
    stage.say(they.registered(stage), they.enrolled(stage), they.submitted(stage))
    stage.send_what_is_due()
    relay = Relay(stage.settings)
    thread = stage.background(relay.run)
    wait_until(lambda: not database.db().facts.find_one({"pending": True}), 120)
    relay.stop()
    thread.join(60)
    records = {dict(one.headers)["ce_id"]: one for one in stage.records("notifications-messages")}.values()
    assert len(records) == 3
    for record in records:
        whole = record.value + b"".join(value for _, value in record.headers)
        assert b"bd-1001" in whole
        for secret in (b"people.example", b"Person", they.ADVISOR.encode(), b"Blue Delta"):
            assert secret not in whole


def test_repeats_and_replays_send_once_and_the_past_is_told_to_nobody(stage: Stage) -> None:
    they.people(stage)
    stage.make_topics()
    past = [they.registered(stage), they.enrolled(stage), they.granted(stage), they.started(stage)]
    stage.publish(*past)
    with stage.consuming(), stage.sending_on():
        wait_until(lambda: positions_reached(5), 120)
        assert stage.messages() == []
        release = they.released(stage)
        stage.publish(release, release, *past, release)
        wait_until(lambda: [row["state"] for row in stage.messages()] == ["SENT"] * 6, 120)
    told = sorted(stage.mailbox.behaviour.recipients)
    assert told == sorted(f"{id}@people.example" for id in (they.MANAGER, they.ADVISOR, they.BUYERS_PERSON))
    before = (stage.messages(), list(database.db().audience.find()), stage.mailbox.behaviour.recipients.copy())

    for name in ("positions", "consumers", "parked"):
        database.db()[name].delete_many({})
    database.db().audience.delete_many({})
    stage.forget_offsets()
    with stage.consuming(), stage.sending_on():
        wait_until(lambda: positions_reached(6), 120)
        generation = rebuild(stage.settings, "notifications", directory.CONSUMER)
        wait_until(lambda: directory.directory.live() == generation, 120)
    assert (stage.messages(), list(database.db().audience.find()), stage.mailbox.behaviour.recipients) == before
    assert database.db().due_work.count_documents({}) == 0
    assert [row["name"] for row in directory.directory.content()] == ["Blue Delta Knit", "North Sea Apparel"]
