"""Who may be named in the brackets of a meeting's documents, and how they are known."""

from functools import lru_cache

from crdt.brackets import Register

Parties = tuple[tuple[str, str], ...]  # code and name of a meeting's delegations: attributions are read by them


@lru_cache(maxsize=64)
def register_of(named: Parties) -> Register:
    return Register.of(named)
