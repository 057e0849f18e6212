"""Whether a struct claims what its author cannot have believed: that its two origins were neighbours (W3)."""

from collections.abc import Iterator
from typing import Final

from crdt.gate.arrivals import Arrivals
from crdt.gate.verdict import Reason
from crdt.index import TextIndex
from crdt.items import Item
from crdt.update import Id, Struct

RIVALS: Final = 20_000
"""Items between the origins of an update's structs, all told: that many, others would have to write in one spot while
somebody was away; and looking at them takes some 10 ms."""


class Causality:
    """Looks at the structs of one update, each before it is integrated and when `arrivals` has taken it."""

    def __init__(self, index: TextIndex, arrivals: Arrivals) -> None:
        self._index = index
        self._arrivals = arrivals
        self._rivals = 0

    def flaw(self, struct: Struct) -> Reason | None:
        """SCHEMA if its author knew anything that stands between its origins, or they are in the wrong order."""
        if next(self._behind_origin(struct), None) == struct.right_origin:
            return None
        if struct.right_origin is not None:
            self._index.items.starting(struct.right_origin)  # as integration would: so it is met below
        ident = struct.client, struct.clock
        knowledge = self._arrivals.knowledge(ident)
        for rival in self._behind_origin(struct):
            if rival == struct.right_origin:
                return None
            if self._arrivals.knows(ident, rival, knowledge):
                return Reason.SCHEMA
            self._rivals += 1
            if self._rivals > RIVALS:
                return Reason.TOO_LARGE
        return None if struct.right_origin is None else Reason.SCHEMA

    def _behind_origin(self, struct: Struct) -> Iterator[Id]:
        """The first ids of the items that stand behind its origin, or from the beginning on."""
        item: Item | None
        if struct.origin is None:
            item = self._beginning(struct)
        else:
            left = self._index.items.at(struct.origin)
            if left.clock + left.size > struct.origin[1] + 1:
                yield left.client, struct.origin[1] + 1
            item = left.right
        while item is not None:
            yield item.client, item.clock
            item = item.right

    def _beginning(self, struct: Struct) -> Item | None:
        if struct.right_origin is not None:
            home = self._index.home(struct.right_origin)
        else:
            home = self._index.text if struct.key is None else self._index.entries.get(struct.key)
        return None if home is None else home.first
