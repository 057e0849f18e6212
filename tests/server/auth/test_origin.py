"""Whose page a request comes from, and from which address; proxies are believed only where they are trusted."""

from typing import Any

import pytest

from server.auth import origin
from server.config import Settings


def scope(peer: str = "198.51.100.7", scheme: str = "http", **headers: str) -> dict[str, Any]:
    given = {"host": "draft.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {
        "type": "http",
        "scheme": scheme,
        "client": (peer, 4000),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }


PLAIN = Settings()
BEHIND = Settings(trusted_proxies=("10.0.0.0/8",))
PUBLIC = Settings(public_url="https://draft.example.org")


def test_an_untrusted_peer_cannot_name_another_address() -> None:
    assert origin.client_address(scope(x_forwarded_for="192.0.2.1"), BEHIND) == "198.51.100.7"


def test_behind_trusted_proxies_the_nearest_other_address_counts() -> None:
    forwarded = scope("10.0.0.1", x_forwarded_for="203.0.113.9, 192.0.2.1, 10.0.0.2")
    assert origin.client_address(forwarded, BEHIND) == "192.0.2.1"


@pytest.mark.parametrize(
    ("settings", "request_scope", "https"),
    [
        (PLAIN, scope(), False),
        (PLAIN, scope(scheme="https"), True),
        (PLAIN, scope(x_forwarded_proto="https"), False),
        (BEHIND, scope("10.0.0.1", x_forwarded_proto="https"), True),
        (PUBLIC, scope(), True),
    ],
)
def test_https_is_known_by_public_url_or_trusted_proxy_p4(
    settings: Settings, request_scope: dict[str, Any], https: bool
) -> None:
    assert origin.is_https(request_scope, settings) is https


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"origin": "http://draft.example"}, True),
        ({"origin": "HTTP://DRAFT.EXAMPLE:80"}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"origin": "https://draft.example"}, False),
        ({"origin": "http://draft.example:8080"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({}, False),
    ],
)
def test_own_pages(headers: dict[str, str], own: bool) -> None:
    assert origin.from_own_page(scope(**headers), PLAIN) is own


def test_a_socket_may_come_from_our_own_or_a_configured_origin_w1() -> None:
    settings = Settings(public_url="https://draft.example.org", allowed_origins=("https://chair.example",))
    assert origin.may_open_socket(scope(origin="https://draft.example.org"), settings)
    assert origin.may_open_socket(scope(origin="https://chair.example"), settings)
    assert not origin.may_open_socket(scope(origin="http://draft.example"), settings)
    assert not origin.may_open_socket(scope(), settings)
