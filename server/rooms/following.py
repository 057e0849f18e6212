"""Which paragraph each thread follows, through whatever makes or removes paragraphs, and where it stands now."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crdt import anchors
from crdt.index import TextIndex
from crdt.items import Item
from crdt.update import OWN, decode
from server.rooms.threads import Detached, Thread, Threads


def follow(threads: Threads, index: TextIndex, update: bytes, participant: str) -> Threads:
    """The threads that stand elsewhere now that an update came, of which everything was taken."""
    changes = anchors.changes(index, decode(update, OWN))
    moved: dict[str, Thread] = {}
    for anchor, group in _grouped(each for each in threads.values() if each.detached is None).items():
        item = index.items.at(anchors.ident(anchor))
        gone = changes.gone.get(item)
        if gone is not None:
            lost = Detached(gone.text, participant, gone.paragraph)
            moved.update((thread.id, replace(thread, detached=lost)) for thread in group)
        elif item in changes.split:
            parted = ((thread, _split(thread, index, changes)) for thread in group if thread.letters)
            moved.update((thread.id, now) for thread, now in parted if now is not thread)
    if changes.born:
        lost_ones = [each for each in {**threads, **moved}.values() if each.detached is not None]
        moved.update(_returned(lost_ones, index, changes, participant))
    return moved


def _grouped(threads: Iterable[Thread]) -> Mapping[str, list[Thread]]:
    """By anchor, or by the paragraph that is gone."""
    found: dict[str, list[Thread]] = {}
    for thread in threads:
        name = thread.anchor if thread.detached is None else thread.detached.paragraph
        found.setdefault(name, []).append(thread)
    return found


def _split(thread: Thread, index: TextIndex, changes: anchors.Changes) -> Thread:
    """It goes along with its quote. Of a quote that was cut in two it keeps the first part alone: the other would take
    it away, once the first is erased, whenever a newline comes, even where an undo only parts again what it parted."""
    letters = thread.letters
    paragraph = anchors.home(index, letters)
    if paragraph is None:
        letters = _copied(thread, index, changes)
        paragraph = anchors.home(index, letters)
    if paragraph is None:
        return thread
    now = _at(thread, paragraph, letters, index)
    return thread if (now.anchor, now.letters) == (thread.anchor, thread.letters) else now


def _at(thread: Thread, paragraph: str, letters: anchors.Letters, index: TextIndex) -> Thread:
    """It stands at this paragraph. An anchor that was joined to it stays: the undo of the join will find it."""
    gone = thread.detached is not None and thread.anchor == thread.detached.paragraph
    joined = not gone and anchors.paragraph_at(index, thread.anchor) == paragraph
    anchor = thread.anchor if joined else paragraph
    living = anchors.letters_in(index, letters, paragraph)  # one that was erased may be there again later
    return replace(thread, anchor=anchor, letters=living or thread.letters, detached=None)


def _copied(thread: Thread, index: TextIndex, changes: anchors.Changes) -> anchors.Letters:
    """The characters of its quote that an undo wrote anew; whoever types there writes something else."""
    letters = changes.copies_of(thread.letters)
    return letters if anchors.wording(index, letters) in (thread.quote or "") else ()


def _returned(
    lost: Iterable[Thread], index: TextIndex, changes: anchors.Changes, participant: str
) -> Iterator[tuple[str, Thread]]:
    """Threads whose paragraph is there again (B3)."""
    groups = _grouped(lost)
    undone = _undone(groups, index, changes, participant)
    rewritten = _rewritten(groups, undone, index, changes)
    for gone, heir in (undone | rewritten).items():
        for thread in groups[gone]:
            letters = _copied(thread, index, changes)
            if gone in rewritten and thread.quote:
                letters = anchors.letters(index, heir, thread.quote)
            yield thread.id, _at(thread, anchors.home(index, letters) or heir, letters, index)


def _undone(
    groups: Mapping[str, list[Thread]], index: TextIndex, changes: anchors.Changes, participant: str
) -> dict[str, str]:
    """By paragraphs that are gone, those that an undo wrote in their stead: they begin alike."""
    found: dict[str, str] = {}
    for gone, group in groups.items() if changes.copies else ():
        for client, clock, _ in changes.copies_of(((*anchors.ident(gone), 1),)):
            paragraph = index.paragraph(f"{client}-{clock}")
            if paragraph is not None and _alike(group[0], paragraph.text, participant):
                found[gone] = paragraph.id
    return found


def _alike(thread: Thread, text: str, participant: str) -> bool:
    """Whether a paragraph that stands where one was lost may be it, though others wrote there meanwhile."""
    lost = thread.detached
    if lost is None or not (lost.text or lost.by == participant):
        return False  # an empty paragraph is anybody's
    return text.startswith(lost.text) or (text != "" and lost.text.startswith(text))


def _rewritten(
    groups: Mapping[str, list[Thread]], undone: Mapping[str, str], index: TextIndex, changes: anchors.Changes
) -> dict[str, str]:
    """By paragraphs that are gone, new ones that stand in the same place and read the same: nothing old that lives
    stands between. Of those before the place the nearest comes first, of those behind it the last. An empty one, which
    anybody may write, is none of them, nor is what an undo wrote in the stead of another."""
    waiting: dict[Item, list[str]] = {}
    for gone in groups:
        if gone not in undone:
            waiting.setdefault(index.items.at(anchors.ident(gone)), []).append(gone)
    found: dict[str, str] = {}
    for gap in changes.gaps() if waiting else ():
        free: dict[str, list[int]] = {}  # by how they read: places of new paragraphs
        for place, item in enumerate(gap):
            paragraph = index.paragraph(item.id) if item.head and item not in changes.copied else None
            if paragraph is not None and paragraph.text:
                free.setdefault(paragraph.text, []).append(place)
        here = [(at, anchors.ident(gone), gone) for at, item in enumerate(gap) for gone in waiting.get(item, ())]
        for place, _, gone in sorted(here, reverse=True):
            lost = groups[gone][0].detached
            alike = free.get(lost.text) if lost is not None else None
            if alike:
                found[gone] = gap[alike.pop(bisect_left(alike, place) - 1)].id
    return found


@dataclass(frozen=True, slots=True)
class Placed:
    """A thread and the paragraph that it stands at now; of a detached one, that which is gone."""

    thread: Thread
    paragraph: str


def placed(threads: Iterable[Thread], index: TextIndex) -> list[Placed]:
    threads = list(threads)
    anchored = {thread.anchor for thread in threads if thread.detached is None}
    places = {anchor: anchors.paragraph_at(index, anchor) for anchor in anchored}
    return [
        Placed(thread, thread.detached.paragraph if thread.detached else places[thread.anchor] or thread.anchor)
        for thread in threads
    ]
