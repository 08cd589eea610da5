"""Broker and database from images keep their data over a stop and over a power cut; run with TEST_STACK=containers."""

import os
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from local_stack import engine
from local_stack.infrastructure import Infrastructure
from local_stack.layout import Layout
from local_stack.ports import Ports

pytestmark = pytest.mark.stack


def test_data_stay_when_containers_end_and_go_when_asked(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    counts = [_started_once(layout, cut=cut) for cut in (False, True, False)]
    engine.remove_volumes(tmp_path)
    counts.append(_started_once(layout, cut=False))
    engine.remove_volumes(tmp_path)
    assert counts == [1, 2, 3, 1]


def _started_once(layout: Layout, *, cut: bool) -> int:
    """Start both, write one thing, and end them; how many things there were."""
    ports = Ports(layout.ports, usual=False)
    found = Infrastructure(layout, ports, {**os.environ, "STACK": "docker"})
    assert found.kafka is not None
    assert found.mongodb is not None
    try:
        found.start()
        with MongoClient[dict[str, Any]](found.uri) as client:
            client.probe.things.insert_one({})
            count = client.probe.things.count_documents({})
    finally:
        if cut:
            found.kafka.child.kill()
            found.mongodb.nodes[0].kill()
        found.stop()
        ports.release()
    return count
