"""The settings of our Kafka clients, in one place: defaults that lose data or hide an outage are not used."""

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient

from chassis.settings import Settings


def producer(settings: Settings) -> KafkaProducer:
    """An idempotent producer that notices a missing broker within seconds."""
    return KafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
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
    return KafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap.split(","), request_timeout_ms=10_000)


def looker(settings: Settings) -> KafkaConsumer:
    """A client without a group that only asks for offsets."""
    return KafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap.split(","), request_timeout_ms=10_000, enable_auto_commit=False
    )
