"""The settings of this service, besides those that every service has."""

from typing import Annotated

from pydantic import Field

from chassis.settings import Settings


class FinanceLinkageSettings(Settings):
    """Adds where programme is, which is asked for consents."""

    programme_address: Annotated[str, Field(description="host:port of programme's gRPC", min_length=3)] = (
        "127.0.0.1:50051"
    )
