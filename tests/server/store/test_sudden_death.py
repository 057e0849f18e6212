"""R4 at the store: a writer is killed at any moment, and what it was answered is there."""

import asyncio
import random
import sys
import textwrap
from pathlib import Path

import pytest

from crdt.record import GENESIS, canonical, digest_of, entry_hash
from server.store import Store
from tests.server.conftest import Draft, add_draft

WRITER = """
    import asyncio, os, sys
    from server.store import EntryDraft, Store

    async def main(url, document, participant):
        store = await Store.open(url)
        head = await store.head(document)
        while True:
            drafts = [
                EntryDraft("update", participant, "2026-11-25T22:12:42.123456Z", os.urandom(size))
                for size in (1, 40, 9000)[: 1 + head.seq % 3]
            ]
            head = await store.append(document, head, drafts)
            print(head.seq, head.hash.hex(), flush=True)

    asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("kills", "seed"), [pytest.param(4, 1, id="short"), pytest.param(150, None, id="long", marks=pytest.mark.long)]
)
async def test_r4_what_was_answered_survives(tmp_path: Path, kills: int, seed: int | None) -> None:
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    print(f"seed {seed}")
    chance = random.Random(seed)
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    store = await Store.open(url)
    draft = await store.write(add_draft)
    await store.close()
    answered: dict[int, str] = {}
    for _ in range(kills):
        answered |= await killed_writer(url, draft, commits=chance.randint(1, 40), then=chance.random() * 0.01)
        await all_is_there(url, draft, answered)
    assert len(answered) >= kills


async def killed_writer(url: str, draft: Draft, commits: int, then: float) -> dict[int, str]:
    """What it was answered: hash by seq. It is killed so many seconds after so many commits."""
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(WRITER), url, draft.id, draft.chair, stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    lines = [await writer.stdout.readline() for _ in range(commits)]
    await asyncio.sleep(then)  # the moment of death, not a wait
    writer.kill()
    lines += (await writer.stdout.read()).splitlines(keepends=True)
    await writer.wait()
    whole = [line.split() for line in lines if line.endswith(b"\n")]
    return {int(seq): hash_.decode() for seq, hash_ in whole}


async def all_is_there(url: str, draft: Draft, answered: dict[int, str]) -> None:
    store = await Store.open(url)
    entries = await store.entries(draft.id)
    await store.close()
    previous = GENESIS
    for seq, entry in enumerate(entries, start=1):
        assert entry.payload is not None
        covered = canonical(draft.id, seq, entry.kind, entry.participant, entry.at, digest_of(entry.payload))
        previous = entry_hash(previous, covered)
        assert (entry.seq, entry.hash) == (seq, previous)
    for seq, hash_ in answered.items():
        assert entries[seq - 1].hash.hex() == hash_
