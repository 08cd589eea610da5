"""Fixtures for every test of the repository: a real broker and a real database (see deploy/local)."""

# First of all, or pytest takes the folder chassis/ above its tests for a package of that name.
import chassis  # noqa: F401, I001
import pytest

pytest_plugins = ["local_stack.testing"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share the tests out between two workers: one has the stories on the platform, one what else needs a stack.

    So each worker starts one stack, and tests that belong together stay in their order; the rest goes to who is free.
    """
    for item in items:
        if item.get_closest_marker("stack"):
            item.add_marker(pytest.mark.xdist_group("e2e" if "tests/e2e" in item.nodeid else "stack"))
