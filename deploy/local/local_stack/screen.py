"""What a person sees of a start: the status page, and a line at each change."""

import sys
import time
from collections import deque

from local_stack import status
from local_stack.layout import Layout
from local_stack.status import Status


class Screen:
    """Shows the status page: redrawn in place on a terminal, elsewhere printed when it becomes ready."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._live = sys.stdout.isatty()
        self._was_ready = False
        self._told: deque[str] = deque(maxlen=8)

    def tell(self, line: str) -> None:
        """Show a line with its time; on a terminal it stays below the page when that is drawn again."""
        timed = f"{time.strftime('%H:%M:%S')} {line}"
        self._told.append(timed)
        say(timed)

    def show(self, now: Status) -> None:
        """Take note of the page as it is now."""
        text = status.page(now, self._layout.run)
        if self._live:
            lines = "\n".join([text, "Ctrl-C stops everything.", "", *self._told])
            sys.stdout.write(f"\x1b[H\x1b[J{lines}\n")
            sys.stdout.flush()
        elif now.ready and not self._was_ready:
            say(text)
        self._was_ready = now.ready


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
