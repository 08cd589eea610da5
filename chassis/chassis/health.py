"""/live, /ready and /metrics of a process: live while its loops turn, ready when it may be sent work."""

import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.settings import Settings

log = logging.getLogger(__name__)
Check = Callable[[], bool]


class HealthServer:
    """Serves the three paths. Neither check asks Kafka or MongoDB: their outage is no reason to restart us."""

    def __init__(self, settings: Settings, live: Check, ready: Check) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                match self.path:
                    case "/metrics":
                        self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
                    case "/live":
                        self._say(live())
                    case "/ready":
                        self._say(ready())
                    case _:
                        self._answer(404, b"not found\n", "text/plain")

            def _say(self, good: bool) -> None:
                self._answer(200 if good else 503, b"yes\n" if good else b"no\n", "text/plain")

            def _answer(self, code: int, body: bytes, kind: str) -> None:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: probes come every few seconds."""

        self._server = ThreadingHTTPServer((settings.metrics_address, settings.metrics_port), Handler)
        self.port = self._server.server_port

    def start(self) -> None:
        """Serve on a thread of its own."""
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
