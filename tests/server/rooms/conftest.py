"""A document with one paragraph, and rooms over a real database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crdt.compose import Draft as Paragraph
from crdt.compose import compose
from crdt.paragraphs import Run
from server import times
from server.fanout import LocalFanout
from server.rooms import Rooms, registry
from server.rooms.saving import Pace
from server.store import EMPTY, EntryDraft, Store, engine
from tests.server.conftest import Draft, add_draft

QUICK = Pace(first=0.001, longest=0.01)
SERVER_CLIENT = 4


@pytest.fixture(autouse=True)
def _looked_after_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests look by themselves: rooms that did it meanwhile would find what a test says that nobody told them."""
    monkeypatch.setattr(registry, "SWEEP_S", 3600.0)


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    return tmp_path / "rooms.db"


@pytest.fixture
async def store(database_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    monkeypatch.setattr(engine, "BUSY_S", 0.01)
    store = await Store.open(f"sqlite:///{database_path}")
    yield store
    await store.close()


@pytest.fixture
async def draft(store: Store) -> Draft:
    """A document whose one entry is the paragraph "Recalling"."""
    draft = await store.write(add_draft)
    await store.append(draft.id, EMPTY, [first_entry(draft)])
    return draft


def first_entry(draft: Draft) -> EntryDraft:
    payload = compose([Paragraph((Run("Recalling", ()),))], SERVER_CLIENT)
    return EntryDraft("update", draft.chair, times.now(), payload)


@pytest.fixture
async def rooms(store: Store) -> AsyncIterator[Rooms]:
    async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
        yield rooms
