"""Who may know whom: the rules that keep business, mechanism and libraries apart."""

import re
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase

import pytest

from .sources import below, product

CONFINED: Mapping[str, set[str]] = {
    # Faust's defaults lose messages; the one port that overrides them all must stay the only way in.
    "faust": {"chassis.faust_port"},
    "mode": {"chassis.faust_port"},
    # Kafka's clients are configured in one place; the others name error and address types of it.
    "kafka": {
        "chassis.kafka_clients",
        "chassis.offsets",
        "chassis.operations",
        "chassis.relay",
        "chassis.acknowledgements",
        "chassis.topics",
        "local_stack.*",
    },
    "aiokafka": set(),
    "prometheus_client": {"chassis.metrics", "chassis.health"},
    "opentelemetry.sdk": {"chassis.telemetry"},
    "opentelemetry.exporter": {"chassis.telemetry"},
    "jwt": {"chassis.identity", "local_stack.identity.*", "local_stack.issuer"},
    "mongoengine": {"chassis.database", "chassis.repository", "*.storage", "*.storage.*"},
    "smtplib": {"notifications.channels.*"},
}
"""Library -> the modules that may import it, with * for anything."""

ATTEMPTS = {"notifications.sending", "programme.use_cases.work_import_rows"}
"""Attempts of due work with an effect outside: they run outside any transaction, and so are edges themselves."""


def _allowed(module: str, patterns: set[str]) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns)


@pytest.mark.parametrize("library", CONFINED)
def test_a_library_with_sharp_edges_is_known_to_few_modules(library: str) -> None:
    users = {module.name for module in product() if module.imports_from(library)}
    assert {name for name in users if not _allowed(name, CONFINED[library])} == set()


def test_the_domain_needs_only_the_standard_library() -> None:
    found = {}
    for module in below("domain"):
        own = module.name.split(".")[0]
        foreign = {name for name in module.imports if name.split(".")[0] not in {*sys.stdlib_module_names, own}}
        inside = {name for name in module.imports if name.startswith(f"{own}.")}
        found[module.name] = foreign | {name for name in inside if not name.startswith(f"{own}.domain")}
    assert len(found) > 20
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_domain_does_not_look_at_the_clock() -> None:
    sources = {module.name: module.path.read_text() for module in below("domain")}
    clock = re.compile(r"datetime\.now|date\.today|\butcnow|\btime\.time")
    assert {name for name, source in sources.items() if clock.search(source)} == set()


def test_business_never_sees_a_contract() -> None:
    business = [*below("domain"), *below("use_cases")]
    for package in ("amplify", "grpc", "google.protobuf"):
        assert {module.name for module in business if module.imports_from(package)} == set(), package


def test_only_edges_open_a_unit_of_work() -> None:
    users = {module.name for module in product() if "chassis.unit_of_work.unit_of_work" in module.imports}
    business = {name for name in users if not name.startswith(("chassis.", "local_stack."))}
    assert {name for name in business - ATTEMPTS if not name.endswith("__main__")} == set()
