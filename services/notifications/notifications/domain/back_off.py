"""How long to wait before a message is tried again."""

import zlib
from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
SPREAD = 0.2


def wait_after(attempt: int, key: str) -> timedelta:
    """The wait after the `attempt`-th attempt (from 1; 0 waits as long): doubling from 30 s to one hour, spread by up
    to a fifth.

    The spread depends on `key` alone, so that messages refused together do not all come back together and a test
    can know the answer.
    """
    doubled = min(FIRST * (1 << min(max(attempt - 1, 0), 16)), LONGEST)
    share = zlib.crc32(f"{key}:{attempt}".encode()) / 0xFFFFFFFF
    return doubled * (1 + SPREAD * share)
