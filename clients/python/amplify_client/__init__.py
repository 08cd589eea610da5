"""The client of Amplify's port for partners: read what factories consent to, and follow what changes."""

from amplify_client.client import PartnerClient
from amplify_client.following import Item
from amplify_client.refusals import Refused
from amplify_client.tokens import Credentials

__all__ = ["Credentials", "Item", "PartnerClient", "Refused"]
