"""Checks the contracts: buf's lint rules, compatibility with releases, partitions, and current catalogues.

python proto/check.py     exits 0 when all hold; prints what does not
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import catalogue
import generate
import yaml

RELEASES = generate.PROTO / "releases"
RULES = generate.PROTO / "buf.yaml"
OURS = "amplify"


def main() -> None:
    """Run every check and report all that fail."""
    checks: dict[str, Callable[[], str]] = {"lint": lint, "breaking": breaking}
    checks |= {"partitions": partitions, "catalogues": catalogues}
    failed = 0
    for name, check in checks.items():
        findings = check()
        print(f"{name}: {findings or 'ok'}")  # noqa: T201
        failed += bool(findings)
    sys.exit(min(failed, 1))


def lint(root: Path = generate.PROTO) -> str:
    """What breaks buf's rules in the contracts below `root`; empty if nothing does."""
    return _buf(root, "lint")


def breaking(root: Path = generate.PROTO) -> str:
    """What would break clients or stored facts of any release; empty if nothing would."""
    found = "".join(_buf(root, "breaking", f"--against={base}") for base in releases())
    return found if releases() else "no release image to compare with"


def partitions(topics: Path = generate.PROTO / "topics") -> str:
    """Which streams have not the partitions of the last release; empty if none differs.

    An operator alters a live topic to what the registry says, and an aggregate's facts would lie in two partitions.
    """
    before = yaml.safe_load(releases()[-1].with_suffix(".partitions.yaml").read_text())
    entries = [yaml.safe_load(path.read_text()) for path in sorted(topics.glob("*.yaml"))]
    now = {one["name"]: one["partitions"] for one in entries}
    changed = [name for name, count in before.items() if name in now and now[name] != count]
    return "; ".join(f"{name}: {now[name]} partitions, the last release has {before[name]}" for name in changed)


def catalogues() -> str:
    """Which generated pages differ from what the contracts say now; empty if none does."""
    stale = catalogue.stale()
    return f"not current: {', '.join(stale)}; run python proto/catalogue.py" if stale else ""


def releases() -> list[Path]:
    """The image of every release, the first one first."""
    return sorted(RELEASES.glob("*.binpb"), key=lambda image: [int(part) for part in image.stem.split(".")])


def _buf(root: Path, command: str, *options: str) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch) / "contracts.binpb"
        generate.image(image, with_comments=True, root=root)
        buf = Path(sys.executable).parent / "buf"
        arguments = [str(buf), command, str(image), f"--config={RULES}", f"--path={OURS}", *options]
        done = subprocess.run(arguments, check=False, capture_output=True, text=True)
    findings = done.stdout + done.stderr
    return findings or ("" if done.returncode == 0 else f"buf ended with {done.returncode}")


if __name__ == "__main__":
    main()
