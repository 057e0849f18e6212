"""What an update inserts and where: for its author, when it is not taken."""

from collections.abc import Iterable
from typing import Final

from crdt.gate.schema import paragraph_id
from crdt.index import Changes, TextIndex
from crdt.items import Item
from crdt.sequence import head_of
from crdt.update import STRING, Struct, Update

PARAGRAPHS_NAMED: Final = 1000
"""Ids in one refusal at most."""


def in_document_order(index: TextIndex, changes: Changes) -> tuple[str, ...]:
    """The living strings that came with `changes`, in the order of the document; neighbours are one."""
    new: set[Item] = set()
    for client, end in changes.ends.items():
        if index.end(client) > end:
            index.items.starting((client, end))  # parts what came from what it was written behind
            new.update(item for item in index.items.since(client, end) if item.text and _stands_in_text(item))
    if len(new) < 2:
        return tuple(item.text for item in new)
    found: list[str] = []
    adjacent = False
    for item in index.text:
        if not item.alive or not item.text:
            continue
        if item not in new:
            adjacent = False
        elif adjacent:
            found[-1] += item.text
        else:
            found.append(item.text)
            adjacent = True
    return tuple(found)


def _stands_in_text(item: Item) -> bool:
    return item.alive and item.block is not None and item.block.sequence.key is None


def in_order_of_clocks(structs: Iterable[Struct]) -> tuple[str, ...]:
    """The strings of structs that have no place in this document; what was written on end is one."""
    found: list[str] = []
    behind: tuple[int, int] | None = None
    for struct in structs:
        if struct.kind != STRING or not isinstance(struct.value, str):
            continue
        if behind is not None and struct.origin == behind:
            found[-1] += struct.value
        else:
            found.append(struct.value)
        behind = (struct.client, struct.clock + struct.size - 1)
    return tuple(found)


def concerned(index: TextIndex, update: Update) -> tuple[str, ...]:
    """Ids of the paragraphs that an update writes to or deletes from, as far as they are known."""
    found: dict[str, None] = {}
    for struct in update.structs:
        if index.end(struct.client) < struct.clock + struct.size:
            named = [
                ident for ident in (struct.origin, struct.right_origin) if ident is not None and index.knows(ident)
            ]
            found.update((name, None) for ident in named if (name := _paragraph(index.items.at(ident))))
            if struct.key is not None and paragraph_id(struct.key) is not None:
                found[struct.key] = None
    for client, ranges in update.deletes.items():
        for clock, size in ranges:
            items = index.items.within(client, clock, clock + size)
            found.update((name, None) for item in items if item.alive and (name := _paragraph(item)))
    return tuple(found)[:PARAGRAPHS_NAMED]


def _paragraph(item: Item) -> str | None:
    if item.block is None:
        return None
    head = head_of(item)
    return item.block.sequence.key or (None if head is None else head.id)
