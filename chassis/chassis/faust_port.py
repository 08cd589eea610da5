"""The one place that knows Faust: reads topics in batches and acknowledges only what has been committed.

Faust's defaults lose messages (an exception acknowledges, concurrency skips what is in flight), so this is the only
allowed way to write an agent: concurrency 1, `noack_take`, acknowledged after the handler returned, a supervisor that
ends the app, values as bytes, no tables, no web server, static membership. The port is thin so that another client
library could take its place.
"""

import asyncio
import contextlib
import logging
import ssl
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import faust
from faust.contrib.asgi import faust_app_running
from mode import CrashingSupervisor

from chassis import fail_points
from chassis.applying import Record
from chassis.heartbeat import Heartbeat
from chassis.settings import Settings

log = logging.getLogger(__name__)
BATCH = 200
BATCH_SECONDS = 0.05
"""Faust looks at an idle buffer this often too: shorter costs a processor, longer delays each lone fact."""
NEVER = 86_400.0
PULSE_SECONDS = 1.0


def credentials(settings: Settings) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """How the brokers are reached, for Faust; None for plain text."""
    authority = str(settings.kafka_ca_file) if settings.kafka_ca_file else None
    context = ssl.create_default_context(cafile=authority) if settings.kafka_security.endswith("SSL") else None
    if settings.kafka_security.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.kafka_username,
            password=settings.kafka_password,
            ssl_context=context,
            mechanism="SCRAM-SHA-512",
        )
    return faust.SSLCredentials(context) if context else None


class FaustPort:
    """A member of one consumer group. `handle` gets each batch on a thread of its own and may block."""

    def __init__(
        self,
        settings: Settings,
        group: str,
        streams: Sequence[str],
        handle: Callable[[list[Record]], None],
        heart: Heartbeat | None = None,
    ) -> None:
        self._settings = settings
        self._group = group
        self._streams = list(streams)
        self._handle = handle
        self._heart = heart
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"apply-{group}")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._stop_asked = threading.Event()
        self.passed: dict[tuple[str, int], int] = {}
        """The offset behind the last handled record, by (stream, partition)."""

    def run(self) -> None:
        """Consume until `stop`; raises when the handler raised, with nothing of its batch acknowledged."""
        asyncio.run(self._main())

    def stop(self) -> None:
        """Finish the batch at hand, commit, leave. May be called from any thread, before or after `run`."""
        self._stop_asked.set()
        if self._loop is not None and self._stopping is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself meanwhile
                self._loop.call_soon_threadsafe(self._stopping.set)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        if self._stop_asked.is_set():
            return
        with tempfile.TemporaryDirectory(prefix="consumer-") as scratch:
            await self._run(self._app(scratch), self._stopping)

    async def _run(self, app: faust.App, stopping: asyncio.Event) -> None:
        async with faust_app_running(app, stop_timeout=20):
            waits = [asyncio.create_task(stopping.wait()), asyncio.create_task(app.wait_until_stopped())]
            pulse = asyncio.create_task(self._pulse())
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for task in (*waits, pulse):
                task.cancel()
        self._worker.shutdown(wait=True)
        if app.crashed and not self._stop_asked.is_set():
            raise RuntimeError(f"consumer {self._group} ended") from app.crash_reason

    async def _pulse(self) -> None:
        """Show that the event loop turns, whatever its handler waits for on its own thread."""
        if self._heart is None:
            return
        try:
            while True:
                self._heart.beat()
                await asyncio.sleep(PULSE_SECONDS)
        finally:
            self._heart.rest()

    def _app(self, scratch: str) -> faust.App:
        settings = self._settings
        app = faust.App(
            self._group,
            broker=[f"kafka://{address}" for address in settings.kafka_bootstrap.split(",")],
            broker_credentials=credentials(settings),
            processing_guarantee="at_least_once",
            consumer_auto_offset_reset="earliest",
            consumer_group_instance_id=f"{self._group}-{settings.consumer_member}",
            broker_session_timeout=settings.consumer_session_seconds,
            broker_rebalance_timeout=settings.consumer_session_seconds,
            broker_heartbeat_interval=min(3.0, settings.consumer_session_seconds / 3),
            broker_max_poll_interval=NEVER,
            broker_max_poll_records=500,
            stream_buffer_maxsize=500,
            store="memory://",
            datadir=scratch,
            table_standby_replicas=0,
            topic_allow_declare=False,
            topic_disable_leader=True,
            web_enabled=False,
            worker_redirect_stdouts=False,
            autodiscover=False,
        )
        topics = [f"{settings.topic_prefix}{name}" for name in self._streams]
        source = app.topic(*topics, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

        @app.agent(source, concurrency=1, supervisor_strategy=CrashingSupervisor)
        async def consume(stream: Any) -> None:
            async for events in stream.noack_take(BATCH, within=BATCH_SECONDS):
                fail_points.reach("stream.received")
                records = [self._record(event) for event in events]
                await asyncio.get_running_loop().run_in_executor(self._worker, self._handle, records)
                fail_points.reach("stream.committed")
                for event, record in zip(events, records, strict=True):
                    event.ack()
                    self.passed[record.stream, record.partition] = record.offset + 1
                fail_points.reach("stream.acked")

        return app

    def _record(self, event: faust.EventT[bytes]) -> Record:
        message = event.message
        headers = message.headers or []
        pairs: Any = headers.items() if isinstance(headers, dict) else headers
        return Record(
            message.topic.removeprefix(self._settings.topic_prefix),
            message.partition,
            message.offset,
            message.value,
            tuple((str(name), bytes(value)) for name, value in pairs),
        )
