"""Which paragraph each thread follows, through whatever makes or removes paragraphs, and where it stands now."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crdt import anchors
from crdt.index import TextIndex
from crdt.update import OWN, decode
from server.rooms.threads import Detached, Thread, Threads


def follow(threads: Threads, index: TextIndex, update: bytes, participant: str) -> Threads:
    """The threads that stand elsewhere now that an update came, of which everything was taken."""
    changes = anchors.changes(index, decode(update, OWN))
    moved: dict[str, Thread] = {}
    for anchor, group in _grouped(each for each in threads.values() if each.detached is None).items():
        item = index.items.at(anchors.ident(anchor))
        gone = next((each for each in changes.gone if item in each.within), None)
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


def _split(thread: Thread, index: TextIndex, changes: anchors.Changes) -> Thread:
    """It goes along with its quote. Of a quote that was cut in two it keeps the first part alone: the other would take
    it away, once the first is erased, whenever a newline comes, even where an undo only parts again what it parted."""
    anchor = changes.heir(index, thread.letters) or thread.anchor
    paragraph = anchors.paragraph_at(index, anchor)
    letters = () if paragraph is None else anchors.letters_in(index, thread.letters, paragraph)
    if (anchor, letters) == (thread.anchor, thread.letters):
        return thread
    return replace(thread, anchor=anchor, letters=letters)


def _grouped(threads: Iterable[Thread]) -> Mapping[str, list[Thread]]:
    """By anchor, or by the paragraph that is gone."""
    found: dict[str, list[Thread]] = {}
    for thread in threads:
        name = thread.anchor if thread.detached is None else thread.detached.paragraph
        found.setdefault(name, []).append(thread)
    return found


def _returned(
    lost: Iterable[Thread], index: TextIndex, changes: anchors.Changes, participant: str
) -> Iterator[tuple[str, Thread]]:
    """Threads whose paragraph is there again: in the same place, in the same words (B3)."""
    groups = _grouped(lost)
    taken: set[str] = set()
    for gone in sorted(groups, key=lambda gone: changes.order(index, gone)):
        heir = _heir(groups[gone][0], index, changes, participant, taken)
        if heir is not None:
            taken.add(heir)
            for thread in groups[gone]:
                letters = anchors.letters(index, heir, thread.quote) if thread.quote else ()
                joined = thread.anchor != gone and anchors.paragraph_at(index, thread.anchor) == heir
                anchor = thread.anchor if joined else heir  # where a join that is undone later will find it
                yield thread.id, replace(thread, anchor=anchor, letters=letters, detached=None)


def _heir(
    thread: Thread, index: TextIndex, changes: anchors.Changes, participant: str, taken: Container[str]
) -> str | None:
    detached = thread.detached
    if detached is None or not (detached.text or detached.by == participant):
        return None  # an empty paragraph is anybody's
    for head in changes.candidates(index, detached.paragraph):
        paragraph = index.paragraph(head.id)
        if paragraph is not None and paragraph.text == detached.text and head.id not in taken:
            return head.id
    return None


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
