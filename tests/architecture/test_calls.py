"""Whom a service calls is known by its settings: code and the network of a cluster follow the same list."""

import pytest
from manifests.tree import ROOT, Service, names, services

from .sources import Module, modules


def stubs(service: Service) -> set[str]:
    """The contexts whose gRPC clients the code of a service makes, its own left out."""
    found = {context for module in modules(service.package) for context in _stubs_of(module)}
    return {name.replace("_", "-") for name in found} - {service.name}


def _stubs_of(module: Module) -> set[str]:
    """Contexts of the `…Stub` classes that a module imports, or reaches through a `…_pb2_grpc` module."""
    source = module.path.read_text()
    if "Stub(" not in source:
        return set()
    parts = [name.split(".") for name in module.imports if name.startswith("amplify.") and "_pb2_grpc" in name]
    return {part[1] for part in parts} - {"platform"}


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_a_service_has_an_address_for_whom_it_calls(service: Service) -> None:
    """And for nobody else: an address that no client uses would open the network for nothing."""
    assert stubs(service) == set(service.calls)


def test_every_program_is_known_to_the_cluster() -> None:
    """Whatever can be started has its folder of manifests."""
    assert {path.name for path in (ROOT / "deploy" / "k8s" / "base").iterdir() if path.is_dir()} == {
        *names(),
        "platform",
    }
