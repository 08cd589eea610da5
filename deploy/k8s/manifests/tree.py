"""What the tree says about each service: its settings, whom it calls, which streams it writes and reads, its roles."""

import ast
import importlib
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic.fields import FieldInfo

from chassis.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
K8S = ROOT / "deploy" / "k8s"
CALLED = "_address"
BOUND = ("grpc_address", "metrics_address", "http_address")


@dataclass(frozen=True)
class Stream:
    """A stream of the registry; `consumers` are (service, consumer's name)."""

    name: str
    description: str
    partitions: int
    producers: tuple[str, ...]
    consumers: tuple[tuple[str, str], ...]
    config: dict[str, str]


@dataclass(frozen=True)
class Service:
    """A service of the tree that can be started."""

    name: str

    @property
    def package(self) -> str:
        """The Python package, which is also its program."""
        return self.name.replace("-", "_")

    @property
    def folder(self) -> Path:
        """The package's folder."""
        return ROOT / "services" / self.name / self.package

    @cached_property
    def settings(self) -> type[Settings]:
        """Its settings class: the chassis's own where it has none."""
        if not (self.folder / "settings.py").exists():
            return Settings
        module = importlib.import_module(f"{self.package}.settings")
        kinds = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Settings)]
        return next((one for one in kinds if one.__module__ == module.__name__), Settings)

    @property
    def fields(self) -> dict[str, FieldInfo]:
        """Its settings by field name."""
        return dict(self.settings.model_fields)

    @property
    def is_web(self) -> bool:
        """Whether it serves pages instead of gRPC."""
        return "http_port" in self.fields

    @cached_property
    def calls(self) -> tuple[str, ...]:
        """The services whose gRPC it calls: those whose address is one of its settings."""
        wanted = {name.removesuffix(CALLED) for name in self.fields if name.endswith(CALLED) and name not in BOUND}
        return tuple(sorted(name for name in names() if name.replace("-", "_") in wanted))

    @cached_property
    def has_partners(self) -> bool:
        """Whether it serves partners on a port of their own."""
        tree = ast.parse((self.folder / "__main__.py").read_text())
        words = [word for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords]
        return any(word.arg == "partner_apis" for word in words)

    @property
    def writes(self) -> tuple[Stream, ...]:
        """The streams that it produces."""
        return tuple(one for one in streams() if self.name in one.producers)

    @property
    def reads(self) -> tuple[Stream, ...]:
        """The streams that one of its consumers reads."""
        return tuple(one for one in streams() if any(service == self.name for service, _ in one.consumers))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it needs, each a workload of its own."""
        if self.is_web:
            return ("web",)
        return ("grpc", *(["stream"] if self.reads else []), *(["relay"] if self.writes else []), "due")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The settings that are secret: those that never show in a log, and the connection string."""
        hidden = [name for name, one in self.fields.items() if not one.repr or name == "mongodb_uri"]
        return tuple(name for name in hidden if name != "kafka_password" or not self.is_web)

    def default(self, field: str) -> Any:
        """The default of a setting; None when it has none."""
        return None if self.fields[field].is_required() else self.fields[field].default


@cache
def names() -> tuple[str, ...]:
    """Every service that has a program, by name."""
    found = ROOT.glob("services/*/*/__main__.py")
    return tuple(sorted(path.parents[1].name for path in found if path.parent.name == _package(path.parents[1].name)))


@cache
def services() -> tuple[Service, ...]:
    """Every service that has a program."""
    return tuple(Service(name) for name in names())


@cache
def streams() -> tuple[Stream, ...]:
    """The registry of streams. Streams of services that have no program yet are left out."""
    entries = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "proto" / "topics").glob("*.yaml"))]
    return tuple(_stream(entry) for entry in entries if set(entry["producers"]) & set(names()))


@cache
def release() -> str:
    """The release that the packages name."""
    project = tomllib.loads((ROOT / "chassis" / "pyproject.toml").read_text())
    return str(project["project"]["version"])


def _stream(entry: dict[str, Any]) -> Stream:
    readers = [tuple(one.split("/", 1)) for one in entry.get("consumers") or []]
    return Stream(
        name=entry["name"],
        description=" ".join(str(entry["description"]).split()),
        partitions=int(entry["partitions"]),
        producers=tuple(entry["producers"]),
        consumers=tuple((service, consumer) for service, consumer in readers),
        config={str(key): str(value) for key, value in (entry.get("config") or {}).items()},
    )


def _package(name: str) -> str:
    return name.replace("-", "_")
