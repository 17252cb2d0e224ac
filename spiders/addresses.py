"""Which addresses may be asked: public ones, and a local source's own host and port. Pure."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from monitor.domain import Source
from monitor.errors import RefusedAddressError

Endpoint = tuple[str, int]
"""A host name or literal address in lower case, and a port."""

_PORTS = {"http": 80, "https": 443}
_LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa", "lan", "intranet")


def endpoint_of(url: str) -> Endpoint | None:
    """Return host and port of an http(s) address; None for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return _host(parts), port or _PORTS[parts.scheme]


def own_endpoint(source: Source) -> Endpoint | None:
    """Return the one private endpoint that a source may reach; None unless it is marked local."""
    return endpoint_of(source.url) if source.local else None


def is_private(address: str) -> bool:
    """Tell whether a literal address is not on the public internet; False for names."""
    try:
        literal = ip_address(address.strip("[]").split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(literal, IPv6Address) and literal.ipv4_mapped is not None:
        literal = literal.ipv4_mapped
    return not literal.is_global or literal.is_multicast


def is_private_name(host: str) -> bool:
    """Tell whether a host name means a machine nearby; a name without a dot always does."""
    return "." not in host or host.rsplit(".", 1)[-1] in _LOCAL_NAMES or host.endswith(_LOCAL_NAMES)


def refuse_address(source: str, url: str, own: Endpoint | None) -> None:
    """Refuse an address that this source may not ask, before anything is sent to it.

    Args:
        source: The source's name, for the error.
        url: The address of this hop, a redirect's included.
        own: The one private endpoint that the source may reach, or None.

    Raises:
        RefusedAddressError: It is not http(s), or private and not the source's own.
    """
    endpoint = endpoint_of(url)
    if endpoint is None:
        raise RefusedAddressError(source, f"not an http(s) address: {url[:200]}")
    if endpoint == own:
        return
    host, port = endpoint
    if is_private(host) or (":" not in host and is_private_name(host)):
        raise RefusedAddressError(source, f"private address: {host}:{port}")


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().rstrip(".")
