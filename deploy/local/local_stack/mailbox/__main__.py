"""`python -m local_stack.mailbox`: SMTP on MAILBOX_SMTP_PORT, pages on MAILBOX_PORT, messages in MAILBOX_DIR."""

import os
from pathlib import Path

import uvicorn
from aiosmtpd.controller import Controller

from local_stack.mailbox.app import mailbox
from local_stack.mailbox.smtp import Fault, Receiver
from local_stack.mailbox.store import Store


def main() -> None:
    """Serve until told to stop."""
    store, fault = Store(Path(os.environ["MAILBOX_DIR"])), Fault()
    port, address = int(os.environ["MAILBOX_SMTP_PORT"]), os.environ.get("MAILBOX_ADDRESS", "127.0.0.1")
    smtp = Controller(Receiver(store, fault), hostname=address, port=port, ident="amplify mailbox")
    smtp.start()
    try:
        page = mailbox(store, fault)
        uvicorn.run(
            page,
            host=address,
            port=int(os.environ["MAILBOX_PORT"]),
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
    finally:
        smtp.stop()


if __name__ == "__main__":
    main()
