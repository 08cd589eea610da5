"""Chaos on real brokers and databases: one seed of each proof, or with `--every-seed` three seeds and every point."""

import random
import uuid
from collections.abc import Iterator

import pytest
from worlds import issuer, world

from local_stack import jars
from local_stack.kafka import Kafka
from local_stack.layout import Layout
from local_stack.ports import Ports

SEEDS = (1, 2, 3)
__all__ = ["issuer", "world"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch of `make chaos`."""
    parser.addoption(
        "--every-seed", action="store_true", help="three seeds, every fail point, long outages, a long race"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One seed unless every seed is asked for; a seed that failed is named by the test's id."""
    every = metafunc.config.getoption("--every-seed", default=False)
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS if every else SEEDS[:1])
    if "outage_seconds" in metafunc.fixturenames:
        metafunc.parametrize("outage_seconds", [60.0 if every else 8.0])


@pytest.fixture
def every_seed(request: pytest.FixtureRequest) -> bool:
    """Whether this is the long run."""
    return bool(request.config.getoption("--every-seed", default=False))


@pytest.fixture
def choose(seed: int) -> random.Random:
    """The choices of this run."""
    return random.Random(seed)  # noqa: S311


@pytest.fixture
def grpc_port(test_ports: Ports) -> int:
    """A port that each restart of the service takes again."""
    return test_ports.take("ledger-grpc")


@pytest.fixture
def own_kafka(test_layout: Layout, test_ports: Ports) -> Iterator[Kafka]:
    """A broker of this test alone, which may be killed and started again."""
    name = f"kafka-{uuid.uuid4().hex[:8]}"
    broker = Kafka(
        jars.ensure(test_layout.jars),
        test_layout.data / name,
        test_layout.logs / f"{name}.log",
        port=test_ports.take(name),
        controller_port=test_ports.take(f"{name}-controller"),
    )
    broker.start().await_ready()
    yield broker
    broker.stop()
