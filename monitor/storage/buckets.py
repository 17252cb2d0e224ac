"""What was handed to each channel lately: one row a channel, one an address where it is counted.

A row that is locked here keeps other senders of the same channel waiting until the transaction
ends, so that two of them never use one place twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select, text, update

from monitor.storage.tables import BucketRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MAKE = text("INSERT INTO buckets (name, taken) VALUES (:name, '[]') ON CONFLICT DO NOTHING")
_READ = select(BucketRow.taken, BucketRow.rests_until, BucketRow.gathers_until)


@dataclass(frozen=True, slots=True)
class StoredBucket:
    """A row of `buckets`: when messages were handed over, and what is waited for, in UTC."""

    taken: tuple[datetime, ...] = ()
    rests_until: datetime | None = None
    gathers_until: datetime | None = None


class BucketRepository:
    """The table `buckets`. A name is a channel's, or a channel's and an address."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def look(self, name: str) -> StoredBucket:
        """Read a bucket without keeping it from others; an empty one when there is none."""
        return self._load(name, lock=False) or StoredBucket()

    def lock(self, name: str) -> StoredBucket:
        """Read a bucket and keep it from others until this transaction ends."""
        found = self._load(name, lock=True)
        if found is None:
            self._db.execute(_MAKE, {"name": name})
            found = self._load(name, lock=True)
        return found or StoredBucket()

    def save(self, name: str, bucket: StoredBucket) -> None:
        """Write a bucket that was locked."""
        self._db.execute(
            update(BucketRow)
            .where(BucketRow.name == name)
            .values(
                taken=[(at - _EPOCH) // _MILLISECOND for at in bucket.taken],
                rests_until=bucket.rests_until,
                gathers_until=bucket.gathers_until,
            )
        )

    def _load(self, name: str, *, lock: bool) -> StoredBucket | None:
        query = _READ.where(BucketRow.name == name)
        row = self._db.execute(query.with_for_update() if lock else query).first()
        if row is None:
            return None
        return StoredBucket(
            tuple(_EPOCH + number * _MILLISECOND for number in row[0]), row[1], row[2]
        )


def name_of_address(channel: str, address: str) -> str:
    """Name the bucket of one address on a channel."""
    return f"{channel} {address}"[:400]
