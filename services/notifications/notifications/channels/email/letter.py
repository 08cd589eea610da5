"""Writes a message down as an e-mail: plain text and HTML side by side, the same Message-ID at every attempt."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from notifications.channels import Envelope

SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""Every server takes seven bits, whatever it says of eight."""


def write(envelope: Envelope, sender: str) -> EmailMessage:
    """The e-mail for `envelope`. Raises ValueError if a header cannot be written, such as one with a line break."""
    name, address = parseaddr(sender)
    letter = EmailMessage(policy=SEVEN_BIT)
    letter["From"] = Address(name, addr_spec=address)
    letter["To"] = Address(envelope.name, addr_spec=envelope.address)
    letter["Subject"] = envelope.content.subject
    letter["Date"] = format_datetime(envelope.now)
    letter["Message-ID"] = message_id(envelope.message_id, address)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(envelope.content.text)
    letter.add_alternative(envelope.content.html, subtype="html")
    letter["Content-Language"] = envelope.content.language
    return letter


def message_id(message: str, sender_address: str) -> str:
    """The Message-ID a message always has."""
    return f"<{message}@{sender_address.rpartition('@')[2]}>"
