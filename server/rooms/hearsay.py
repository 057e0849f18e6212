"""What processes tell each other of a document's record, and who has the turn to write it.

A process that commits edits sends them along with the news, which spares the others a look at the database each time.
They hang them on the end of the record that they know, hash by hash, or look.
"""

import asyncio
import json
import math
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress

from server.fanout import Advance, Fanout, Writing
from server.store import Entry, EntryDraft, Head, chained
from server.tables import EntryKind

MOST = 128 * 1024  # bytes of edits that are sent along
KEPT = 64  # advances that may wait to be hung on
NEAR_S = 10.0  # seconds for which turns are taken after another process has written or wanted to
COMPANY_S = 0.022  # seconds in which one that was told takes the turn, commits, and tells
TELL_S = 2.0  # seconds between two words to others that they should


def told(document: str, head: Head, drafts: Sequence[EntryDraft], *, led: bool) -> Advance:
    """That the record has come to `head` by these. Only edits are sent along: other entries have rows beside them."""
    size = sum(len(draft.payload) for draft in drafts)
    if size > MOST or any(draft.kind != EntryKind.UPDATE for draft in drafts):
        return Advance(document, head.seq)
    line = json.dumps([head.hash.hex(), [[draft.participant, draft.at, len(draft.payload)] for draft in drafts]])
    return Advance(document, head.seq, b"\n".join((line.encode(), b"".join(draft.payload for draft in drafts))), led)


def read(advance: Advance, head: Head) -> list[Entry] | None:
    """The entries after `head` that an advance carries; None: it carries none, or they do not fit there."""
    line, _, payloads = advance.carried.partition(b"\n")
    if not line:
        return None
    try:
        reached, authors = json.loads(line)
        if advance.seq - len(authors) != head.seq:
            return None
        drafts, at = [], 0
        for participant, when, size in authors:
            drafts.append(EntryDraft(EntryKind.UPDATE, participant, when, payloads[at : at + size]))
            at += size
        entries, found = chained(advance.document, head, drafts)
    except (ValueError, TypeError):  # another version wrote it
        return None
    return entries if found.hash.hex() == reached else None


class Hearsay:
    """Of one document. `seq`: the highest that another process was heard to have written."""

    def __init__(self, document: str, fanout: Fanout, clock: Callable[[], float]) -> None:
        self.seq = 0
        self._document = document
        self._fanout = fanout
        self._clock = clock
        self._advances: list[Advance] = []
        self._heard = asyncio.Event()
        self._heard_at = -math.inf
        self._follows = False  # what is written next was called forth by another's batch
        self._near_until = clock()
        self._in_turn = False
        self._told_at = clock() - TELL_S
        self._process = secrets.token_hex(8)
        fanout.watch(Writing, document, self._hear_writing)

    def close(self) -> None:
        self._fanout.unwatch(Writing, self._document, self._hear_writing)

    def hear(self, advance: Advance) -> None:
        self.seq = max(self.seq, advance.seq)
        self._heard_at = self._clock()
        self._follows |= advance.led
        self._heard.set()
        if advance.carried:
            self._advances = [*self._advances[1 - KEPT :], advance]

    def after(self, head: Head) -> list[Entry]:
        """What was heard that comes next; empty: nothing, or one has to look."""
        found: list[Entry] = []
        while self._advances:
            entries = read(self._advances[0], head)
            if entries is None and self._advances[0].seq > head.seq:
                break
            del self._advances[0]
            if entries:
                found += entries
                head = Head(entries[-1].seq, entries[-1].hash)
        return found

    def looked(self, heard: int, head: Head) -> None:
        """The record ended there, whatever was `heard` when one began to look."""
        if self.seq == heard:
            self.seq = head.seq

    def expects(self, pause: float) -> bool:
        """Whether another process, which wrote less than two pauses ago, is about to write behind this one."""
        return self._clock() - self._heard_at < 2 * pause

    async def company(self, seq: int) -> None:
        """Until another process has written behind `seq`, or is not about to."""
        self._heard.clear()
        if self.seq <= seq:
            with suppress(TimeoutError):
                async with asyncio.timeout(COMPANY_S):
                    await self._heard.wait()

    # -- turns

    def others_write(self) -> None:
        """Another process has written, and may do so again."""
        self._near_until = self._clock() + NEAR_S

    def _hear_writing(self, writing: Writing) -> None:
        if writing.process != self._process:
            self.others_write()

    @property
    def near(self) -> bool:
        return self._clock() < self._near_until

    async def take_turn(self) -> None:
        """Nobody takes turns with himself."""
        if self._in_turn or not self.near:
            return
        self._in_turn = True
        if self._clock() - self._told_at >= TELL_S:  # one who has not heard of us would always be first
            self._told_at = self._clock()
            self._fanout.tell(Writing(self._document, self._process))
        self.seq = max(self.seq, await self._fanout.take_turn(self._document))

    async def take_turn_again(self) -> None:
        """Others have written: whatever turn there was ran out while the database was awaited."""
        self._in_turn = False
        await self.take_turn()

    def give_turn(self, seq: int) -> None:
        """If there is one to give."""
        if self._in_turn:
            self._in_turn = False
            self._fanout.give_turn(self._document, seq)

    def tell(self, head: Head, drafts: Sequence[EntryDraft]) -> bool:
        """Whether others hear of it as one that leads: it was not called forth by another's."""
        advance = told(self._document, head, drafts, led=not self._follows)
        self._follows = False
        self._fanout.tell(advance)
        return advance.led
