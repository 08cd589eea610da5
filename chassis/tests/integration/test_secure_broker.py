"""A broker that asks for TLS and a password: relay, consumers and administration get in, nobody else does."""

import ipaddress
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ledger
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from harness import World, wait_until
from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion
from kafka.errors import KafkaError

from chassis.database import db
from chassis.kafka_clients import connection
from chassis.settings import Settings
from local_stack import jars
from local_stack.kafka import Kafka
from local_stack.layout import Layout
from local_stack.ports import Ports

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
USER, PASSWORD = "ledger", uuid.uuid4().hex
SECURE = """\
listeners=PLAINTEXT://127.0.0.1:{plain},SECURE://127.0.0.1:{secure},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},SECURE://127.0.0.1:{secure}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.secure.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.certificate.chain={chain}
ssl.keystore.key={key}
"""


class SecureKafka(Kafka):
    """A broker with a second door, for TLS and SCRAM; the plain one is the administrator's."""

    def __init__(self, layout: Layout, ports: Ports) -> None:
        folder = layout.data / "secure-kafka"
        folder.mkdir(parents=True)
        plain, secure, controller = (ports.take(f"secure-kafka-{name}") for name in ("plain", "tls", "controller"))
        log = layout.logs / "secure-kafka.log"
        super().__init__(jars.ensure(layout.jars), folder, log, port=plain, controller_port=controller)
        self.door = f"127.0.0.1:{secure}"
        self.authority = folder / "ca.pem"
        chain, key = _certificate()
        self.authority.write_text(chain)
        one_line = {"chain": chain.replace("\n", "\\n"), "key": key.replace("\n", "\\n")}
        self._text += SECURE.format(plain=plain, secure=secure, controller=controller, **one_line)

    def add_user(self) -> None:
        """Let the user in."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        admin.alter_user_scram_credentials(
            [UserScramCredentialUpsertion(USER, ScramMechanism.SCRAM_SHA_512, PASSWORD.encode())]
        )
        admin.close()


def _certificate() -> tuple[str, str]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a broker of a test")])
    now = datetime.now(UTC)
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), secret.decode()


@pytest.fixture(scope="module")
def broker(test_layout: Layout, test_ports: Ports) -> Iterator[SecureKafka]:
    """The broker, with one user."""
    made = SecureKafka(test_layout, test_ports)
    made.start().await_ready()
    made.add_user()
    yield made
    made.stop()


@pytest.fixture
def secured(broker: SecureKafka, mongodb_uri: str, tmp_path: Path) -> Iterator[World]:
    """A world that knows the broker's secure door only."""
    name = f"secure-{uuid.uuid4().hex[:8]}"
    settings = Settings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=name,
        kafka_bootstrap=broker.door,
        kafka_security="SASL_SSL",
        kafka_username=USER,
        kafka_password=PASSWORD,
        kafka_ca_file=broker.authority,
        topic_prefix=f"{name}-",
        consumer_session_seconds=6.0,
    )
    made = World(settings, tmp_path).prepare()
    yield made
    made.close()


def test_facts_go_out_and_come_in(secured: World) -> None:
    with secured.relay(), secured.consuming():
        wait_until(lambda: db().consumers.count_documents({}) == len(ledger.CONSUMERS))
        ledger.open_account("safe")
        ledger.credit("safe", 5)
        wait_until(secured.settled, 120, "published and applied")
    assert [place[:2] for place in dict.fromkeys(secured.snapshot().topic)] == [("safe", 1), ("safe", 2)]
    assert secured.anomalies() == []


def test_a_wrong_password_opens_nothing_and_is_told(secured: World, caplog: pytest.LogCaptureFixture) -> None:
    wrong = secured.settings.model_copy(update={"kafka_password": "not it"})
    assert refuses(wrong)
    assert "Authentication failed" in caplog.text
    assert "not it" not in caplog.text


def test_a_broker_that_nobody_vouches_for_is_not_spoken_to(secured: World, caplog: pytest.LogCaptureFixture) -> None:
    trusting_others = secured.settings.model_copy(update={"kafka_ca_file": None})
    assert refuses(trusting_others)
    assert "CERTIFICATE_VERIFY_FAILED" in caplog.text


def refuses(settings: Settings) -> bool:
    """Whether a client with these settings gets nowhere."""
    try:
        KafkaAdminClient(**connection(settings), bootstrap_timeout_ms=5000).close()
    except KafkaError:
        return True
    return False
