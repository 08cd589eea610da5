"""`python -m local_stack.identity`: serve the provider on IDENTITY_PORT with the key in IDENTITY_DIR."""

import os
from pathlib import Path

import uvicorn

from local_stack.identity.app import provider
from local_stack.identity.keys import signing_key
from local_stack.identity.tokens import Issuer
from local_stack.people import directory


def main() -> None:
    """Serve until told to stop. ACCESS_TOKEN_SECONDS shortens the life of tokens, for tests of expiry.

    IDENTITY_ADDRESS and IDENTITY_ISSUER are for a pod, which is reached by a name; elsewhere both are loopback.
    """
    if os.environ.get("ENVIRONMENT") == "production":
        raise SystemExit("The development identity provider signs anybody in: it does not start in production.")
    port = int(os.environ["IDENTITY_PORT"])
    known = directory()
    seconds = int(os.environ.get("ACCESS_TOKEN_SECONDS") or known.access_token_seconds)
    address = os.environ.get("IDENTITY_ADDRESS", "127.0.0.1")
    url = os.environ.get("IDENTITY_ISSUER", f"http://127.0.0.1:{port}")
    issuer = Issuer(url, signing_key(Path(os.environ["IDENTITY_DIR"])), seconds)
    uvicorn.run(provider(issuer, known), host=address, port=port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
