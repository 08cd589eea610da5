"""The settings of this service, besides those that every service has."""

from typing import Annotated

from pydantic import Field, model_validator

from chassis.settings import Settings


class AssessmentSettings(Settings):
    """Adds which questions `migrate` publishes, and what serving partners needs."""

    generated_questions: Annotated[
        int, Field(description="publish so many made-up questions instead of the bank; tests only", ge=0, le=2000)
    ] = 0

    programme_address: Annotated[
        str, Field(description="host:port of programme's gRPC, which is asked for consents", min_length=3)
    ] = "127.0.0.1:50051"
    partner_heartbeat_seconds: Annotated[
        float, Field(description="a stream to a partner that has nothing to tell says so this often", gt=0)
    ] = 15.0

    @model_validator(mode="after")
    def _production_asks_real_questions(self) -> "AssessmentSettings":
        if self.environment == "production" and self.generated_questions:
            raise ValueError("GENERATED_QUESTIONS is a test aid and is refused in production")
        return self
