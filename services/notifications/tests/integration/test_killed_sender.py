"""A sender killed at each point of sending: nothing is lost, and what may have gone twice has one Message-ID."""

import multiprocessing
import signal

import neighbours as they
import pytest
from dying_sender import send
from stage import Stage

from chassis import database
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("point", "letters", "repeats"),
    [("due.attempted", 2, 1), ("work.written", 1, 0), ("due.settled", 1, 0)],
)
def test_every_message_arrives_and_a_repeat_is_counted(stage: Stage, point: str, letters: int, repeats: int) -> None:
    they.people(stage)
    stage.live = False
    stage.say(they.registered(stage), they.enrolled(stage))
    stage.live = True
    stage.say(they.submitted(stage))
    (inbox,) = stage.messages(channel="inbox")
    database.db().due_work.delete_one({"key": inbox["_id"]})
    database.db().messages.delete_one({"_id": inbox["_id"]})
    processes = multiprocessing.get_context("spawn")
    doomed = processes.Process(target=send, args=(stage.settings, f"{point}=kill"), daemon=True)
    doomed.start()
    doomed.join(120)
    assert doomed.exitcode == -signal.SIGKILL
    database.db().due_work.update_many({}, {"$set": {"leased_until": None}})
    with stage.sending_on():
        wait_until(lambda: [row["state"] for row in stage.messages()] == ["SENT"], 120)
        wait_until(lambda: database.db().due_work.count_documents({}) == 0, 120)
    (row,) = stage.messages()
    ids = [letter["Message-ID"] for letter in stage.mailbox.behaviour.accepted]
    assert ids == [f"<{row['_id']}@amplify.example>"] * letters
    assert row["repeats"] == repeats
    assert database.db().facts.count_documents({"type": "amplify.notifications.v1.MessageSent"}) == 1
