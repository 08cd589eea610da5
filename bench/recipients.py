"""One fact that concerns 100,000 people: planned and delivered to a channel that takes everything, in flat memory.

The path is the service's own: rules, pages of the audience, a message and its due work for each person, an attempt and
its outcome in transactions of their own, the words in the person's language. Only the channel is a stand-in.
"""

import os
import resource
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.measuring import Comparison
from bench.stack import Stack, apart
from chassis import due_work, view
from chassis.database import connect, db
from chassis.due_work import DueWorker
from chassis.service import Service, migrate
from chassis.settings import Settings
from chassis.unit_of_work import unit_of_work
from notifications import planning, service
from notifications.channels import Envelope
from notifications.domain.occasion import Occasion
from notifications.read_models import audience, directory
from notifications.sending import Sending
from notifications.storage import MessageDocument, RecipientDocument
from notifications.use_cases.plan_messages import send_kind

FEW, MANY = 10_000, 100_000
FACTORY = "bd-1001"
FACT = "amplify.assessment.v1.AssessmentStarted"
RULE = "assessment-started-to-country-manager"
ONE_CHANNEL = ("inbox",)
BATCH = 5_000


@dataclass(frozen=True)
class Told:
    """What one run took: seconds of planning and sending, and the growth of the process in MB while it did."""

    planning: float
    sending: float
    grown: float


class Null:
    """A channel that takes everything at once and remembers how often."""

    def __init__(self) -> None:
        self.taken = 0
        self._lock = threading.Lock()

    def send(self, envelope: Envelope) -> None:
        """Nothing leaves."""
        with self._lock:
            self.taken += 1


class Everybody:
    """Consents: no message of this measurement needs one."""

    def live(self, factory_id: str, organisation_id: str, scope: str, reference: str) -> bool:
        """Never asked."""
        raise AssertionError("no message here depends on a consent")


def run(stack: Stack) -> list[Comparison]:
    """Ten thousand and a hundred thousand, each in a fresh process; memory of the many beside that of the few."""
    few = apart(tell, stack.settings(), FEW)
    many = apart(tell, stack.settings(), MANY)
    return [
        Comparison(f"{MANY:,} recipients, planned", MANY / many.planning, FEW / few.planning, "messages/s", "≥ 0.7"),
        Comparison(f"{MANY:,} recipients, delivered", MANY / many.sending, FEW / few.sending, "messages/s", "≥ 0.7"),
        Comparison(f"{MANY:,} recipients, memory grown by", many.grown, few.grown, "MB", "flat: ≤ 1.5"),
    ]


def tell(settings: Settings, count: int) -> Told:
    """Plan and send one message to each of `count` people, and hold that each got exactly one."""
    connect(settings)
    _prepare(count)
    null = Null()
    sending = Sending(dict.fromkeys(ONE_CHANNEL, null), Everybody(), "https://console.example")
    _one_rule()
    before = _peak()
    began = time.monotonic()
    unit_of_work(lambda: planning.tell(_occasion()))
    work = {kind: handler for table in service.due(sending) for kind, handler in table.items()}
    _work({planning.PLAN_REST: work[planning.PLAN_REST]}, lambda: db().messages.estimated_document_count() == count)
    planned = time.monotonic()
    _work(
        {send_kind(*ONE_CHANNEL): work[send_kind(*ONE_CHANNEL)]},
        lambda: null.taken >= count and not db().due_work.find_one({}),
    )
    sent = time.monotonic()
    grown = _peak() - before
    assert null.taken == count
    assert db().messages.count_documents({"state": "SENT"}) == count
    db().client.drop_database(db().name)
    return Told(planned - began, sent - planned, grown)


def _prepare(count: int) -> None:
    """Collections, the factory's name, and the people."""
    documents = [MessageDocument, RecipientDocument]
    migrate(Service("notifications", consumers=service.REACTS, documents=documents, prepare=audience.prepare))
    with view.applying(1):
        name = {"_id": f"factory/{FACTORY}", "name": "Blue Delta Knit"}
        unit_of_work(lambda: directory.directory.writes().insert_one(name))
    for first in range(0, count, BATCH):
        db().recipients.insert_many([_person(number) for number in range(first, min(first + BATCH, count))])


def _person(number: int) -> dict[str, Any]:
    known = {
        "name": f"Person {number}",
        "email": f"person-{number}@people.example",
        "language": "ar" if number % 2 else "en",
        "time_zone": "Asia/Dhaka",
        "roles": ["country-manager"],
        "countries": ["BD"],
        "organisations": [],
        "factories": [],
    }
    id = str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))
    return {"_id": id, "version": 1, "order": 0, "sequences": {}, "particulars": known}


def _one_rule() -> None:
    """One rule and one channel, so that a person is a message."""
    (rule,) = [rule for rule in planning.rules() if rule.name == RULE]
    planning.rules = lambda: (rule.__class__(**{**vars(rule), "channels": ONE_CHANNEL}),)  # type: ignore[assignment]


def _occasion() -> Occasion:
    now = datetime.now(UTC)
    return Occasion(
        event=FACT,
        fact_id=str(uuid.uuid4()),
        happened_at=now,
        country="BD",
        factory_id=FACTORY,
        assessment_id=str(uuid.uuid4()),
        parameters={"started_at": (now - timedelta(minutes=5)).isoformat()},
    )


def _work(handlers: due_work.Handlers, until: Any) -> None:
    """The role `due`, until there is nothing more to do."""
    worker = DueWorker(handlers)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    while not until():
        time.sleep(0.5)
        assert thread.is_alive(), "the worker died"
    worker.stop()
    thread.join(60)


def _peak() -> float:
    """The most memory this process has held so far, in MB."""
    assert os.name == "posix"
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
