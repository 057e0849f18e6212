"""Where a request comes from: its address, and whether a page of this server sent it.

What proxies say (`X-Forwarded-*`) counts only when the peer is one of the `trusted_proxies`.
"""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from server import metrics
from server.config import Settings

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)


def _is_proxy(address: str, settings: Settings) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:  # a Unix socket, or nonsense in a header
        return False
    return any(parsed in network for network in _networks(settings.trusted_proxies))


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def client_address(scope: Scope, settings: Settings) -> str:
    """The address that limits are counted for: the nearest one that is no trusted proxy."""
    address = _peer(scope)
    named = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    if not _is_proxy(address, settings):
        if named:
            metrics.FORWARDED_IGNORED.inc()
        return address
    for hop in reversed([part.strip() for part in named.split(",") if part.strip()]):
        address = hop
        if not _is_proxy(hop, settings):
            break
    return address


def _normal(origin: str) -> str:
    """An origin in lower case and without its scheme's default port; "" if it is none ("null" for one)."""
    try:
        parts = urlsplit(origin.strip().lower())
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc.removesuffix(_DEFAULT_PORTS[parts.scheme])}"


def own_origin(scope: Scope, settings: Settings) -> str:
    """The origin of this server's pages: that of `public_url`, else the one that the request was sent to."""
    if settings.public_url:
        return _normal(settings.public_url)
    headers = Headers(scope=scope)
    scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    host = headers.get("host", "")
    if _is_proxy(_peer(scope), settings):
        scheme = headers.get("x-forwarded-proto", scheme).split(",")[0].strip().lower()
        host = headers.get("x-forwarded-host", host).split(",")[0].strip()
    return _normal(f"{scheme}://{host}")


def is_https(scope: Scope, settings: Settings) -> bool:
    """Whether people reach this server by https: then cookies are `Secure` (P4)."""
    return own_origin(scope, settings).startswith("https://")


def from_own_page(scope: Scope, settings: Settings) -> bool:
    """Whether a browser vouches that a page of this server sent the request; others cannot make it say so."""
    headers = Headers(scope=scope)
    if headers.get("sec-fetch-site") == "same-origin":
        return True
    origin = _normal(headers.get("origin", ""))
    return bool(origin) and origin == own_origin(scope, settings)


def from_foreign_page(scope: Scope, settings: Settings) -> bool:
    """Whether it names an origin, and not ours: for calls that need no cookie yet."""
    return "origin" in Headers(scope=scope) and not from_own_page(scope, settings)


def may_open_socket(scope: Scope, settings: Settings) -> bool:
    """W1: a socket signed in by cookie comes from our own pages or from a configured origin."""
    origin = _normal(Headers(scope=scope).get("origin", ""))
    allowed = {own_origin(scope, settings), *map(_normal, settings.allowed_origins)} - {""}
    return origin in allowed
