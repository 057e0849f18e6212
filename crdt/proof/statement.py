"""A statement as bytes, which are signed as they are.

    {"facts": …, "format": "rollingtext statement 1", "key": …, "named": …, "signed_at": …}

`facts` follow from the record (`facts.py`). `named` is what the server adds on its word: the names of the document, the
meeting, its delegations and the people whom the facts name by id. `key` is the fingerprint of the key that signs.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from crdt.proof.faults import Fault

FORMAT: Final = "rollingtext statement 1"


def written(statement: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8, keys sorted, no spaces."""
    return json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parsed(data: bytes) -> dict[str, Any]:
    """Raises Fault."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Fault(f"the statement is none of the form {FORMAT!r}")
    return found


def fingerprint(public_key: bytes) -> str:
    """How a key is called: SHA-256 of its 32 bytes, in hex."""
    return sha256(public_key).hexdigest()
