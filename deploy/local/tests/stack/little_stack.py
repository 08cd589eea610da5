"""A stack of real Kafka, real MongoDB and two little parts, for tests of the supervisor: `python little_stack.py`."""

import os
from pathlib import Path

from local_stack.layout import Layout
from local_stack.parts import Part, Port
from local_stack.plan import Plan
from local_stack.supervisor import Supervisor, hold

# Serves 200 to everything on its port; `migrate` leaves a mark each time it runs.
_PROGRAM = """
import os, sys, pathlib
from http.server import BaseHTTPRequestHandler, HTTPServer
if sys.argv[1:] == ["migrate"]:
    with pathlib.Path(os.environ["MARKS"]).open("a") as marks:
        marks.write("migrated\\n")
    sys.exit()
class Yes(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_):
        pass
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Yes).serve_forever()
"""


def little(name: str, *after: str, migrates: bool = False) -> Part:
    """A part that only answers."""
    return Part(
        name=name,
        command=("-c", _PROGRAM, "all"),
        ports={"http": Port("PORT")},
        ready=f"http://127.0.0.1:{{{name}_http}}/",
        address=f"http://127.0.0.1:{{{name}_http}}",
        after=after,
        env={"MARKS": "{run}/marks"},
        migrates=migrates,
    )


TABLE = (little("first", "kafka", "mongodb", migrates=True), little("second", "first"))


def main() -> None:
    """Run it in the folder that RUN_DIR names."""
    layout = Layout(Path(os.environ["RUN_DIR"]))
    lock = hold(layout)
    Supervisor(layout, Plan(layout, os.environ, TABLE), print, lambda _: None).run()
    lock.release()


if __name__ == "__main__":
    main()
