"""Reads what a kept receipt says."""

import json
from typing import Any

from chassis.access import EVERYTHING
from finance_linkage.archive import receipt


def content(canonical: bytes) -> dict[str, Any]:
    """The receipt in its canonical bytes."""
    said: dict[str, Any] = json.loads(canonical)
    return said


def rule_version(digest: str) -> str:
    """The version of the rules that a receipt names."""
    return str(content(receipt(EVERYTHING, digest)["canonical"])["rules"])
