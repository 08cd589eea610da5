"""Settings come from the environment or from secret files, are typed, and are refused at start when they are wrong."""

import os
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SettingsT = TypeVar("SettingsT", bound="Settings")


class Settings(BaseSettings):
    """What every process needs; a service subclasses this with its own fields.

    A field's environment variable is its name in capitals, and so is its file below SECRETS_DIR; the environment wins.
    A wrong value ends the start with the variable's name.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    environment: Annotated[
        Literal["development", "test", "production"], Field(description="production refuses every test aid")
    ] = "development"
    secrets_dir: Annotated[
        Path | None, Field(description="folder of files, each named like a setting and holding its value")
    ] = None
    mongodb_uri: Annotated[str, Field(description="replica set or mongos; transactions are required")]
    mongodb_database: Annotated[str, Field(description="the database that this service alone opens", min_length=1)]
    kafka_bootstrap: Annotated[str, Field(description="host:port[,host:port] of the brokers", min_length=3)]
    kafka_security: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        Field(description="how brokers are reached; SASL signs in by SCRAM-SHA-512"),
    ] = "PLAINTEXT"
    kafka_username: Annotated[str, Field(description="user at the brokers, for SASL")] = ""
    kafka_password: Annotated[str, Field(description="password of that user", repr=False)] = ""
    kafka_ca_file: Annotated[
        Path | None, Field(description="certificate that signed the brokers'; default: the system's")
    ] = None
    topic_prefix: Annotated[str, Field(description="put before each stream's name to name its topic")] = ""
    grpc_address: Annotated[str, Field(description="address to bind gRPC to")] = "127.0.0.1"
    grpc_port: Annotated[int, Field(description="0 takes a free port", ge=0, le=65535)] = 0
    grpc_threads: Annotated[int, Field(description="RPCs worked on at a time", ge=1, le=64)] = 8
    grpc_max_concurrent_rpcs: Annotated[
        int, Field(description="calls admitted, waiting ones included; more are refused at once", ge=1, le=512)
    ] = 64
    grpc_partner_port: Annotated[
        int, Field(description="port of the APIs for partners, where there are any; 0 takes a free one", ge=0, le=65535)
    ] = 0
    grpc_partner_threads: Annotated[int, Field(description="calls of partners worked on at a time", ge=1, le=64)] = 8
    grpc_partner_max_concurrent_rpcs: Annotated[
        int, Field(description="more calls of partners than this are refused at once", ge=1, le=512)
    ] = 32
    grpc_partner_max_streams: Annotated[
        int, Field(description="streams that partners may have open; each takes a thread", ge=1, le=512)
    ] = 64
    metrics_address: Annotated[str, Field(description="address of /metrics, /live and /ready")] = "127.0.0.1"
    metrics_port: Annotated[int, Field(description="0 takes a free port", ge=0, le=65535)] = 0
    oidc_issuer: Annotated[str, Field(description="the only issuer whose tokens are accepted")] = ""
    oidc_audience: Annotated[str, Field(description="the audience that a token must name")] = "amplify"
    oidc_partner_audience: Annotated[
        str, Field(description="the audience that a token must name on the port for partners, and nowhere else")
    ] = "amplify-partner"
    oidc_jwks_url: Annotated[str, Field(description="where the issuer's keys are; empty: where it says")] = ""
    oidc_token_url: Annotated[str, Field(description="where the issuer gives tokens; empty: where it says")] = ""
    oidc_client_id: Annotated[str, Field(description="this service's own client, for calls to other services")] = ""
    oidc_client_secret: Annotated[str, Field(description="secret of that client", repr=False)] = ""
    secret_key_file: Annotated[
        Path | None,
        Field(
            description="file of 32 random bytes or more, behind audit seals and resume tokens; needed in production"
        ),
    ] = None
    development_identity: Annotated[bool, Field(description="the issuer signs anybody in by one click")] = False
    spans_dir: Annotated[Path | None, Field(description="also keep spans here as JSON lines")] = None
    otel_exporter_otlp_endpoint: Annotated[str, Field(description="OTLP/HTTP collector for traces; empty: none")] = ""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="least level logged")] = "INFO"
    business_clock_file: Annotated[
        Path | None, Field(description="file with an offset in seconds, read at each look at the clock; tests only")
    ] = None
    fail_points: Annotated[str, Field(description="point=action[:nth][,...]; tests only (see fail_points.py)")] = ""
    consumer_member: Annotated[
        str, Field(description="static member id of this replica in consumer groups, e.g. the pod's ordinal")
    ] = "0"
    consumer_session_seconds: Annotated[
        float, Field(description="a silent member is dropped from its group after this", gt=0)
    ] = 30.0
    stall_seconds: Annotated[float, Field(description="lag without progress for this long ends the process", gt=0)] = (
        120.0
    )

    @model_validator(mode="after")
    def _sasl_needs_a_user(self) -> "Settings":
        if self.kafka_security.startswith("SASL") and not (self.kafka_username and self.kafka_password):
            raise ValueError("KAFKA_USERNAME and KAFKA_PASSWORD must be set when KAFKA_SECURITY is SASL")
        return self

    @model_validator(mode="after")
    def _production_refuses_test_aids(self) -> "Settings":
        if self.environment != "production":
            return self
        for name in ("business_clock_file", "fail_points", "development_identity"):
            if getattr(self, name):
                raise ValueError(f"{name.upper()} is a test aid and is refused in production")
        if not self.oidc_issuer.startswith("https://"):
            raise ValueError("OIDC_ISSUER must be https in production")
        return self


def load(kind: type[SettingsT]) -> SettingsT:
    """Read the settings from environment and secret files; exits with one line for each wrong one, naming it."""
    folder = os.environ.get("SECRETS_DIR") or None
    if folder and not Path(folder).is_dir():
        raise SystemExit("setting SECRETS_DIR: there is no such folder")
    try:
        return kind(_secrets_dir=folder)
    except ValidationError as error:
        lines = [
            f"setting {'.'.join(str(part) for part in problem['loc']).upper() or '(together)'}: {problem['msg']}"
            for problem in error.errors(include_input=False)
        ]
        raise SystemExit("\n".join(lines)) from None
