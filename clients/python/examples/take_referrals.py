"""Takes the referrals that were sent to a bank: shows what each asks for and rests on, and acknowledges it.

    python clients/python/examples/take_referrals.py

The environment names the port and the program: AMPLIFY_FINANCE_ADDRESS (127.0.0.1:50065), AMPLIFY_TOKEN_URL
(http://127.0.0.1:9000/token), AMPLIFY_CLIENT_ID (delta-bank-client) and AMPLIFY_CLIENT_SECRET.
"""

import os
import sys

from amplify.finance_linkage.v1.referral_states_pb2 import REFERRAL_STATE_SENT
from amplify_client import Credentials, FinancierClient


def main() -> None:
    """Take what waits now."""
    issuer = os.environ.get("AMPLIFY_TOKEN_URL", "http://127.0.0.1:9000/token")
    name = os.environ.get("AMPLIFY_CLIENT_ID", "delta-bank-client")
    secret = os.environ.get("AMPLIFY_CLIENT_SECRET", "development-delta-bank-secret")
    address = os.environ.get("AMPLIFY_FINANCE_ADDRESS", "127.0.0.1:50065")
    with FinancierClient(address, Credentials(issuer, name, secret)) as client:
        for referral in client.referrals(states=[REFERRAL_STATE_SENT]):
            evidence = client.evidence_pack(referral.name).evidence
            amount = f"{referral.amount.minor_units} {referral.amount.currency_code}"
            sys.stdout.write(f"{referral.name} {referral.factory} {amount} on {', '.join(evidence.parts)}\n")
            client.acknowledge(referral.name, etag=referral.etag)


if __name__ == "__main__":
    main()
