"""What the tests of this folder read: every module of the repository, as a path, a name and a syntax tree."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = {path.parent.name: path.parent for path in sorted(ROOT.glob("services/*/*/service.py"))}
"""The packages of the services, by import name."""
PACKAGES = {"chassis": ROOT / "chassis/chassis", "local_stack": ROOT / "deploy/local/local_stack", **SERVICES}


@dataclass(frozen=True)
class Module:
    """One Python file. `name` is how it is imported, or its path where it is not part of a package."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Lines of the file."""
        return len(self.path.read_text().splitlines())

    @cached_property
    def imports(self) -> frozenset[str]:
        """Everything imported anywhere in it, as absolute dotted names."""
        return frozenset(self._imported())

    def _imported(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                parent = self.name.rsplit(".", node.level)[0] if node.level else ""
                base = ".".join(filter(None, (parent, node.module)))
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names)

    def imports_from(self, package: str) -> bool:
        """Whether it imports the package or anything below it."""
        return any(name == package or name.startswith(f"{package}.") for name in self.imports)


@cache
def modules(package: str) -> tuple[Module, ...]:
    """The modules of a package of PACKAGES."""
    folder = PACKAGES[package]
    return tuple(_read(path, folder.parent) for path in sorted(folder.rglob("*.py")) if "node_modules" not in str(path))


@cache
def product() -> tuple[Module, ...]:
    """The modules of every package: what runs in production, and the local stack."""
    return tuple(module for package in PACKAGES for module in modules(package))


@cache
def everything() -> tuple[Module, ...]:
    """Every Python file that is kept in the repository, tests included."""
    known = {module.path: module for module in product()}
    paths = [path for path in tracked() if path.suffix == ".py"]
    return tuple(known.get(path) or _read(path, ROOT) for path in paths)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository that is kept or about to be: neither ignored nor generated."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    paths = (ROOT / name for name in answer.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def below(folder: str) -> tuple[Module, ...]:
    """The modules of a folder of the same name in every service, e.g. `domain`."""
    return tuple(module for module in product() if f".{folder}." in f".{module.name}." and _service(module))


def top(name: str) -> tuple[Module, ...]:
    """The module of this name in every service that has one."""
    return tuple(module for module in product() if module.name.split(".")[1:] == [name] and _service(module))


def _service(module: Module) -> bool:
    return module.name.split(".")[0] in SERVICES


def _read(path: Path, base: Path) -> Module:
    parts = path.relative_to(base).with_suffix("").parts
    return Module(".".join(part for part in parts if part != "__init__"), path, ast.parse(path.read_text()))
