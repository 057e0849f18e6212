"""The signing key: made once, read by nobody else, or given."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_public_key

from crdt.proof import verify
from server.config import Settings, SettingsError, load
from server.doctor import State, examine
from server.proof import signer_of
from server.proof.keys import NAME, pem


def private_pem() -> str:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    signer = signer_of(settings)
    path = tmp_path / "data" / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signer_of(settings).fingerprint == signer.fingerprint
    assert os.listdir(path.parent) == [NAME]
    assert verify(signer.public_key, b"text", signer.sign(b"text"))
    assert load_pem_public_key(pem(signer.public_key).encode()) == signer.key.public_key()


def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: signer_of(settings).fingerprint, range(8)))
    assert len(found) == 1
    assert os.listdir(tmp_path) == [NAME]


def test_it_may_be_given_as_a_secret_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.pem"
    key = private_pem()
    path.write_text(key)
    monkeypatch.setenv("ROLLINGTEXT_SIGNING_KEY_FILE", str(path))
    settings = load(data_dir=tmp_path / "data")
    assert signer_of(settings).key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode() == key
    assert "PRIVATE" not in repr(settings)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("kind", ["nonsense", "another curve", "with a password"])
def test_what_is_no_such_key_stops_the_start(tmp_path: Path, kind: str) -> None:
    made = {
        "nonsense": "-----BEGIN PRIVATE KEY-----",
        "another curve": generate_private_key(SECP256R1())
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode(),
        "with a password": private_pem().replace("PRIVATE", "ENCRYPTED PRIVATE"),
    }
    (tmp_path / NAME).write_text(made[kind])
    with pytest.raises(SettingsError, match="holds no private Ed25519 key"):
        signer_of(Settings(data_dir=tmp_path))


async def test_the_doctor_looks_at_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    async def said() -> tuple[State, str]:
        (check,) = [each for each in await examine(settings) if each.name == "signing key"]
        return check.state, check.detail

    assert (await said())[0] is State.OK
    signer = signer_of(settings)
    assert signer.fingerprint in (await said())[1]
    (tmp_path / NAME).chmod(0o644)
    assert await said() == (State.WARNING, f"Others can read {tmp_path / NAME}: chmod 600 it.")
    (tmp_path / NAME).write_text("nonsense")
    assert (await said())[0] is State.FAILED
