"""The clients of Amplify's ports for partners: what factories consent to, what changes, and referrals to finance."""

from amplify_client.client import PartnerClient
from amplify_client.financier import FinancierClient
from amplify_client.following import Item
from amplify_client.refusals import Refused
from amplify_client.tokens import Credentials

__all__ = ["Credentials", "FinancierClient", "Item", "PartnerClient", "Refused"]
