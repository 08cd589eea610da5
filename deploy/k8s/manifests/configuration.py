"""The settings of a service on a cluster, out of its typed settings: what its ConfigMap holds, and what is secret."""

from manifests.parts import GRPC, HTTP, METRICS, PARTNER, SECRETS_DIR
from manifests.tree import Service, services

PLATFORM = {
    "ENVIRONMENT": "production",
    "SECRETS_DIR": SECRETS_DIR,
    "KAFKA_BOOTSTRAP": "",
    "KAFKA_SECURITY": "SASL_SSL",
    "TOPIC_PREFIX": "",
    "OIDC_ISSUER": "",
    "OIDC_AUDIENCE": "amplify",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "",
    "LOG_LEVEL": "INFO",
    "PUBLIC_URL": "",
    "METRICS_ADDRESS": "0.0.0.0",  # noqa: S104 - a pod's own address, behind NetworkPolicies
    "METRICS_PORT": str(METRICS),
}
"""What all services share; an overlay says where broker, identity provider and collector are."""


def own_settings(service: Service) -> dict[str, str]:
    """The variables of one service: where it listens, its database, its client, and whom it calls."""
    addresses = {f"{one.replace('-', '_')}_address": f"{one}:{GRPC}" for one in service.calls}
    partners = {"grpc_partner_port": PARTNER, "secret_key_file": f"{SECRETS_DIR}/secret-key"}
    # It uses no broker, so it has no user at one.
    web = {"http_address": "0.0.0.0", "http_port": HTTP, "kafka_security": "PLAINTEXT"}  # noqa: S104
    wanted = {
        "mongodb_database": service.package,
        "oidc_client_id": service.name,
        "grpc_address": "0.0.0.0",  # noqa: S104
        "grpc_port": GRPC,
        **(web if service.is_web else {"kafka_username": service.name}),
        **(partners if service.has_partners else {}),
        **addresses,
    }
    if service.is_web:
        wanted = {name: value for name, value in wanted.items() if not name.startswith("grpc_")}
    return {name.upper(): str(value) for name, value in wanted.items() if name in service.fields}


def secret_keys(service: Service) -> list[str]:
    """The keys that the Secret of a service must have."""
    keys = [name.upper() for name in service.secrets]
    return [*keys, *(["secret-key"] if service.has_partners else [])]


def development_secrets(service: Service) -> dict[str, str]:
    """Values for trying, known to everybody; production's overlay holds no Secret and its programs refuse these."""
    values = {
        "MONGODB_URI": "mongodb://mongodb-0.mongodb:27017/?replicaSet=rs0",
        "OIDC_CLIENT_SECRET": "" if service.is_web else f"development-{service.name}-secret",
        "SESSION_SECRET": str(service.default("session_secret")) if "session_secret" in service.fields else "",
        "secret-key": f"development-only-{service.name}-key-behind-seals-and-tokens",
    }
    return {key: values.get(key, "") for key in secret_keys(service)}


def env_file(values: dict[str, str]) -> str:
    """Variables as kustomize reads them."""
    return "".join(f"{name}={value}\n" for name, value in sorted(values.items()))


def secrets_table() -> str:
    """Which Secret needs which keys, for the page on installing."""
    rows = [f"| `{one.name}-secrets` | {', '.join(f'`{key}`' for key in secret_keys(one))} |" for one in services()]
    return "\n".join(["| Secret | keys |", "| --- | --- |", *rows])
