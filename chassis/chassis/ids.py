"""Ids that sort by the time they were made (UUID version 7, RFC 9562)."""

import uuid_utils


def new_id() -> str:
    """A fresh UUIDv7 in its usual text form."""
    return str(uuid_utils.uuid7())
