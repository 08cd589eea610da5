"""The vendored assets are what the lock file pins: unchanged, complete, and without leftovers."""

import hashlib
import json
from pathlib import Path

from console.rendering import PACKAGE

ROOT = Path(__file__).parents[2]
RECORD = json.loads((PACKAGE / "static" / "vendor" / "HASHES.json").read_text())


def vendored() -> dict[str, Path]:
    folders = (PACKAGE / "static" / "vendor", PACKAGE / "kit" / "icons")
    paths = [path for folder in folders for path in folder.iterdir() if path.name != "HASHES.json"]
    return {str(path.relative_to(PACKAGE)): path for path in paths}


def test_every_vendored_file_has_its_recorded_hash() -> None:
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in vendored().items()} == RECORD["files"]


def test_the_record_was_made_from_the_versions_of_the_lock_file() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert RECORD["packages"] == {name: package["version"] for name, package in packages.items() if name}


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in (PACKAGE / "static").rglob("*"):
        if path.suffix in {".css", ".js"}:
            text = path.read_text()
            assert "@import" not in text, path
            assert "url(http" not in text.replace('"', "").replace("'", ""), path
            assert "sourceMappingURL" not in text, path


def test_every_icon_is_used() -> None:
    code = "\n".join(path.read_text() for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"})
    unused = [path.stem for path in (PACKAGE / "kit" / "icons").iterdir() if f'"{path.stem}"' not in code]
    assert not unused
