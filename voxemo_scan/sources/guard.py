"""Which machines a download may talk to: public ones, and the one that the user named.

A page or a redirect can name any address, also one that only this machine can reach: a router's,
a cloud's own, a service on loopback. None of these was meant by who wrote the manifest.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be connected to for the source ``address``.

    All public addresses, and beside them the host and port of ``address`` itself where it is
    written as a private address (``http://192.168.1.7/a.mp4``, ``http://localhost:8000``): there
    it was asked for. ``allow_private`` asks for all. A *name* that turns out to be a private
    address was not: names are the business of who runs the name server.
    """

    address: str
    allow_private: bool = False

    def allows(self, ip: str, *, host: str, port: int) -> bool:
        """Tell whether ``ip``, to which ``host`` was resolved, may be sent a request."""
        return self.allow_private or is_public(ip) or self._is_named(host, port)

    def _is_named(self, host: str, port: int) -> bool:
        parts = urlsplit(self.address)
        named = (parts.hostname or "").rstrip(".")
        wanted = parts.port or _PORTS.get(parts.scheme.lower())
        return is_spelt_private(named) and (host.strip("[]").rstrip(".").lower(), port) == (
            named,
            wanted,
        )


def is_public(ip: str) -> bool:
    """Tell whether ``ip`` is an address of the public internet, as far as registries know.

    IPv4 addresses inside IPv6 ones (mapped, 6to4, NAT64) are looked at themselves.
    """
    try:
        address = _innermost(ipaddress.ip_address(ip.partition("%")[0]))
    except ValueError:
        return False
    return address.is_global and not address.is_multicast


def _innermost(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_spelt_private(host: str) -> bool:
    """Tell whether ``host`` is written as an address, or the name, of a private network."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)
