"""Builds the Python of the contracts into `proto/gen`, and descriptor images for the checks and releases.

python proto/generate.py                   build what changed; nothing to do takes a blink
python proto/generate.py --release 0.1.0   also write proto/releases/0.1.0.binpb, the base of later comparisons
"""

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from google.api import resource_pb2
from google.protobuf import descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.type import date_pb2
from grpc_tools import protoc  # type: ignore[import-untyped]
from protovalidate._gen.buf.validate import validate_pb

PROTO = Path(__file__).resolve().parent
GEN = PROTO / "gen"
TOOLS = ("grpcio-tools", "mypy-protobuf", "protobuf", "protovalidate")
VALIDATE = "buf/validate/validate.proto"


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the Python of the contracts.")
    parser.add_argument("--release", metavar="VERSION", help="also write the descriptor image of a release")
    version_to_release = parser.parse_args().release
    if stamp() != _stamp_of_last_build():
        build()
    if version_to_release:
        image(PROTO / "releases" / f"{version_to_release}.binpb", with_comments=False)


def sources(root: Path = PROTO) -> list[str]:
    """Our contract files, relative to the proto folder, sorted."""
    return sorted(str(file.relative_to(root)) for file in (root / "amplify").rglob("*.proto"))


def stamp() -> str:
    """A digest of everything that the build depends on."""
    digest = hashlib.sha256()
    for file in [*sources(), *sorted(str(f.relative_to(PROTO)) for f in PROTO.glob("topics/*.yaml")), "generate.py"]:
        digest.update(file.encode() + b"\0" + (PROTO / file).read_bytes() + b"\0")
    for tool in TOOLS:
        digest.update(f"{tool}=={version(tool)}".encode())
    return digest.hexdigest()


def build() -> None:
    """Generate into a scratch folder and then bring `gen` up to it file by file, so that readers never miss one."""
    with tempfile.TemporaryDirectory(dir=PROTO, prefix=".gen-") as scratch:
        out = Path(scratch) / "gen"
        out.mkdir()
        _generate(out)
        _add_packages(out)
        shutil.copytree(PROTO / "topics", out / "amplify" / "registry" / "topics")
        _mirror(out, GEN)
    (GEN / ".stamp").write_text(stamp())


def image(target: Path, *, with_comments: bool, root: Path = PROTO) -> None:
    """Write the descriptors of the contracts below `root`, with their imports, to `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    options = ["--include_imports", f"--descriptor_set_out={target}"]
    _protoc([*options, *(["--include_source_info"] if with_comments else []), *sources(root)], root)


def _generate(out: Path) -> None:
    plain = [f"--python_out={out}", f"--mypy_out=quiet:{out}"]
    stubs = [f"--grpc_python_out={out}", f"--mypy_grpc_out=quiet:{out}"]
    services = [name for name in sources() if name.endswith("_service.proto")]
    _protoc([*plain, VALIDATE, *sources()], PROTO)
    _protoc([*stubs, *services], PROTO)


def _protoc(arguments: list[str], root: Path) -> None:
    """Run protoc; the files that ours import come as descriptors, since protovalidate ships no source of its own."""
    with tempfile.NamedTemporaryFile(suffix=".binpb") as known:
        known.write(_imports().SerializeToString())
        known.flush()
        bin_folder = Path(sys.executable).parent
        plugins = [f"--plugin={bin_folder / name}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")]
        code = protoc.main(["protoc", f"-I{root}", f"--descriptor_set_in={known.name}", *plugins, *arguments])
    if code:
        sys.exit("protoc refuses the contracts, for the reasons above")


def _imports() -> FileDescriptorSet:
    """Files that the contracts import: Google's, and the validation rules as protovalidate carries them."""
    found = FileDescriptorSet()
    for module in (descriptor_pb2, duration_pb2, timestamp_pb2, field_mask_pb2, date_pb2, resource_pb2):
        module.DESCRIPTOR.CopyToProto(found.file.add())
    found.file.append(FileDescriptorProto.FromString(validate_pb._DESC.proto.to_binary()))
    return found


def _add_packages(out: Path) -> None:
    for folder in {file.parent for file in (out / "amplify").rglob("*.py")} | {out / "amplify"}:
        for package in (folder, *folder.parents):
            if package == out:
                break
            (package / "__init__.py").touch()
    (out / "amplify" / "py.typed").touch()


def _mirror(source: Path, target: Path) -> None:
    wanted = {file.relative_to(source) for file in source.rglob("*") if file.is_file()}
    for file in wanted:
        destination = target / file
        if destination.is_file() and destination.read_bytes() == (source / file).read_bytes():
            continue
        destination.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source / file, destination)
    for file in [found for found in target.rglob("*") if found.is_file() and "__pycache__" not in found.parts]:
        if file.relative_to(target) not in wanted:
            file.unlink()


def _stamp_of_last_build() -> str:
    file = GEN / ".stamp"
    return file.read_text() if file.is_file() else ""


if __name__ == "__main__":
    main()
