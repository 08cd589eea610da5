"""The launcher gives tests a real broker and a real database, each on its own."""

import time
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from pymongo import MongoClient

from local_stack.mongo import Mongod, ReplicaSet

pytestmark = pytest.mark.stack


def test_a_record_sent_to_the_broker_is_read_back(kafka_bootstrap: str, topic_prefix: str) -> None:
    topic = f"{topic_prefix}probe"
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    admin.create_topics([NewTopic(topic, 1, 1)])
    producer = KafkaProducer(bootstrap_servers=kafka_bootstrap, acks="all")
    producer.send(topic, b"hello").get(60)
    reader = KafkaConsumer(topic, bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest")
    batches = reader.poll(60_000).values()
    assert [record.value for batch in batches for record in batch] == [b"hello"]
    for client in (admin, producer, reader):
        client.close()


def test_the_database_has_transactions(mongodb_uri: str, mongodb_database: str) -> None:
    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        things = client[mongodb_database].things
        with client.start_session() as session, session.start_transaction():
            things.insert_one({"_id": 1}, session=session)
            assert things.find_one({"_id": 1}) is None
        assert things.find_one({"_id": 1}) is not None


def primary_of(replica_set: ReplicaSet) -> Mongod:
    """The primary, as soon as a node says that it is the one."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if (found := replica_set.primary()) is not None:
            return found
        time.sleep(0.1)
    raise AssertionError("no primary")


def test_a_killed_primary_is_replaced_and_comes_back(three_mongodb_nodes: ReplicaSet) -> None:
    with MongoClient[dict[str, Any]](three_mongodb_nodes.uri, serverSelectionTimeoutMS=120_000) as client:
        things = client.get_database("probe", write_concern=None).things
        things.insert_one({"_id": "before"})
        killed = primary_of(three_mongodb_nodes)
        killed.kill()
        things.insert_one({"_id": "after"})
        killed.start()
        killed.child.await_ready(killed.answers, 120)
        assert {thing["_id"] for thing in things.find()} == {"before", "after"}
