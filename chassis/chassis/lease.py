"""A lease in the database: one holder at a time, by the server's clock, with an epoch that shows who came later."""

import os
import socket
from dataclasses import dataclass
from datetime import timedelta

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.database import db
from chassis.ids import new_id


@dataclass(frozen=True)
class Held:
    """A lease that was held at the moment of asking; `epoch` grows by one with each new holder."""

    name: str
    epoch: int


class Lease:
    """One contender for a named lease. Losing it is normal: it limits double work, and nothing may rely on it alone."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._length = timedelta(seconds=seconds)
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{new_id()[-12:]}"

    def acquire(self) -> Held | None:
        """Take the lease or renew it; None while another holds it."""
        mine = {"$eq": ["$holder", self._holder]}
        takes = {"$or": [mine, {"$lt": [{"$ifNull": ["$until", "$$NOW"]}, {"$add": ["$$NOW", 1]}]}]}
        length = int(self._length.total_seconds() * 1000)

        def if_taken(value: object, field: str) -> dict[str, object]:
            return {"$cond": [takes, value, field]}

        new_epoch = {"$cond": [mine, "$epoch", {"$add": [{"$ifNull": ["$epoch", 0]}, 1]}]}
        update = {
            "epoch": if_taken(new_epoch, "$epoch"),
            "holder": if_taken(self._holder, "$holder"),
            "until": if_taken({"$add": ["$$NOW", length]}, "$until"),
        }
        try:
            row = db().leases.find_one_and_update(
                {"_id": self._name}, [{"$set": update}], upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            return None  # two contenders created the row together; the other has it
        if row is None or row["holder"] != self._holder:
            return None
        return Held(self._name, row["epoch"])

    def release(self) -> None:
        """Give the lease back, so that the next holder need not wait for its end."""
        db().leases.update_one({"_id": self._name, "holder": self._holder}, [{"$set": {"until": "$$NOW"}}])
