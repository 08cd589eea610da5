"""What the generated files should hold, and how that differs from what they do hold."""

from pathlib import Path

from manifests import configuration
from manifests.assembly import files
from manifests.tree import K8S

README = K8S / "README.md"
BEGIN, END = "<!-- secrets: generated -->\n", "\n<!-- end -->"
OWNED = ("base", "overlays/dev/secrets")
"""Folders that hold nothing but generated files: what is not generated any more goes."""


def wanted() -> dict[Path, str]:
    """Every generated file with its content, and the generated table of the README."""
    found = {K8S / name: content for name, content in files().items()}
    before, _, rest = README.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    return {**found, README: f"{before}{BEGIN}\n{configuration.secrets_table()}\n{END}{after}"}


def differences() -> tuple[list[Path], list[Path]]:
    """What is missing or stale, and what is left over."""
    target = wanted()
    stale = [path for path, content in target.items() if not path.exists() or path.read_text() != content]
    present = [path for folder in OWNED for path in (K8S / folder).rglob("*") if path.is_file()]
    return sorted(stale), sorted(set(present) - set(target))
