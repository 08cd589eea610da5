"""Times of facts as this service keeps them."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp


def moment(stamp: Timestamp) -> datetime:
    """A time of a fact, in UTC, cut to the milliseconds that the database keeps."""
    return datetime.fromtimestamp(stamp.ToMilliseconds() / 1000, UTC)
