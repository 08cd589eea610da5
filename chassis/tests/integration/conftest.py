"""Fixtures of the chassis's integration tests."""

from worlds import issuer, world

__all__ = ["issuer", "world"]
