"""Fixtures for every test of the repository: a real broker and a real database (see deploy/local)."""

# First of all, or pytest takes the folder chassis/ above its tests for a package of that name.
import chassis  # noqa: F401

pytest_plugins = ["local_stack.testing"]
