"""Fixtures of the chassis's integration tests."""

from worlds import issuer, shared_world, store, world

__all__ = ["issuer", "shared_world", "store", "world"]
