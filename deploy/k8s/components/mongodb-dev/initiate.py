"""Forms the replica set of one node at its first start; safe to repeat."""

import sys
import time

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

HOST = "mongodb-0.mongodb:27017"
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
