"""The settings of this service, besides those that every service has."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from chassis.settings import Settings


class NotificationsSettings(Settings):
    """Adds the mail server, and where the console and programme are."""

    smtp_host: Annotated[str, Field(description="mail server", min_length=1)] = "127.0.0.1"
    smtp_port: Annotated[int, Field(description="port of the mail server", ge=1, le=65535)] = 1025
    smtp_encryption: Annotated[
        Literal["none", "starttls", "tls"], Field(description="how the connection to it is protected")
    ] = "none"
    smtp_user: Annotated[str, Field(description="user at the mail server; empty: no sign-in")] = ""
    smtp_password: Annotated[str, Field(description="password of that user", repr=False)] = ""
    smtp_timeout_seconds: Annotated[
        float, Field(description="time that one message may take altogether; below a fifth of a lease", gt=0, le=10)
    ] = 8.0
    mail_from: Annotated[
        str, Field(description="sender, as `Name <address>`", pattern=r"^[^<>]*<[^<>@\s]+@[^<>@\s]+>$")
    ] = "Amplify <no-reply@amplify.example>"
    public_url: Annotated[str, Field(description="the console as people reach it", pattern=r"^https?://")] = (
        "http://127.0.0.1:8080"
    )
    programme_address: Annotated[str, Field(description="host:port of programme's gRPC", min_length=3)] = (
        "127.0.0.1:50051"
    )

    @model_validator(mode="after")
    def _production_protects_mail(self) -> "NotificationsSettings":
        if self.environment == "production" and self.smtp_encryption == "none":
            raise ValueError("SMTP_ENCRYPTION must be starttls or tls in production")
        return self
