"""The provider's signing key, kept so that tokens stay good when the provider restarts."""

import json
import os
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

ALGORITHM = "RS256"


def signing_key(folder: Path) -> RSAKey:
    """The key in the folder, made at the first start."""
    file = folder / "signing-key.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        unfinished = file.with_suffix(".new")
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
            json.dump(made.as_dict(private=True), output)
        unfinished.rename(file)
    return RSAKey.import_key(json.loads(file.read_text()))


def public_keys(key: RSAKey) -> dict[str, Any]:
    """The JSON Web Key Set that verifiers fetch."""
    return {"keys": [key.as_dict(private=False)]}
