"""What the tests of the manifests share: the tools, fetched once, and the objects of each overlay."""

from pathlib import Path

import pytest
from checks import build, fetch
from checks.schemas import Schemas
from manifests.parts import Object


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder with kubectl, schemas and definitions."""
    return fetch.ensure()


@pytest.fixture(scope="session")
def schemas(tools: Path) -> Schemas:
    """Validators of every kind."""
    return Schemas(tools)


@pytest.fixture(scope="session")
def dev(tools: Path) -> tuple[Object, ...]:
    """The objects of `overlays/dev`."""
    return build.overlay("dev")


@pytest.fixture(scope="session")
def production(tools: Path) -> tuple[Object, ...]:
    """The objects of `overlays/production`."""
    return build.overlay("production")
