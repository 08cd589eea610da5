"""Starts the console: `python -m console`."""

import uvicorn
from pymongo import MongoClient

from chassis import clock, logs, telemetry
from chassis.settings import load
from console.app import build
from console.clients.services import Channels
from console.service import PAGES
from console.settings import ConsoleSettings
from console.signin.sessions import Sessions


def main() -> None:
    """Serve until told to stop."""
    settings = load(ConsoleSettings)
    logs.configure("console", settings.log_level)
    telemetry.configure(settings, "console")
    clock.configure(settings.business_clock_file)
    client: MongoClient[dict[str, object]] = MongoClient(
        settings.mongodb_uri, tz_aware=True, timeoutMS=5000, serverSelectionTimeoutMS=3000
    )
    sessions = Sessions(client, settings.mongodb_database)
    sessions.prepare()
    app = build(settings, PAGES, sessions, Channels(settings))
    uvicorn.run(
        app,
        host=settings.http_address,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    telemetry.flush()


if __name__ == "__main__":
    main()
