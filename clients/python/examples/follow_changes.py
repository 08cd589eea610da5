"""Follows what changes for a partner, keeps it in a file, and deletes and acknowledges what is withdrawn.

    python clients/python/examples/follow_changes.py kept.json

The environment names the port and the program: AMPLIFY_ADDRESS (127.0.0.1:50062), AMPLIFY_TOKEN_URL
(http://127.0.0.1:9000/token), AMPLIFY_CLIENT_ID (north-sea-apparel-client) and AMPLIFY_CLIENT_SECRET.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from amplify.assessment.v1.partner_service_pb2 import Change
from amplify_client import Credentials, PartnerClient


class Kept:
    """What was received, by grant, and the token behind it: written together, so that neither runs ahead."""

    def __init__(self, file: Path) -> None:
        self._file = file
        content: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"token": "", "grants": {}}
        self.token: str = content["token"]
        self._grants: dict[str, dict[str, str]] = content["grants"]

    def apply(self, change: Change) -> str:
        """Do what a change says; a line for the screen. A change that comes again does the same again."""
        grant = self._grants.setdefault(change.consent_grant, {})
        match change.WhichOneof("kind"):
            case "released_report":
                report = change.released_report
                grant[report.name] = f"{report.overall.non_compliant} of {report.overall.assessed} points"
                return f"report   {report.factory} {grant[report.name]}"
            case "improvement_line":
                line = change.improvement_line
                grant[line.name] = f"{line.point} state {line.state}"
                return f"line     {line.factory} {grant[line.name]}"
            case "retraction":
                return f"deleted  {change.factory} {len(self._grants.pop(change.consent_grant))} things"
            case kind:
                return f"{kind} {change.factory}"

    def save(self, token: str) -> None:
        """Keep everything as it is now, with the token behind it."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"token": token, "grants": self._grants}))
        fresh.replace(self._file)
        self.token = token


def main() -> None:
    """Follow until interrupted."""
    issuer = os.environ.get("AMPLIFY_TOKEN_URL", "http://127.0.0.1:9000/token")
    name = os.environ.get("AMPLIFY_CLIENT_ID", "north-sea-apparel-client")
    secret = os.environ.get("AMPLIFY_CLIENT_SECRET", "development-north-sea-apparel-secret")
    kept = Kept(Path(sys.argv[1]))
    with PartnerClient(
        os.environ.get("AMPLIFY_ADDRESS", "127.0.0.1:50062"), Credentials(issuer, name, secret)
    ) as client:
        for item in client.follow(kept.token):
            if item.change is not None:
                sys.stdout.write(kept.apply(item.change) + "\n")
                sys.stdout.flush()
                if item.change.HasField("retraction"):
                    kept.save(kept.token)  # deleted for good before it is said; and said before the token moves on
                    client.acknowledge(item.change.consent_grant)
            kept.save(item.resume_token)


if __name__ == "__main__":
    main()
