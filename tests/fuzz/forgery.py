"""Updates that are well-formed and lie: about who wrote what, when, where, and what it is.

Most of each is right, or nothing would come past the first check.
"""

import random
from typing import Any

from crdt.index import TextIndex
from tests.crdt import handmade as by_hand
from tests.crdt.handmade import Id
from tests.writers import MARKS, WORDS, random_attributes

CONTROLS = ("\r", "\x00", "\x0b", "\x7f", "\x85", "\uffff", "\t")
ROOTS = ("text", "paragraphs", "prosemirror", "", "Text")
ODD_VALUES: tuple[Any, ...] = (
    "title", None, 7, [], {"kind": "x"}, {"level": 0}, {"level": 99}, {"label": "a\nb"}, {"label": "x" * 65}, {"x": 1},
    {"level": 2**40}, {"level": -3}, {"kind": None}, {"level": b"\x7c\x40\x00\x00\x00"}, {"kind": {"kind": "item"}},
)  # fmt: skip


class Forger:
    """Writes as one participant, against the document as it stands."""

    def __init__(self, rng: random.Random, index: TextIndex, mine: tuple[int, ...], theirs: tuple[int, ...]) -> None:
        self.rng, self.index, self.mine, self.theirs = rng, index, mine, theirs

    def update(self) -> bytes:
        rng = self.rng
        count = rng.choice((0, 1, 1, 1, 1, 1, 2, 3))
        clients = {self._client() for _ in range(count)}
        blocks = [self._block(client) for client in clients]
        delete = self._deletes(clients) if not blocks or rng.random() < 0.25 else {}
        return by_hand.update(*blocks, delete=delete)

    def _client(self) -> int:
        what = self.rng.random()
        if what < 0.9:
            return self.rng.choice(self.mine)
        if what < 0.95:
            return self.rng.choice(self.theirs)
        return self.rng.choice((0, 2**31, 2**32 + 1, 2**53 - 1, self.rng.randrange(1 << 32)))

    def _block(self, client: int) -> bytes:
        rng = self.rng
        clock = start = self._clock(client)
        structs = []
        after, before = self._place()
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            struct, size, in_text = self._struct(after, before)
            structs.append(struct)
            clock += size
            if not in_text or rng.random() < 0.2:
                after, before = self._place()
            else:
                after = (client, clock - 1 if rng.random() < 0.97 else clock)
        return by_hand.block(client, start, *structs)

    def _clock(self, client: int) -> int:
        end = self.index.end(client)
        what = self.rng.random()
        if what < 0.92:
            return end
        return max(0, self.rng.choice((end - 1, end - 2, end + 1, 0, end + 1000, 2**31 - 2)))

    # -- where

    def _known(self) -> Id:
        """Some id of the document."""
        client = self.rng.choice(list(self.index.items.ends))
        return client, self.rng.randrange(self.index.items.ends[client])

    def _place(self) -> tuple[Id | None, Id | None]:
        """Two neighbours, as a rule."""
        rng = self.rng
        after: Id | None = self._known()
        assert after is not None
        before = self.behind(after)
        what = rng.random()
        if what < 0.80:
            return after, before
        if what < 0.84:
            return None, before
        if what < 0.88:
            return after, None
        if what < 0.94:
            return after, self._known()
        if what < 0.96:
            return None, None
        unknown = (rng.choice((*self.mine, *self.theirs, 99)), rng.choice((0, 5, 10**6, 2**31 - 1)))
        return (after, unknown) if what < 0.98 else (unknown, before)

    def behind(self, ident: Id) -> Id | None:
        item = self.index.items.at(ident)
        if ident[1] + 1 < item.clock + item.size:
            return ident[0], ident[1] + 1
        return None if item.right is None else (item.right.client, item.right.clock)

    # -- what

    def _struct(self, after: Id | None, before: Id | None) -> tuple[bytes, int, bool]:
        """A struct, how many ids it takes, and whether the next may be written behind it."""
        rng = self.rng
        place: dict[str, Any] = {}
        if after is None and before is None and rng.random() < 0.5:
            place = {"root": rng.choice((*ROOTS, self._known())), "key": rng.choice((None, None, "1-0", "x"))}
        elif rng.random() < 0.02:
            place = {"flags": 32}
        what = rng.random()
        if what < 0.60:
            text = self._text()
            return (
                by_hand.string(text, after, before, **place),
                len(text.encode("utf-16-le", "surrogatepass")) // 2,
                True,
            )
        if what < 0.72:
            value = rng.choice((True, True, None, None, False, "x"))
            return by_hand.mark(rng.choice((*MARKS, "color")), value, after, before, **place), 1, True
        if what < 0.80:
            size = rng.choice((1, 1, 2, 7, 2**24 + 1))
            return by_hand.deleted(size, after, before, **place), size, True
        if what < 0.94:
            return self._entry()
        return self._odd(after), 1, True

    def _text(self) -> str:
        rng = self.rng
        what = rng.random()
        if what < 0.75:
            return rng.choice(WORDS)
        if what < 0.95:
            return rng.choice(("\n", "\n" + rng.choice(WORDS), rng.choice(WORDS) + "\n" + rng.choice(WORDS)))
        return rng.choice((*CONTROLS, "\ud83d", "\ude00", "x" * 5000))

    def _entry(self) -> tuple[bytes, int, bool]:
        rng = self.rng
        client, clock = self._known()
        key = f"{client}-{clock}" if rng.random() < 0.9 else rng.choice(("x", "0-99999", "01-0", "1-0 "))
        values = [random_attributes(rng) if rng.random() < 0.85 else rng.choice(ODD_VALUES)]
        if rng.random() < 0.1:
            values.append(random_attributes(rng))
        entries = self.index.entries.get(key)
        last = None if entries is None else entries.last
        after = (last.client, last.clock + last.size - 1) if last is not None and rng.random() < 0.9 else None
        return by_hand.entry(key, *values, after=after), len(values), False

    def _odd(self, after: Id | None) -> bytes:
        match self.rng.randrange(9):
            case 0:
                return by_hand.gc(1)
            case 1:
                return by_hand.skip(1)
            case 2:
                return by_hand.embed({"a": [1]}, after)
            case 3:
                return by_hand.binary(b"\x00\xff", after)
            case 4:
                return by_hand.json_values({"a": 1}, after=after)
            case 5:
                return by_hand.nested(self.rng.choice((0, 1, 2, 4, 6)), None, after)
            case 6:
                return by_hand.nested(self.rng.choice((3, 5)), "p", after)
            case 7:
                return by_hand.subdoc("d", after)
        deep = self.rng.choice((5, 17, 300, 20_000))
        return by_hand.item(8, b"\x01" + b"\x75\x01" * deep + b"\x7e", None, None, root="paragraphs", key="1-0")

    def _deletes(self, writing: set[int]) -> dict[int, list[tuple[int, int]]]:
        rng = self.rng
        found: dict[int, list[tuple[int, int]]] = {}
        for _ in range(rng.choice((1, 1, 2, 5))):
            client, clock = self._known()
            size = rng.choice((1, 1, 2, 3, 8))
            if rng.random() < 0.7:
                item = self.index.items.at((client, clock))
                clock, size = rng.choice(((item.clock, item.size), (clock, 1), (item.clock, clock - item.clock + 1)))
            if rng.random() < 0.9:
                size = min(size, self.index.end(client) - clock)
            found.setdefault(client, []).append((clock, size))
        for client in writing:
            if rng.random() < 0.2:
                found.setdefault(client, []).append((self.index.end(client), rng.choice((1, 1, 2, 50))))
        return found
