"""Forms the replica set of one node at its first start; safe to repeat."""

import sys
import time
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

SEARCHED = next(
    line.split()[1] for line in Path("/etc/resolv.conf").read_text().splitlines() if line.startswith("search")
)
HOST = f"mongodb-0.mongodb.{SEARCHED}:27017"
"""The pod's full name, which its own /etc/hosts knows at once. The short one is looked up: right after the pod was
replaced that may still give the old address, and a member that does not find itself in its set leaves it."""
ALREADY = 23


def initiate() -> bool:
    """Whether the set has a primary now."""
    address = f"mongodb://{HOST}/?directConnection=true"
    with MongoClient[dict[str, object]](address, serverSelectionTimeoutMS=3000) as client:
        try:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": [{"_id": 0, "host": HOST}]})
        except OperationFailure as error:
            if error.code != ALREADY:
                raise
        return bool(client.admin.command("hello").get("isWritablePrimary"))


for _ in range(120):
    try:
        if initiate():
            sys.stdout.write("primary\n")
            sys.exit(0)
    except PyMongoError as error:
        sys.stdout.write(f"waiting: {type(error).__name__}\n")
    time.sleep(1)
sys.exit(1)
