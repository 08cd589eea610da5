"""The table of what runs besides Kafka and MongoDB. To add a service, add a row."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

_LOOPBACK = "http://127.0.0.1"


@dataclass(frozen=True)
class Port:
    """A port of a part: the variable that tells the part, and the number it usually has (0: any)."""

    variable: str
    usual: int = 0


@dataclass(frozen=True)
class Part:
    """A program of the stack, started when everything in `after` serves.

    Texts may name values in braces: `{run}`, `{kafka}`, `{mongodb}`, `{topic_prefix}`, `{database_prefix}`, and
    `{<part>_<port>}` for the port of any part. A part that `migrates` is run once with `migrate` before it starts.
    Where the environment sets the first variable of `elsewhere`, the part is not started and the others are told
    what the environment says of all of them.
    """

    name: str
    command: tuple[str, ...]
    ports: Mapping[str, Port]
    ready: str
    address: str
    after: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    migrates: bool = False
    elsewhere: tuple[str, ...] = ()


_OF_EVERY_SERVICE = {
    "ENVIRONMENT": "development",
    "KAFKA_BOOTSTRAP": "{kafka}",
    "MONGODB_URI": "{mongodb}",
    "TOPIC_PREFIX": "{topic_prefix}",
    "OIDC_ISSUER": _LOOPBACK + ":{identity_http}",
    "OIDC_AUDIENCE": "amplify",
    "DEVELOPMENT_IDENTITY": "true",
    "SPANS_DIR": "{run}/spans",
    "BUSINESS_CLOCK_FILE": "{run}/clock",
    "PROGRAMME_ADDRESS": "127.0.0.1:{programme_grpc}",
    "ASSESSMENT_ADDRESS": "127.0.0.1:{assessment_grpc}",
    "ASSESSMENT_PARTNER_ADDRESS": "127.0.0.1:{assessment_partner}",
    "TRAINING_ADDRESS": "127.0.0.1:{training_grpc}",
    "FINANCE_LINKAGE_ADDRESS": "127.0.0.1:{finance-linkage_grpc}",
    "FINANCE_LINKAGE_PARTNER_ADDRESS": "127.0.0.1:{finance-linkage_partner}",
    "NOTIFICATIONS_ADDRESS": "127.0.0.1:{notifications_grpc}",
    "PUBLIC_URL": _LOOPBACK + ":{console_http}",
}


def _service(name: str, usual_port: int, *after: str, partner_port: int | None = None, **env: str) -> Part:
    """A service with gRPC: all its roles in one process; `partner_port` for one that serves partners."""
    package = name.replace("-", "_")
    own = {
        "MONGODB_DATABASE": "{database_prefix}" + package,
        "OIDC_CLIENT_ID": name,
        "OIDC_CLIENT_SECRET": f"development-{name}-secret",
    }
    return Part(
        name=name,
        command=("-m", package, "all"),
        ports={
            "grpc": Port("GRPC_PORT", usual_port),
            "metrics": Port("METRICS_PORT"),
            **({} if partner_port is None else {"partner": Port("GRPC_PARTNER_PORT", partner_port)}),
        },
        ready=f"{_LOOPBACK}:{{{name}_metrics}}/ready",
        address=f"127.0.0.1:{{{name}_grpc}}",
        after=("kafka", "mongodb", "topics", "identity", *after),
        env={**_OF_EVERY_SERVICE, **own, **env},
        migrates=True,
        elsewhere=(f"{package.upper()}_ADDRESS",) + ((f"{package.upper()}_PARTNER_ADDRESS",) if partner_port else ()),
    )


PARTS: tuple[Part, ...] = (
    Part(
        name="mailbox",
        command=("-m", "local_stack.mailbox"),
        ports={"http": Port("MAILBOX_PORT", 8025), "smtp": Port("MAILBOX_SMTP_PORT", 1025)},
        ready=_LOOPBACK + ":{mailbox_http}/",
        address=_LOOPBACK + ":{mailbox_http}",
        env={"MAILBOX_DIR": "{run}/mailbox"},
        elsewhere=("SMTP_HOST", "SMTP_PORT"),
    ),
    Part(
        name="identity",
        command=("-m", "local_stack.identity"),
        ports={"http": Port("IDENTITY_PORT", 9000)},
        ready=_LOOPBACK + ":{identity_http}/jwks",
        address=_LOOPBACK + ":{identity_http}",
        env={"IDENTITY_DIR": "{run}/identity"},
        elsewhere=("OIDC_ISSUER", "OIDC_AUDIENCE", "DEVELOPMENT_IDENTITY"),
    ),
    _service("programme", 50051),
    _service("assessment", 50052, partner_port=50062),
    _service("training", 50054),
    _service("finance-linkage", 50055, partner_port=50065),
    _service("notifications", 50053, "mailbox", SMTP_HOST="127.0.0.1", SMTP_PORT="{mailbox_smtp}"),
    Part(
        name="console",
        command=("-m", "console"),
        ports={"http": Port("HTTP_PORT", 8080)},
        ready=_LOOPBACK + ":{console_http}/sign-in",
        address=_LOOPBACK + ":{console_http}",
        after=("mongodb", "identity"),
        env={**_OF_EVERY_SERVICE, "MONGODB_DATABASE": "{database_prefix}console", "OIDC_CLIENT_ID": "console"},
    ),
)


def command_line(part: Part, *instead: str) -> list[str]:
    """How to start a part with this Python; `instead` replaces its role, as in `migrate`."""
    return [sys.executable, *((*part.command[:2], *instead) if instead else part.command)]


def environment(part: Part, values: Mapping[str, str]) -> dict[str, str]:
    """The variables of a part, with every value put in; of parts that are elsewhere as the environment said."""
    ports = {port.variable: values[f"{part.name}_{key}"] for key, port in part.ports.items()}
    told = {name for one in PARTS if one.elsewhere and one.elsewhere[0] in values for name in one.elsewhere}
    own = {name: text.format_map(values) for name, text in part.env.items() if name not in told}
    return {**own, **{name: values[name] for name in told & part.env.keys() & values.keys()}, **ports}


def named(part: Part, environ: Mapping[str, str]) -> dict[str, str]:
    """What the environment says of a part that is elsewhere, by variable; empty for one that is ours to start."""
    if not part.elsewhere or not environ.get(part.elsewhere[0]):
        return {}
    return {name: environ[name] for name in part.elsewhere if environ.get(name)}
