"""Which addresses may be asked: public ones, and a local source's own host and port. Pure."""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from monitor.domain import Source
from monitor.errors import RefusedAddressError

Endpoint = tuple[str, int]
"""A host name or literal address in lower case, and a port."""

_PORTS = {"http": 80, "https": 443}
# Translation of IPv4 (RFC 6052), and the old compatible form.
_HOLD_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
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


def host_of(source: Source) -> str:
    """Return the host that a source asks, in lower case: one request at a time is asked of it."""
    endpoint = endpoint_of(source.url)
    return endpoint[0] if endpoint is not None else source.name


def is_private(address: str) -> bool:
    """Tell whether a literal address is not on the public internet; False for names."""
    try:
        literal = ip_address(address.strip("[]").split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(literal, IPv6Address) and (inner := _inner_ipv4(literal)) is not None:
        return not inner.is_global or inner.is_multicast
    return not literal.is_global or literal.is_multicast


def _inner_ipv4(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address to which a gateway would take this one, if it is of such a kind."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _HOLD_IPV4):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_private_name(host: str) -> bool:
    """Tell whether a host name means a machine nearby; a name without a dot always does.

    A name that ends in a number is an IPv4 address in another spelling (127.1, 0x7f.0.0.1).
    """
    last = host.rsplit(".", 1)[-1]
    if "." not in host or last in _LOCAL_NAMES or host.endswith(_LOCAL_NAMES):
        return True
    return _NUMBER.fullmatch(last) is not None


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
    if is_private(host) or (not _is_literal(host) and is_private_name(host)):
        raise RefusedAddressError(source, f"private address: {host}:{port}")


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.strip("[]").split("%", 1)[0])
    except ValueError:
        return False
    return True


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().rstrip(".")
