"""What the console needs from its environment, beyond what every process needs."""

from typing import Annotated

from pydantic import Field, model_validator

from chassis.settings import Settings

_DEVELOPMENT_SECRET = "development-only-secret-that-production-refuses"  # noqa: S105 - refused in production below


class ConsoleSettings(Settings):
    """Where the console listens, what it calls, and how it signs people in."""

    kafka_bootstrap: Annotated[str, Field(description="not used: the console neither reads nor writes topics")] = ""
    mongodb_database: Annotated[str, Field(description="the console's own database; holds sessions only")] = "console"
    http_address: Annotated[str, Field(description="address to bind the web server to")] = "127.0.0.1"
    http_port: Annotated[int, Field(description="port of the web server", ge=0, le=65535)] = 8080
    public_url: Annotated[str, Field(description="the console as the browser sees it; no slash at the end")] = (
        "http://localhost:8080"
    )
    programme_address: Annotated[str, Field(description="host:port of programme's gRPC")] = "127.0.0.1:50051"
    assessment_address: Annotated[str, Field(description="host:port of assessment's gRPC")] = "127.0.0.1:50052"
    training_address: Annotated[str, Field(description="host:port of training's gRPC")] = "127.0.0.1:50054"
    finance_linkage_address: Annotated[str, Field(description="host:port of finance linkage's gRPC")] = (
        "127.0.0.1:50055"
    )
    notifications_address: Annotated[str, Field(description="host:port of notifications' gRPC")] = "127.0.0.1:50053"
    oidc_client_id: Annotated[str, Field(description="the console's client at the identity provider")] = "console"
    session_secret: Annotated[str, Field(description="signs the sign-in cookie", min_length=32, repr=False)] = (
        _DEVELOPMENT_SECRET
    )
    session_hours: Annotated[int, Field(description="a session ends after this, however busy", ge=1, le=72)] = 12
    call_seconds: Annotated[float, Field(description="deadline of one call to a service", gt=0)] = 5.0

    @model_validator(mode="after")
    def _production_is_strict(self) -> "ConsoleSettings":
        if self.environment == "production":
            if self.session_secret == _DEVELOPMENT_SECRET:
                raise ValueError("SESSION_SECRET must be set in production")
            if not self.public_url.startswith("https://"):
                raise ValueError("PUBLIC_URL must be https in production")
        return self

    @property
    def secure(self) -> bool:
        """Whether the browser reaches the console over TLS."""
        return self.public_url.startswith("https://")
