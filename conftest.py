"""Fixtures for every test of the repository: a real broker and a real database (see deploy/local)."""

pytest_plugins = ["local_stack.testing"]
