"""Starts one Kafka node from variables, as the official image does: KAFKA_NODE_ID becomes node.id, and so on."""

import os
import subprocess
from pathlib import Path

SETTINGS = Path("/tmp/server.properties")  # noqa: S108 - the container's own, and the only place it may write to
OWN = {"KAFKA_HEAP_OPTS", "KAFKA_OPTS"}


def java(main: str, *arguments: str) -> list[str]:
    """The command that runs a class of Kafka's."""
    options = os.environ.get("KAFKA_HEAP_OPTS", "-Xms128m -Xmx384m").split()
    options += os.environ.get("KAFKA_OPTS", "").split()
    log = "-Dlog4j2.configurationFile=/opt/kafka/kafka-log4j2.yaml"
    fixed = ["-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", log]
    return ["java", *options, *fixed, "-cp", "/opt/kafka/libs/*", main, *arguments]


def settings() -> dict[str, str]:
    """Each variable KAFKA_A_B as the setting a.b; `__` stands for `_`, and `___` for `-`."""
    found = {}
    for name, value in os.environ.items():
        if name.startswith("KAFKA_") and name not in OWN:
            dashed = name.removeprefix("KAFKA_").lower().replace("___", "-")
            found[dashed.replace("__", "\0").replace("_", ".").replace("\0", "_")] = value
    return found


def main() -> None:
    """Format the files at the first start, then become the broker."""
    wanted = settings()
    SETTINGS.write_text("".join(f"{name}={value}\n" for name, value in sorted(wanted.items())))
    if not (Path(wanted["log.dirs"]) / "meta.properties").exists():
        storage = java("kafka.tools.StorageTool", "format", "-t", os.environ["CLUSTER_ID"], "-c", str(SETTINGS))
        subprocess.run(storage, check=True)
    command = java("kafka.Kafka", str(SETTINGS))
    os.execvp(command[0], command)  # noqa: S606 - the broker takes our place and our signals


if __name__ == "__main__":
    main()
