"""The settings of our Kafka clients, in one place: defaults that lose data or hide an outage are not used."""

from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient

from chassis.settings import Settings


def connection(settings: Settings) -> dict[str, Any]:
    """Where the brokers are and how they are reached, for kafka-python."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap.split(","),
        "security_protocol": settings.kafka_security,
    }
    if settings.kafka_security.startswith("SASL"):
        options |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.kafka_username,
            "sasl_plain_password": settings.kafka_password,
        }
    if settings.kafka_ca_file is not None:
        options["ssl_cafile"] = str(settings.kafka_ca_file)
    return options


def producer(settings: Settings) -> KafkaProducer:
    """An idempotent producer that notices a missing broker within seconds."""
    return KafkaProducer(
        **connection(settings),
        acks="all",
        enable_idempotence=True,
        linger_ms=2,
        batch_size=262_144,
        max_block_ms=10_000,
        delivery_timeout_ms=15_000,
        request_timeout_ms=10_000,
        allow_auto_create_topics=False,
    )


def admin(settings: Settings) -> KafkaAdminClient:
    """An administrator, for topics and groups."""
    return KafkaAdminClient(**connection(settings), request_timeout_ms=10_000)


def looker(settings: Settings) -> KafkaConsumer:
    """A client without a group that only asks for offsets."""
    return KafkaConsumer(**connection(settings), request_timeout_ms=10_000, enable_auto_commit=False)
