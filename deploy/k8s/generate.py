"""Writes what the manifests repeat of registry, settings and code: `generate.py`; `--check` says what is stale."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from manifests.tree import K8S
from manifests.writing import differences, wanted


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
