"""Which report of each factory was the last to be considered, so that an older one that comes late changes nothing."""

from datetime import datetime

from chassis.database import db
from chassis.unit_of_work import current
from training.storage import REPORTS


def is_latest(factory_id: str, released_at: datetime) -> bool:
    """Notes a report in the unit of work at hand; False for one that is older than what was considered."""
    current()
    kept = db()[REPORTS].find_one({"_id": factory_id})
    if kept is not None and kept["released_at"] > released_at:
        return False
    db()[REPORTS].replace_one({"_id": factory_id}, {"released_at": released_at}, upsert=True)
    return True
