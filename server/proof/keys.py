"""The key with which this server signs: made at the first start, kept where only the server can read it."""

import os
import secrets
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from crdt.proof import fingerprint
from server.config import PREFIX, Settings, SettingsError

NAME = "signing.key"
SUBJECT = bytes.fromhex("302a300506032b6570032100")
"""What stands before an Ed25519 key in the form that OpenSSL reads (RFC 8410)."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half, which leaves this process for nowhere."""

    key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public_key)

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data)


def signer_of(settings: Settings) -> Signer:
    """That of the settings, else of the data directory, where it is made if there is none. Raises SettingsError."""
    given = settings.signing_key
    if given is not None:
        return _read(given.get_secret_value().encode(), f"{PREFIX}SIGNING_KEY")
    path = settings.data_dir / NAME
    try:
        if not path.exists():
            _make(path)
        return _read(path.read_bytes(), str(path))
    except OSError as error:
        raise SettingsError(f"cannot read or make the signing key {path}: {error.strerror}") from error


def _read(data: bytes, where: str) -> Signer:
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(f"{where} holds no private Ed25519 key in PEM without a password")
    return Signer(key)


def _make(path: Path) -> None:
    """Whole or not at all; of two processes that start at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(half, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        half.unlink()


def pem(public_key: bytes) -> str:
    """As OpenSSL reads it."""
    text = b64encode(SUBJECT + public_key).decode("ascii")
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"
