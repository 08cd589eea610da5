"""Whether an object is what its kind allows: Kubernetes' own schemas, strictly, and those of custom resources."""

import json
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from manifests.parts import Object

from checks.fetch import KUBERNETES

OPEN = "x-kubernetes-preserve-unknown-fields"
EMBEDDED = ("apiVersion", "kind", "metadata")


class Schemas:
    """Validators of every kind that is known, from what `fetch` has put into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if str(folder / "lib") not in sys.path:
            sys.path.append(str(folder / "lib"))
        self._made: dict[tuple[str, str], Any] = {}

    def problems(self, found: Object) -> list[str]:
        """What is wrong with an object, one line each; a kind that nothing describes is wrong too."""
        key = (str(found.get("apiVersion", "")), str(found.get("kind", "")))
        if key not in self._made:
            self._made[key] = self._validator(*key)
        validator = self._made[key]
        name = f"{key[1]}/{found.get('metadata', {}).get('name', '?')}"
        if validator is None:
            return [f"{name}: no schema for {key[0]} {key[1]}"]
        return [
            f"{name}: {'.'.join(str(part) for part in error.absolute_path)}: {error.message[:200]}"
            for error in validator.iter_errors(found)
        ]

    def _validator(self, version: str, kind: str) -> Any:
        import jsonschema
        import referencing

        custom = self._custom.get((version, kind))
        if custom is not None:
            return jsonschema.Draft202012Validator(custom)
        group, _, number = version.rpartition("/")
        file = self._schemas / f"{kind.lower()}-{'-'.join([*([group.split('.')[0]] if group else []), number])}.json"
        if not file.exists():
            return None
        schema = referencing.Resource.from_contents(json.loads(file.read_text()))
        registry = schema @ (self._definitions @ referencing.Registry())
        return jsonschema.Draft202012Validator(schema.contents, registry=registry)

    @property
    def _schemas(self) -> Path:
        every = self._folder / "lib" / "kubernetes_validate" / "kubernetes-json-schema"
        return next(every.glob(f"v{KUBERNETES}.*-local-strict"))

    @cached_property
    def _definitions(self) -> Any:
        import referencing

        return referencing.Resource.from_contents(json.loads((self._schemas / "_definitions.json").read_text()))

    @cached_property
    def _custom(self) -> Mapping[tuple[str, str], Object]:
        found = {}
        for path in sorted((self._folder / "definitions").glob("*.yaml")):
            for definition in yaml.load_all(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                if definition and definition.get("kind") == "CustomResourceDefinition":
                    spec = definition["spec"]
                    for version in spec["versions"]:
                        schema = strict(version["schema"]["openAPIV3Schema"], root=True)
                        found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
        return found


def strict(schema: Object, *, root: bool = False) -> Object:
    """A structural schema as JSON Schema: what it does not name is refused, as the API server would drop it."""
    made = {name: value for name, value in schema.items() if not name.startswith("x-kubernetes-")}
    for name in ("description", "default", "example", "format"):
        made.pop(name, None)
    if schema.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
        made["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    properties = {name: strict(one) for name, one in schema.get("properties", {}).items()}
    if root or schema.get("x-kubernetes-embedded-resource"):
        properties |= {name: {} for name in EMBEDDED}
    if properties:
        made["properties"] = properties
        if not schema.get(OPEN) and "additionalProperties" not in schema:
            made["additionalProperties"] = False
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = strict(schema["additionalProperties"])
    if "items" in schema:
        made["items"] = strict(schema["items"])
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema and not schema.get("x-kubernetes-int-or-string"):
            # Branches add conditions to a schema that names the fields, so they are not closed themselves.
            made[name] = schema[name]
    if made.pop("nullable", False) and "type" in made:
        made["type"] = [made["type"], "null"]
    return made
