"""What the generated files should hold, and how that differs from what they do hold."""

from collections.abc import Callable
from pathlib import Path

from manifests import configuration, kafka
from manifests.assembly import files
from manifests.tree import K8S

README = K8S / "README.md"
TABLES: dict[str, Callable[[], str]] = {"secrets": configuration.secrets_table, "rights": kafka.rights_table}
"""Of the README, by the name between their marks."""
END = "\n<!-- end -->"
OWNED = ("base", "overlays/dev/secrets")
"""Folders that hold nothing but generated files: what is not generated any more goes."""


def wanted() -> dict[Path, str]:
    """Every generated file with its content, and the generated tables of the README."""
    page = README.read_text()
    for name, table in TABLES.items():
        begin = f"<!-- {name}: generated -->\n"
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}\n{table()}\n{END}{rest.partition(END)[2]}"
    return {**{K8S / name: content for name, content in files().items()}, README: page}


def differences() -> tuple[list[Path], list[Path]]:
    """What is missing or stale, and what is left over."""
    target = wanted()
    stale = [path for path, content in target.items() if not path.exists() or path.read_text() != content]
    present = [path for folder in OWNED for path in (K8S / folder).rglob("*") if path.is_file()]
    return sorted(stale), sorted(set(present) - set(target))
