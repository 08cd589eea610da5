"""`python -m bench [name …]`: run the measurements and print them as one table."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from bench import (
    answers,
    consumer,
    delay,
    eligibility,
    my_work,
    partner_stream,
    recipients,
    relay,
    release_effects,
    timeline,
    training_attendance,
)
from bench.measuring import HEADER, Comparison, line
from bench.stack import Stack, started

MEASUREMENTS: dict[str, Callable[[Stack], list[Comparison]]] = {
    "answers": answers.run,
    "relay": relay.run,
    "consumer": consumer.run,
    "delay": delay.run,
    "eligibility": eligibility.run,
    "partner_stream": partner_stream.run,
    "recipients": recipients.run,
    "training_attendance": training_attendance.run,
    "timeline": timeline.run,
    "my_work": my_work.run,
    "release_effects": release_effects.run,
}


def main() -> None:
    """Measure on a private broker and database; the machine should have nothing else to do."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of {', '.join(MEASUREMENTS)}; default all")
    chosen = parser.parse_args().names or list(MEASUREMENTS)
    if unknown := set(chosen) - set(MEASUREMENTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    version = platform.python_version()
    _say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python {version}\n\n{HEADER}")
    with started() as stack:
        for name in chosen:
            for row in MEASUREMENTS[name](stack):
                _say(line(row))
    _say(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}; a quiet machine has less than its number of cores.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
