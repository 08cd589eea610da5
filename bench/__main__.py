"""`python -m bench [name …]`: run the measurements and print them as one table."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from bench import answers, consumer, delay, relay
from bench.measuring import Comparison, table
from bench.stack import Stack, started

MEASUREMENTS: dict[str, Callable[[Stack], list[Comparison]]] = {
    "answers": answers.run,
    "relay": relay.run,
    "consumer": consumer.run,
    "delay": delay.run,
}


def main() -> None:
    """Measure on a private broker and database; the machine should have nothing else to do."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of {', '.join(MEASUREMENTS)}; default all")
    chosen = parser.parse_args().names or list(MEASUREMENTS)
    if unknown := set(chosen) - set(MEASUREMENTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    rows: list[Comparison] = []
    with started() as stack:
        for name in chosen:
            sys.stderr.write(f"measuring {name} …\n")
            rows += MEASUREMENTS[name](stack)
    busy = os.getloadavg()[0]
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python ")
    sys.stdout.write(f"{platform.python_version()}, load average {busy:.1f}\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
