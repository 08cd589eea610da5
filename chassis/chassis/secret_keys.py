"""Keys derived from the one secret file of a service: one for each purpose, so that none is of use for another."""

import hashlib
import hmac
from pathlib import Path

SHORTEST_SECRET = 32
_DEVELOPMENT = b"a key that everybody knows, for development alone"


def derived(secret_file: Path | None, purpose: str) -> bytes:
    """The 32 bytes of a purpose: HMAC-SHA256 of its name under the secret; without a file the development's.

    No service that serves partners starts in production without the file. Raises ValueError for a file that is too
    short to be a secret.
    """
    secret = secret_file.read_bytes() if secret_file else _DEVELOPMENT
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"SECRET_KEY_FILE must hold {SHORTEST_SECRET} bytes or more")
    return hmac.digest(secret, purpose.encode(), hashlib.sha256)
