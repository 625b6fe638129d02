"""Limits on how often something may happen from one address, such as requests."""

import ipaddress
from collections import OrderedDict

from apsa_perception.model.rate_limit import RateLimit

_MAX_ADDRESSES = 1024
_IPV6_NETWORK_BITS = 64


class RateLimits:
    """A rate limit for each address; beyond some number of them the oldest is forgotten.

    Args:
        per_second: events per second of one address.
        burst: events at once of one address.
    """

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second, self._burst = per_second, burst
        self._limits: OrderedDict[str, RateLimit] = OrderedDict()

    def of(self, address: str) -> RateLimit:
        """Return the limit of an address, as ``address_key`` returns it."""
        limit = self._limits.get(address) or RateLimit(self._per_second, self._burst)
        self._limits[address] = limit
        self._limits.move_to_end(address)
        if len(self._limits) > _MAX_ADDRESSES:
            self._limits.popitem(last=False)
        return limit


def address_key(host: str | None) -> str:
    """Return what identifies a remote machine: its address, or the network of an IPv6 address.

    One machine can use any address of an IPv6 network of 64 bits.
    """
    try:
        address = ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return host or ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK_BITS), strict=False))
