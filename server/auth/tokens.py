"""Secrets: random, kept as a hash, compared as hashes; and answers sealed under a secret that is not kept."""

import hashlib
import secrets

TOKEN_BYTES = 32  # 256 bits (P3)
NONCE_BYTES = 16


def new_token() -> str:
    """256 random bits, 43 characters, fit for a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """What is kept of a token. No salt and no stretching: tokens are random, not chosen."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def sealed(data: bytes, secret: str, nonce: bytes) -> bytes:
    """`data` made unreadable for whoever lacks `secret`; sealing it again opens it.

    One stream of SHAKE-256 for each nonce, which is never used twice. It guards a copy of the database,
    not against somebody who can write to it.
    """
    stream = hashlib.shake_256(b"rollingtext answer\0" + nonce + secret.encode()).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))
