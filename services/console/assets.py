"""Copies the pinned browser assets from node_modules into the console, and records their hashes.

`npm ci --ignore-scripts && python assets.py` refreshes them; the copies are committed, so nothing else needs Node.
"""

import hashlib
import json
import shutil
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
VENDOR = HERE / "console" / "static" / "vendor"
ICONS = HERE / "console" / "kit" / "icons"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "@tabler/core/dist/css/tabler.rtl.min.css": "tabler.rtl.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "@tabler/icons/LICENSE": "tabler-icons.LICENSE",
}

ICON_NAMES = (
    "alert-triangle", "arrow-back-up", "arrow-right", "bell", "building-bank", "building-factory-2",
    "calendar-event", "calendar-off", "calendar-plus", "cash", "certificate", "check", "chevron-left",
    "chevron-right", "circle-check", "circle-dashed", "circle-x", "clipboard-check", "clock", "cloud-off",
    "download", "edit", "file-check", "file-import", "file-text", "help-circle", "home", "info-circle", "language",
    "leaf", "list-check", "lock", "logout", "mail", "mail-off", "mail-opened", "menu-2", "message", "minus",
    "player-pause", "player-play", "progress", "refresh", "report-analytics", "scale", "school", "search", "send",
    "server-cog", "settings", "share", "trending-up", "user", "users-group", "walk",
)  # fmt: skip


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def copy() -> None:
    """Replace the vendored files and write `HASHES.json` beside them."""
    for folder in (VENDOR, ICONS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for source, name in FILES.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if "sourceMappingURL" not in line]
        (VENDOR / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ICON_NAMES:
        shutil.copy(MODULES / "@tabler/icons/icons/outline" / f"{name}.svg", ICONS / f"{name}.svg")
    versions = {
        name: package["version"]
        for name, package in json.loads((HERE / "package-lock.json").read_text())["packages"].items()
        if name
    }
    hashes = {
        str(path.relative_to(HERE / "console")): digest(path)
        for folder in (VENDOR, ICONS)
        for path in sorted(folder.iterdir())
    }
    (VENDOR / "HASHES.json").write_text(json.dumps({"packages": versions, "files": hashes}, indent=1) + "\n")


if __name__ == "__main__":
    copy()
