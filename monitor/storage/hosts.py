"""Who may ask which host: one process at a time, by a lease that ends by itself.

Within a process Scrapy keeps one request at a time to a host. Between processes (a second
`collect`, the browser's, `source try`) these leases do: rows of the table `leases`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select, update

from monitor.storage.tables import LeaseRow
from monitor.storage.upserts import upsert

_PREFIX = "host:"
_LONGEST = 80
_AT_ONCE = 400


class HostRepository:
    """The leases of hosts."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def find_taken(self, hosts: Iterable[str], holder: str, now: datetime) -> frozenset[str]:
        """Which of these hosts another process holds now."""
        return frozenset(
            host for host, (by, until) in self._find(hosts).items() if by != holder and until > now
        )

    def hold(
        self, hosts: Iterable[str], holder: str, now: datetime, until: datetime
    ) -> frozenset[str]:
        """Take or renew these hosts, and say which of them the holder has."""
        wanted = sorted(set(hosts))
        if not wanted:
            return frozenset()
        # Always in the order of their names, so that two processes never wait for each other.
        rows = [
            {"name": _name(host), "holder": holder, "token": 1, "until_at": until}
            for host in wanted
        ]
        upsert(self._db, LeaseRow, rows, keys=("name",), changing=())
        self._db.execute(
            update(LeaseRow)
            .where(
                LeaseRow.name == bindparam("whose"),
                (LeaseRow.holder == holder) | (LeaseRow.until_at <= now),
            )
            .values(holder=holder, until_at=until),
            [{"whose": row["name"]} for row in rows],
        )
        return frozenset(host for host, (by, _) in self._find(wanted).items() if by == holder)

    def leave(self, hosts: Iterable[str], holder: str, now: datetime) -> None:
        """Let others have these hosts."""
        for host in sorted(set(hosts)):
            self._db.execute(
                update(LeaseRow)
                .where(LeaseRow.name == _name(host), LeaseRow.holder == holder)
                .values(until_at=now)
            )

    def _find(self, hosts: Iterable[str]) -> dict[str, tuple[str, datetime]]:
        by_name = {_name(host): host for host in hosts}
        names: Sequence[str] = [*by_name]
        found: dict[str, tuple[str, datetime]] = {}
        for start in range(0, len(names), _AT_ONCE):
            rows = self._db.execute(
                select(LeaseRow.name, LeaseRow.holder, LeaseRow.until_at).where(
                    LeaseRow.name.in_(names[start : start + _AT_ONCE])
                )
            )
            found |= {by_name[name]: (holder, until) for name, holder, until in rows}
        return found


def _name(host: str) -> str:
    """The lease's name; a host that is too long for the column is cut with a digest."""
    whole = f"{_PREFIX}{host}"
    if len(whole) <= _LONGEST:
        return whole
    return f"{whole[:60]}~{sha256(host.encode()).hexdigest()[:16]}"
