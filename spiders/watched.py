"""What the parts of the running collector know of its sources: one small shared table."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.domain import Source
from spiders.addresses import Endpoint, endpoint_of, host_of, own_endpoint


@dataclass(slots=True)
class Watched:
    """The sources in use and their hosts, by name; replaced as a whole when the files change."""

    by_name: dict[str, Source] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    _own: dict[str, Endpoint | None] = field(default_factory=dict)
    _local: frozenset[str] = frozenset()
    _unverified: frozenset[str] = frozenset()

    def replace(self, sources: Iterable[Source]) -> None:
        """Take these sources, and only the ones that are switched on."""
        self.by_name = {source.name: source for source in sources if source.enabled}
        self.hosts = {name: host_of(source) for name, source in self.by_name.items()}
        # Asked at every request: with 2,000 sources, looking through all took half of the time.
        self._own = {name: own_endpoint(source) for name, source in self.by_name.items()}
        self._local = frozenset(own[0] for own in self._own.values() if own is not None)
        self._unverified = frozenset(
            (endpoint_of(source.url) or ("", 0))[0]
            for source in self.by_name.values()
            if not source.verify_tls
        )

    def own_endpoint(self, name: str) -> Endpoint | None:
        """Return the private endpoint that a source may reach, if any."""
        return self._own.get(name)

    def is_local_name(self, host: str) -> bool:
        """Tell whether a local source lives at this host name."""
        return host in self._local

    def is_unverified(self, host: str) -> bool:
        """Tell whether the certificates of this host are excepted from verification."""
        return host in self._unverified
