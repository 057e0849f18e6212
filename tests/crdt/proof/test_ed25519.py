"""Our check of signatures agrees with RFC 8032's examples and with OpenSSL, which made them."""

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crdt.proof import verify
from crdt.proof.ed25519 import ORDER, P

# RFC 8032, 7.1: public key, message, signature.
EXAMPLES = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), EXAMPLES)
def test_the_examples_of_the_rfc(key: str, message: str, signature: str) -> None:
    plain = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify(*plain)
    assert not verify(plain[0], plain[1] + b"x", plain[2])


def accepted_elsewhere(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_as_openssl_judges_also_when_a_bit_is_turned(seed: int) -> None:
    chance = random.Random(seed)
    private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
    message = chance.randbytes(chance.randint(0, 300))
    right = [private.public_key().public_bytes_raw(), message, private.sign(message)]
    assert verify(*right)
    for part in (0, 2):
        for _ in range(6):
            wrong = list(right)
            turned = bytearray(wrong[part])
            turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
            wrong[part] = bytes(turned)
            assert verify(*wrong) == accepted_elsewhere(*wrong) is False


def test_a_signature_has_one_form_and_points_are_on_the_curve() -> None:
    key, message, signature = (bytes.fromhex(part) for part in EXAMPLES[1])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify(key, message, signature[:32] + scalar.to_bytes(32, "little"))
    for point in (P, P + 1, 2, (1 << 255) | 1):  # beyond the field, on no curve, and zero with a sign
        encoded = point.to_bytes(32, "little")
        assert not verify(encoded, message, signature)
        assert not verify(key, message, encoded + signature[32:])
    assert not verify(key[:31], message, signature)
    assert not verify(key, message, signature[:63])
