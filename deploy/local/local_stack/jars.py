"""Fetches Kafka's jars from Maven Central once, into `.run/`."""

import os
import shutil
import subprocess
from pathlib import Path

from local_stack.java import java
from local_stack.layout import LOCAL
from local_stack.locks import locked

_WHOLE = "whole"


class NoJars(Exception):
    """The jars are not there and could not be fetched; the text says why."""


def ensure(folder: Path) -> Path:
    """The folder with all jars, fetched if need be; safe to call from several processes at once."""
    if (folder / _WHOLE).exists():
        return folder
    with locked(folder.parent / f"{folder.name}.lock"):
        if not (folder / _WHOLE).exists():
            _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    if not shutil.which("mvn"):
        raise NoJars("Maven is missing, which fetches Apache Kafka: apt-get install maven")
    shutil.rmtree(folder, ignore_errors=True)
    command = ["mvn", "-q", "-B", "-f", str(LOCAL / "pom.xml"), "dependency:copy-dependencies"]
    told = subprocess.run(
        [*command, "-DincludeScope=runtime", f"-DoutputDirectory={folder}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "JAVA_HOME": str(java().resolve().parent.parent)},
    )
    if told.returncode != 0:
        raise NoJars(f"Maven could not fetch Apache Kafka:\n{told.stdout[-2000:]}{told.stderr[-2000:]}")
    (folder / _WHOLE).touch()
