"""Kafka and MongoDB for one stack: those that the environment names, else our own, as processes or as containers."""

from collections.abc import Mapping

from local_stack import engine, jars, kafka, mongo
from local_stack.engine import KafkaInContainer, MongodInContainer
from local_stack.kafka import Kafka
from local_stack.layout import Layout
from local_stack.mongo import Mongod, ReplicaSet
from local_stack.ports import Ports

USUAL_PORTS = {"kafka": 9092, "mongodb": 27017}


class Unreachable(Exception):
    """The environment names a broker or database that does not answer."""


class Infrastructure:
    """The broker and the database of a stack; `kafka` and `mongodb` are None where the environment names another.

    STACK=docker takes images instead of this machine's own Java and mongod.
    """

    def __init__(self, layout: Layout, ports: Ports, environ: Mapping[str, str], *, fail_points: bool = False) -> None:
        self._named_bootstrap = environ.get("KAFKA_BOOTSTRAP", "")
        self._named_uri = environ.get("MONGODB_URI", "")
        images = environ if environ.get("STACK") == "docker" else None
        if images is not None:
            engine.remove_containers(layout.run)
        self.kafka = None if self._named_bootstrap else _kafka(layout, ports, images)
        self.mongodb = None if self._named_uri else _mongodb(layout, ports, images, fail_points)

    @property
    def bootstrap(self) -> str:
        """What Kafka's clients connect to."""
        return self.kafka.bootstrap if self.kafka else self._named_bootstrap

    @property
    def uri(self) -> str:
        """What MongoDB's clients connect to."""
        return self.mongodb.uri if self.mongodb else self._named_uri

    def start(self) -> None:
        """Start both at once and wait for both; raises StartFailed or Unreachable."""
        self.launch()
        self.await_mongodb()
        self.await_kafka()

    def launch(self) -> None:
        """Start both without waiting."""
        if self.mongodb:
            self.mongodb.start()
        if self.kafka:
            self.kafka.start()

    def await_kafka(self) -> None:
        """Wait for the broker."""
        if self.kafka:
            self.kafka.await_ready()
        elif not kafka.serves(self._named_bootstrap):
            raise Unreachable(f"KAFKA_BOOTSTRAP={self._named_bootstrap} does not answer")

    def await_mongodb(self) -> None:
        """Wait for the database's primary."""
        if self.mongodb:
            self.mongodb.await_ready()
        elif not mongo.serves(self._named_uri):
            raise Unreachable("MONGODB_URI does not lead to a replica set with a primary")

    def stop(self) -> None:
        """Stop what we started."""
        if self.kafka:
            self.kafka.stop()
        if self.mongodb:
            self.mongodb.stop()


def _kafka(layout: Layout, ports: Ports, images: Mapping[str, str] | None) -> Kafka:
    port, log = ports.take("kafka", USUAL_PORTS["kafka"]), layout.logs / "kafka.log"
    if images is not None:
        return KafkaInContainer(engine.kafka_image(images), engine.stack_name(layout.run), log, port=port)
    controller_port = ports.take("kafka-controller")
    return Kafka(jars.ensure(layout.jars), layout.data / "kafka", log, port=port, controller_port=controller_port)


def _mongodb(layout: Layout, ports: Ports, images: Mapping[str, str] | None, fail_points: bool) -> ReplicaSet:
    port, log = ports.take("mongodb", USUAL_PORTS["mongodb"]), layout.logs / "mongodb.log"
    if images is not None:
        return ReplicaSet(
            [MongodInContainer(engine.mongodb_image(images), engine.stack_name(layout.run), log, port=port)]
        )
    return ReplicaSet([Mongod(layout.data / "mongodb", log, port=port, fail_points=fail_points)])


def start_replica_set(layout: Layout, ports: Ports, nodes: int) -> ReplicaSet:
    """A set of several nodes for fault tests, ready; stop it with `stop()`, kill a member with `nodes[i].kill()`."""
    members = [
        Mongod(
            layout.data / f"mongodb-{number}",
            layout.logs / f"mongodb-{number}.log",
            port=ports.take(f"mongodb-{number}"),
            name=f"mongodb-{number}",
            fail_points=True,
        )
        for number in range(nodes)
    ]
    replica_set = ReplicaSet(members).start()
    replica_set.await_ready()
    return replica_set
