"""Who may know whom: the rules that keep business, mechanism and libraries apart."""

import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase

import pytest
from importlinter.cli import lint_imports

from .sources import Module, below, product

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
        "chassis.topics",
        "local_stack.*",
    },
    "aiokafka": set(),
    "prometheus_client": {"chassis.metrics", "chassis.health"},
    "opentelemetry.sdk": {"chassis.telemetry"},
    "opentelemetry.exporter": {"chassis.telemetry"},
    "jwt": {"chassis.identity", "local_stack.identity.*"},
    "mongoengine": {"chassis.database", "chassis.repository", "*.storage", "*.storage.*"},
    "smtplib": {"notifications.channels.*"},
}
"""Library -> the modules that may import it, with * for anything."""


def _allowed(module: str, patterns: set[str]) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns)


def test_the_import_contracts_of_the_workspace_hold() -> None:
    assert lint_imports() == 0


@pytest.mark.parametrize("library", CONFINED)
def test_a_library_with_sharp_edges_is_known_to_few_modules(library: str) -> None:
    users = {module.name for module in product() if module.imports_from(library)}
    assert {name for name in users if not _allowed(name, CONFINED[library])} == set()


@pytest.mark.parametrize("module", below("domain"), ids=lambda module: module.name)
def test_the_domain_needs_only_the_standard_library(module: Module) -> None:
    own = module.name.split(".")[0]
    foreign = {name for name in module.imports if name.split(".")[0] not in {*sys.stdlib_module_names, own}}
    outside = {name for name in module.imports if name.startswith(f"{own}.") and not name.startswith(f"{own}.domain")}
    assert foreign | outside == set()


@pytest.mark.parametrize("module", below("domain"), ids=lambda module: module.name)
def test_the_domain_does_not_look_at_the_clock(module: Module) -> None:
    source = module.path.read_text()
    assert "datetime.now" not in source
    assert "date.today" not in source
    assert not module.imports_from("time")


@pytest.mark.parametrize("module", [*below("domain"), *below("use_cases")], ids=lambda module: module.name)
def test_business_never_sees_a_contract(module: Module) -> None:
    assert not module.imports_from("amplify"), "translate in contracts.py or grpc_api.py"
    assert not module.imports_from("grpc")
    assert not module.imports_from("google.protobuf")


ATTEMPTS = {"notifications.sending", "programme.use_cases.work_import_rows"}
"""Attempts of due work with an effect outside: they run outside any transaction, and so are edges themselves."""


@pytest.mark.parametrize("module", product(), ids=lambda module: module.name)
def test_only_edges_open_a_unit_of_work(module: Module) -> None:
    mechanism = module.name.startswith(("chassis.", "local_stack."))
    composition = module.name.endswith("__main__") or module.name in ATTEMPTS
    if not mechanism and not composition:
        assert "chassis.unit_of_work.unit_of_work" not in module.imports
