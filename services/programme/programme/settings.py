"""Settings of this service: those of every process, with its own database and port."""

from typing import Annotated, Literal

from pydantic import Field

from chassis.settings import Settings


class ProgrammeSettings(Settings):
    """See `chassis.settings` for what an environment variable may hold."""

    mongodb_database: Annotated[str, Field(description="the database that programme alone opens")] = "programme"
    grpc_port: Annotated[int, Field(description="0 takes a free port", ge=0, le=65535)] = 50051
    consent_reads: Annotated[
        Literal["majority", "linearizable"],
        Field(
            description="how strongly live consents are read: `majority` is exact with one database server,"
            " `linearizable` also while a replica set of several changes its primary, at the price of one replicated"
            " write a read"
        ),
    ] = "majority"
