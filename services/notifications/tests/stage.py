"""A stage for this service alone: real database, broker and mail server, and neighbours reduced to what they say."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.message import Message as Proto
from smtp_provider import Mailbox

from amplify.programme.v1 import consent_service_pb2, consent_service_pb2_grpc
from chassis import clock, database, generations, kafka_clients, topics
from chassis.access import declare
from chassis.applying import Applier, Record
from chassis.due_work import DueWorker
from chassis.envelope import Envelope, encode
from chassis.identity import Identity
from chassis.registry import stream
from chassis.service import Service, migrate
from chassis.stream import ConsumerThread
from chassis.unit_of_work import unit_of_work
from local_stack import topic_records
from local_stack.waiting import wait_until
from notifications import service
from notifications.access import ACTIONS, KINDS
from notifications.channels import transport
from notifications.consents import ProgrammeConsents
from notifications.domain.recipient import Particulars
from notifications.read_models import audience, directory
from notifications.sending import Sending
from notifications.settings import NotificationsSettings
from notifications.storage import MessageDocument, RecipientDocument
from notifications.use_cases.put_recipient import PutRecipient, put_recipient
from notifications.use_cases.update_preferences import UpdatePreferences, update_preferences

OPERATOR = Identity("operator", frozenset({"sre"}))
STREAMS = sorted({stream for consumer in service.REACTS for stream in consumer.streams})

_made: set[str] = set()


class Programme(consent_service_pb2_grpc.ConsentServiceServicer):
    """Programme as far as this service asks it: whether consent is live; None stands for no answer."""

    def __init__(self) -> None:
        self.live: bool | None = True
        self.asked: list[tuple[str, str]] = []
        self.requests: list[consent_service_pb2.CheckConsentRequest] = []
        self._server = grpc.server(ThreadPoolExecutor(2))
        consent_service_pb2_grpc.add_ConsentServiceServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def CheckConsent(
        self, request: consent_service_pb2.CheckConsentRequest, context: grpc.ServicerContext
    ) -> consent_service_pb2.CheckConsentResponse:
        """Answer as told."""
        self.asked.append((request.factory, request.organisation))
        self.requests.append(request)
        if self.live is None:
            context.abort(grpc.StatusCode.INTERNAL, "broken")
        return consent_service_pb2.CheckConsentResponse(live=bool(self.live))

    def close(self) -> None:
        """Go away."""
        self._server.stop(None)


@dataclass
class Stage:
    """One test's world. `say` applies a fact at once; `publish` puts it on the topic for a running consumer."""

    settings: NotificationsSettings
    mailbox: Mailbox
    programme: Programme
    clock_file: Path
    sequences: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        database.connect(self.settings)
        clock.configure(self.clock_file)
        declare(ACTIONS, KINDS)
        self._prepare()
        channels = {name: transport(name).open_channel(self.settings) for name in ("email", "inbox")}
        consents = ProgrammeConsents(f"127.0.0.1:{self.programme.port}", lambda: "token")
        self.sending = Sending(channels, consents, self.settings.public_url)
        self.workers = [DueWorker(lane) for lane in service.due(self.sending)]
        self.live = True
        self._appliers = [Applier(one, 1, lambda _: self.live) for one in service.REACTS]

    def _prepare(self) -> None:
        """Make the database on its first use, and empty it on every later one: making one anew takes long."""
        if database.db().name in _made:
            for name in database.db().list_collection_names():
                database.db()[name].delete_many({})
            directory.directory.prepare(1)
            first = directory.directory.collection(1).name
            wait_until(
                lambda: directory.directory.reads().name == first
            )  # readers hold on to a rebuilt one for a moment
            return
        documents = [MessageDocument, RecipientDocument]
        migrate(Service("notifications", consumers=service.REACTS, documents=documents, prepare=audience.prepare))
        _made.add(database.db().name)

    def know(self, id: str, role: str, **particulars: Any) -> str:
        """Make somebody reachable; their address is `<id>@people.example`."""
        known = Particulars(
            **{
                "name": f"Person {id}",
                "email": f"{id}@people.example",
                "language": "en",
                "time_zone": "Asia/Dhaka",
                "roles": [role],
                **particulars,
            }
        )
        unit_of_work(lambda: put_recipient(PutRecipient(id, known), OPERATOR))
        return id

    def wish(self, id: str, **preferences: Any) -> None:
        """Let somebody have wishes: `mutes`, `quiet_hours`, `digests`."""
        unit_of_work(lambda: update_preferences(UpdatePreferences(id, preferences), OPERATOR))

    def record(self, on: str, key: str, fact: Proto, at: datetime | None = None) -> Record:
        """The record under which a neighbour's relay would publish the next fact of an aggregate."""
        sequence = self.sequences[on, key] = self.sequences.get((on, key), 0) + 1
        envelope = Envelope(
            str(uuid.uuid4()), fact.DESCRIPTOR.full_name, "/test", key, at or clock.now(), sequence, "story-1"
        )
        return Record(on, 0, sequence, fact.SerializeToString(), tuple(encode(envelope)))

    def say(self, *records: Record, times: int = 1) -> None:
        """Let every consumer of theirs apply the records, so many times over."""
        for applier, consumer in zip(self._appliers, service.REACTS, strict=True):
            for record in [one for one in records for _ in range(times)]:
                if record.stream in consumer.streams:
                    applier.apply([record])
        assert list(database.db().parked.find()) == []

    def publish(self, *records: Record) -> None:
        """Put the records on their topics."""
        producer = kafka_clients.producer(self.settings)
        for record in records:
            topic, key = f"{self.settings.topic_prefix}{record.stream}", dict(record.headers)["ce_subject"]
            producer.send(topic, value=record.value, key=key, headers=list(record.headers)).get(60)
        producer.close()

    def make_topics(self) -> None:
        """Create the topics that this service reads and writes."""
        assert topics.ensure(self.settings, [stream(name) for name in (*STREAMS, "notifications-messages")]) == []

    @contextmanager
    def consuming(self) -> Iterator[None]:
        """The role `stream` on threads of this process."""
        threads = [ConsumerThread(self.settings, "notifications", one) for one in service.REACTS]
        for thread in threads:
            thread.start()
        try:
            wait_until(lambda: database.db().consumers.count_documents({}) == len(threads), 120)
            yield
        finally:
            for thread in threads:
                thread.stop()
            for thread in threads:
                thread.join(120)
        assert [thread.failure for thread in threads] == [None] * len(threads)

    @contextmanager
    def sending_on(self) -> Iterator[None]:
        """The role `due` on a thread of this process."""
        workers = [DueWorker(lane) for lane in service.due(self.sending)]
        threads = [self.background(worker.run) for worker in workers]
        try:
            yield
        finally:
            for worker in workers:
                worker.stop()
            for thread in threads:
                thread.join(60)

    def send_what_is_due(self) -> None:
        """One round of the role `due`."""
        for worker in self.workers:
            for row in worker._claim():
                worker.do(row)

    def at(self, moment: datetime) -> None:
        """Let business time be this moment now; it never goes back."""
        assert moment >= clock.now()
        self.later(moment - clock.now())

    def later(self, period: timedelta) -> None:
        """Let so much business time pass."""
        clock.move(self.clock_file, (clock.offset() + period).total_seconds())

    def background(self, run: Callable[[], None]) -> threading.Thread:
        """Run something on a thread until it ends by itself or the test does."""
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def records(self, name: str) -> list[Any]:
        """Everything on a stream's topic."""
        return topic_records.whole(kafka_clients.looker(self.settings), f"{self.settings.topic_prefix}{name}")

    def forget_offsets(self) -> None:
        """Let the consumers begin at the first fact again, once the broker has missed their members."""
        admin = kafka_clients.admin(self.settings)
        prefix = self.settings.topic_prefix
        groups = [generations.group_id("notifications", one, 1, prefix) for one in service.REACTS]
        wait_until(lambda: set(admin.delete_groups(groups).values()) <= {"OK", "GroupIdNotFoundError"}, 120)
        admin.close()

    def messages(self, **query: Any) -> list[dict[str, Any]]:
        """What is planned or was sent, by rule, recipient and channel."""
        return list(database.db().messages.find(query).sort([("rule", 1), ("recipient", 1), ("channel", 1)]))

    def close(self) -> None:
        """Leave nothing behind."""
        clock.configure(None)


def now() -> datetime:
    """Business time."""
    return clock.now().astimezone(UTC)
