"""A broker with a second door that asks for TLS and a password, and gives nobody more than what was granted."""

import ipaddress
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from local_stack import jars
from local_stack.kafka import Kafka
from local_stack.layout import Layout
from local_stack.ports import Ports

Right = Mapping[str, Any]
"""As a KafkaUser of Strimzi says it: a resource, and the operations on it."""

SECURE = """\
listeners=PLAINTEXT://127.0.0.1:{plain},SECURE://127.0.0.1:{secure},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},SECURE://127.0.0.1:{secure}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.secure.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
ssl.keystore.type=PEM
ssl.keystore.certificate.chain={chain}
ssl.keystore.key={key}
"""


class SecureKafka(Kafka):
    """A broker with a second door, for TLS and SCRAM; the plain one is the administrator's."""

    def __init__(self, layout: Layout, ports: Ports) -> None:
        name = f"secure-kafka-{uuid.uuid4().hex[:8]}"
        folder = layout.data / name
        folder.mkdir(parents=True)
        plain, secure, controller = (ports.take(f"{name}-{door}") for door in ("plain", "tls", "controller"))
        log = layout.logs / f"{name}.log"
        super().__init__(jars.ensure(layout.jars), folder, log, port=plain, controller_port=controller)
        self.door = f"127.0.0.1:{secure}"
        self.authority = folder / "ca.pem"
        chain, key = _certificate()
        self.authority.write_text(chain)
        one_line = {"chain": chain.replace("\n", "\\n"), "key": key.replace("\n", "\\n")}
        self._text += SECURE.format(plain=plain, secure=secure, controller=controller, **one_line)

    def add_user(self, name: str, password: str, rights: Iterable[Right]) -> None:
        """Let a user in, for this and no more."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        admin.alter_user_scram_credentials(
            [UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password.encode())]
        )
        admin.create_acls([acl for right in rights for acl in _acls(name, right)])
        admin.close()


def _acls(user: str, right: Right) -> list[ACL]:
    resource = right["resource"]
    pattern = ResourcePattern(
        ResourceType[resource["type"].upper()],
        resource["name"],
        ACLResourcePatternType["PREFIXED" if resource["patternType"] == "prefix" else "LITERAL"],
    )
    return [
        ACL(f"User:{user}", right["host"], ACLOperation[_upper(operation)], ACLPermissionType.ALLOW, pattern)
        for operation in right["operations"]
    ]


def _upper(operation: str) -> str:
    """`DescribeConfigs` as `DESCRIBE_CONFIGS`."""
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in operation).removeprefix("_")


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
