"""Secrets, and answers that are sealed under them."""

import base64

from server.auth import tokens


def test_a_token_has_256_bits_and_fits_a_url_p3() -> None:
    token = tokens.new_token()
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    assert token != tokens.new_token()


def test_a_hash_is_of_the_token_alone_and_does_not_hold_it() -> None:
    token = tokens.new_token()
    assert tokens.hashed(token) == tokens.hashed(token)
    assert token not in tokens.hashed(token)


def test_what_is_sealed_opens_with_its_secret_and_nonce_only() -> None:
    data, secret, nonce = b'{"token":"abc"}' * 100, tokens.new_token(), tokens.new_nonce()
    sealed = tokens.sealed(data, secret, nonce)
    assert b"token" not in sealed
    assert tokens.sealed(sealed, secret, nonce) == data
    assert tokens.sealed(sealed, tokens.new_token(), nonce) != data
    assert tokens.sealed(sealed, secret, tokens.new_nonce()) != data
