"""Signed statements about labelled snapshots, and what an outsider needs to check them (docs/proof.md)."""

from server.proof.keys import Signer, signer_of
from server.proof.statements import Statements

__all__ = ["Signer", "Statements", "signer_of"]
