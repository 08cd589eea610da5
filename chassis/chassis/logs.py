"""Structured logs: JSON lines with trace ids, and never the text of an exception or a field of a request."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

from opentelemetry import trace

_PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_QUIET = ("faust", "mode", "aiokafka", "kafka", "pymongo", "urllib3", "asyncio", "opentelemetry", "httpx", "httpcore")


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    An exception is told by its type and where it passed: a driver's or parser's message may repeat a stored value.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Render a record with its `extra` fields and the span at hand."""
        context = trace.get_current_span().get_span_context()
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if context.is_valid:
            line |= {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}
        line |= {key: value for key, value in vars(record).items() if key not in _PLAIN}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, default=str)


def describe(error: BaseException) -> str:
    """An exception without its text: its type and the frames it passed, innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    path = " > ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__module__}.{type(error).__qualname__} at {path or 'unknown place'}"


def configure(service: str, level: str) -> None:
    """Log to standard error; libraries only from WARNING on, and without their own formatting of payloads."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
