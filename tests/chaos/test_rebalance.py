"""Consumers that join, leave and die under load: nothing lost, nothing twice, order kept."""

import os
import random
import signal
import time

import pytest
from callers import Issuer, Load
from harness import World

from local_stack.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


def test_consumers_that_come_and_go_under_load_lose_and_double_nothing(
    world: World, issuer: Issuer, grpc_port: int, seed: int, choose: random.Random
) -> None:
    """One joins, the other leaves, comes back, and one is killed: each moves partitions in mid-flight."""
    edge = world.start("grpc", **issuer.environment(grpc_port))
    relay = world.start("relay")
    due = world.start("due")
    load = Load(grpc_port, issuer.token(), seed, pause=0.005).start()
    try:
        one = world.start("stream", CONSUMER_MEMBER="1")
        wait_until(lambda: world.snapshot().greetings)
        two = world.start("stream", CONSUMER_MEMBER="2")
        time.sleep(choose.uniform(3, 5))
        world.stop(one)
        time.sleep(choose.uniform(1, 2))
        one = world.start("stream", CONSUMER_MEMBER="1")
        time.sleep(choose.uniform(3, 5))
        os.kill(two.pid or 0, signal.SIGKILL)
        time.sleep(1)
    finally:
        load.stop()
    world.operations = load.operations
    assert world.anomalies(180) == []
    assert load.refusals == []
    for child in (edge, relay, due, one):
        world.stop(child)
