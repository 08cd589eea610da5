"""Writes what the manifests repeat of registry, settings and code: `generate.py`; `--check` says what is stale."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

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


def main() -> int:
    """Write, or compare; 1 when a comparison finds something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    check = parser.parse_args().check
    stale, left_over = differences()
    for path in (*stale, *left_over):
        sys.stdout.write(f"{'stale' if check else 'wrote' if path in stale else 'removed'}  {path.relative_to(K8S)}\n")
    if check:
        return 1 if stale or left_over else 0
    target = wanted()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(target[path])
    for path in left_over:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
