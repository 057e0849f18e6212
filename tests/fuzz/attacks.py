"""Ways to change a paragraph that is locked, by name. Each gives the updates that somebody sends, in their order.

Most are what a person or a program does, out of malice or not; some are written by hand. What they have in common is
that they would change agreed text if they were taken as they come.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pycrdt

from crdt.brackets.reading import NOBODY
from crdt.brackets.resolving import Act
from crdt.brackets.resolving import plan as resolution
from crdt.document import Document
from crdt.paragraphs import Paragraph
from crdt.restoring import plan
from tests.crdt import handmade as by_hand
from tests.crdt.handmade import Id
from tests.fuzz.forgery import Forger
from tests.fuzz.mutation import mutated
from tests.writers import MARKS, WORDS, Step, Writer, random_attributes, random_steps


@dataclass
class Scene:
    """What an attacker sees, and has to hand."""

    rng: random.Random
    document: Document
    writer: Writer
    """The attacker's replica."""
    spare: tuple[int, ...]
    """More client ids of the attacker's, for updates written by hand."""
    foreign: tuple[int, ...]
    locked: set[str]
    sent: list[bytes]
    """Updates of all people so far."""
    versions: list[str]
    """Texts that the document once had."""
    points: Sequence[tuple[Paragraph, ...]] = ()
    """The same, as paragraphs."""
    before_lock: list[tuple[str, list[bytes]]] = field(default_factory=list)
    """A paragraph, and what the attacker wrote in it: to be locked before these arrive."""

    # -- the locked paragraph that is aimed at, as the writer's replica has it

    def target(self) -> tuple[int, int]:
        """Where its newline stands and where it ends, in code points; anywhere when the replica lags behind."""
        paragraphs = self.document.paragraphs()
        places = [(p, start) for p, start in zip(paragraphs, starts(paragraphs), strict=True) if p.id in self.locked]
        text = self.writer.text
        if places and text == self.document.text():
            paragraph, start = self.rng.choice(places)
            return start, start + 1 + len(paragraph.text)
        start = self.rng.randrange(max(1, len(text)))
        end = text.find("\n", start + 1)
        return start, len(text) if end < 0 else end

    def edit(self, *steps: Step) -> list[bytes]:
        """Those of the steps that are possible, in one transaction."""
        return self.writer.edit(list(possible(steps, len(self.writer.text))))

    def word(self) -> str:
        return self.rng.choice(WORDS)

    def place(self) -> int:
        """Somewhere inside."""
        start, end = self.target()
        return self.rng.randint(start + 1, max(start + 1, end))

    def name(self) -> str:
        return self.rng.choice(sorted(self.locked)) if self.locked else "1-0"

    # -- by hand

    def client(self) -> tuple[int, int]:
        """A client id of the attacker's and its next clock."""
        client = self.rng.choice(self.spare)
        return client, self.document.index.end(client)

    def gap(self) -> tuple[Id, Id | None]:
        """Two neighbours in a locked paragraph, dead ones too."""
        ids = [
            (item.client, clock)
            for item in self.document.index.text
            if self.document.index.paragraph_of((item.client, item.clock)) in self.locked
            for clock in range(item.clock, item.clock + item.size)
        ]
        after = self.rng.choice(ids or [(1, 0)])
        return after, Forger(self.rng, self.document.index, self.spare, self.foreign).behind(after)


def possible(steps: Sequence[Step], size: int) -> Iterator[Step]:
    """Steps cut to a text of so many code points, the first of which is left alone (T1)."""
    for step in steps:
        match step:
            case ["insert", at, text, marks] if text:
                yield ["insert", max(1, min(at, size)), text, marks]
                size += len(text)
            case ["delete" | "format" as name, at, length, *rest] if max(1, at) < min(size, at + length):
                first, last = max(1, at), min(size, at + length)
                yield [name, first, last - first, *rest]
                size -= last - first if name == "delete" else 0
            case ["set" | "unset", *_]:
                yield step


def merged(updates: Sequence[bytes]) -> list[bytes]:
    """One update out of several."""
    return [pycrdt.merge_updates(*updates)] if updates else []


def starts(paragraphs: Sequence[Paragraph]) -> list[int]:
    places, at = [], 0
    for paragraph in paragraphs:
        places.append(at)
        at += 1 + len(paragraph.text)
    return places


Attack = Callable[[Scene], list[bytes]]
ATTACKS: dict[str, Attack] = {}


def attack(function: Attack) -> Attack:
    ATTACKS[function.__name__] = function
    return function


# -- typing


@attack
def typing_inside(scene: Scene) -> list[bytes]:
    return scene.edit(["insert", scene.place(), scene.word(), None])


@attack
def typing_letter_by_letter(scene: Scene) -> list[bytes]:
    at = scene.place()
    return [data for k, char in enumerate("shall") for data in scene.edit(["insert", at + k, char, None])]


@attack
def typing_at_its_beginning(scene: Scene) -> list[bytes]:
    return scene.edit(["insert", scene.target()[0] + 1, scene.word(), None])


@attack
def typing_at_its_end(scene: Scene) -> list[bytes]:
    return scene.edit(["insert", scene.target()[1], scene.word(), None])


@attack
def typing_in_bold(scene: Scene) -> list[bytes]:
    return scene.edit(["insert", scene.place(), scene.word(), {"strong": True}])


@attack
def typing_between_the_dead(scene: Scene) -> list[bytes]:
    client, clock = scene.client()
    after, before = scene.gap()
    return [by_hand.update(by_hand.block(client, clock, by_hand.string(scene.word(), after, before)))]


# -- deleting


@attack
def deleting_inside(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    at = scene.rng.randint(start + 1, max(start + 1, end - 1))
    return scene.edit(["delete", at, min(scene.rng.choice((1, 1, 3, 9)), len(scene.writer.text) - at)])


@attack
def deleting_all_of_it(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    return scene.edit(["delete", max(1, start), end - max(1, start)])


@attack
def deleting_its_newline(scene: Scene) -> list[bytes]:
    return scene.edit(["delete", scene.target()[0], 1])


@attack
def deleting_the_newline_behind(scene: Scene) -> list[bytes]:
    end = scene.target()[1]
    return scene.edit(["delete", end, 1] if end < len(scene.writer.text) else ["delete", end - 1, 1])


@attack
def deleting_from_one_to_another(scene: Scene) -> list[bytes]:
    first, last = sorted((scene.place(), scene.place()))
    return scene.edit(["delete", first, last - first] if first < last else ["delete", first - 1, 1])


@attack
def deleting_by_hand(scene: Scene) -> list[bytes]:
    (client, clock), _ = scene.gap()
    size = scene.rng.choice((1, 2, 5))
    return [by_hand.update(delete={client: [(clock, min(size, scene.document.index.end(client) - clock))]})]


# -- paragraphs


@attack
def splitting(scene: Scene) -> list[bytes]:
    return scene.edit(["insert", scene.place(), scene.rng.choice(("\n", "\n\n", "a\nb")), None])


@attack
def splitting_at_its_beginning(scene: Scene) -> list[bytes]:
    return scene.edit(["insert", scene.target()[0] + 1, "\n", None])


@attack
def opening_one_beside_and_joining_it(scene: Scene) -> list[bytes]:
    end = scene.target()[1]
    word = scene.word()
    opened = scene.edit(["insert", end, "\n" + word, None])
    return opened + scene.edit(["delete", end, 1])


@attack
def opening_one_beside_and_typing_before_it(scene: Scene) -> list[bytes]:
    end = scene.target()[1]
    return scene.edit(["insert", end, "\n", None]) + scene.edit(["insert", end, scene.word(), None])


@attack
def joining_neighbours_that_were_emptied(scene: Scene) -> list[bytes]:
    end = scene.target()[1]
    text = scene.writer.text
    stop = text.find("\n", end + 1)
    stop = len(text) if stop < 0 else stop
    updates = scene.edit(["delete", end + 1, stop - end - 1] if end + 1 < stop else ["insert", end, "\n", None])
    return updates + scene.edit(["delete", end, 1]) + scene.edit(["insert", end, scene.word(), None])


@attack
def moving_it(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    start = max(1, start)
    text = scene.writer.text
    elsewhere = scene.rng.randint(1, max(1, len(text) - (end - start)))
    return scene.edit(["delete", start, end - start], ["insert", elsewhere, text[start:end], None])


@attack
def moving_its_neighbour_across(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    text = scene.writer.text
    before = text.rfind("\n", 0, start)
    if before < 1:
        return scene.edit(["insert", end, text[1 : max(2, start)], None])
    return scene.edit(["insert", end, text[before:start], None], ["delete", before, start - before])


# -- replacing


@attack
def pasting_over_a_part(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    first = scene.rng.randint(max(1, start - 4), end)
    size = min(len(scene.writer.text) - first, scene.rng.randint(1, 12))
    return scene.edit(["delete", first, size], ["insert", first, scene.word() + "\n" + scene.word(), None])


@attack
def writing_the_same_words_again(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    word = scene.writer.text[start + 1 : end]
    return scene.edit(["delete", start + 1, end - start - 1], ["insert", start + 1, word, None]) if word else []


@attack
def writing_the_same_words_first(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    word = scene.writer.text[start + 1 : end]
    return scene.edit(["insert", start + 1, word, None], ["delete", start + 1 + len(word), len(word)]) if word else []


@attack
def replacing_the_whole_document(scene: Scene) -> list[bytes]:
    size = len(scene.writer.text)
    return scene.edit(["delete", 1, size - 1], ["insert", 1, scene.word() + "\nall new\n" + scene.word(), None])


@attack
def restoring_an_earlier_version(scene: Scene) -> list[bytes]:
    """As the server writes a restore: what is left of the old is deleted, what is new is inserted."""
    size, old = len(scene.writer.text), scene.rng.choice(scene.versions)
    return scene.edit(["delete", 1, size - 1], ["insert", 1, old[1:] or "x", None])


@attack
def resolving_a_bracket(scene: Scene) -> list[bytes]:
    """As the server writes a resolution: both brackets go."""
    start, end = scene.target()
    text = scene.writer.text
    found = [at for at in range(start + 1, end) if text[at] in "[]［］"]
    return scene.edit(*(["delete", at, 1] for at in reversed(found))) if found else deleting_inside(scene)


# -- marks


@attack
def marking_inside(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    at = scene.rng.randint(start + 1, max(start + 1, end - 1))
    return scene.edit(["format", at, max(1, min(3, end - at)), {scene.rng.choice(MARKS): True}])


@attack
def marking_from_before_to_behind(scene: Scene) -> list[bytes]:
    start, end = scene.target()
    first, last = max(1, start - 3), min(len(scene.writer.text), end + 3)
    return scene.edit(["format", first, last - first, {scene.rng.choice(MARKS): scene.rng.choice((True, None))}])


@attack
def marking_everything(scene: Scene) -> list[bytes]:
    mark = {scene.rng.choice(MARKS): scene.rng.choice((True, None))}
    return scene.edit(["format", 1, len(scene.writer.text) - 1, mark])


@attack
def marking_without_an_end(scene: Scene) -> list[bytes]:
    client, clock = scene.client()
    at = scene.rng.randrange(max(1, len(list(scene.document.index.text))))
    item = next(item for number, item in enumerate(scene.document.index.text) if number == at)
    after = (item.client, item.clock + item.size - 1)
    before = None if item.right is None else (item.right.client, item.right.clock)
    mark = by_hand.mark(scene.rng.choice(MARKS), scene.rng.choice((True, None)), after, before)
    return [by_hand.update(by_hand.block(client, clock, mark))]


@attack
def taking_marks_away_by_hand(scene: Scene) -> list[bytes]:
    marks = [item for item in scene.document.index.text if item.alive and not item.text]
    chosen = scene.rng.sample(marks, min(len(marks), scene.rng.randint(1, 3)))
    delete: dict[int, list[tuple[int, int]]] = {}
    for item in chosen:
        delete.setdefault(item.client, []).append((item.clock, 1))
    return [by_hand.update(delete=delete)]


# -- attributes


@attack
def another_kind(scene: Scene) -> list[bytes]:
    return scene.edit(["set", scene.name(), random_attributes(scene.rng)])


@attack
def another_label(scene: Scene) -> list[bytes]:
    return scene.edit(["set", scene.name(), {"label": scene.word()[:9].strip() or "x"}])


@attack
def attributes_taken_away(scene: Scene) -> list[bytes]:
    return scene.edit(["set", scene.name(), {"level": 3}]) + scene.edit(["unset", scene.name()])


@attack
def attributes_twice_in_one_update(scene: Scene) -> list[bytes]:
    name = scene.name()
    return scene.edit(["set", name, {"kind": "title"}], ["set", name, {"kind": "item"}], ["insert", 1, "x", None])


@attack
def attributes_deleted_from_birth(scene: Scene) -> list[bytes]:
    client, clock = scene.client()
    entries = scene.document.index.entries.get(scene.name())
    last = None if entries is None else entries.last
    if last is None:
        return another_kind(scene)
    dead = by_hand.deleted(1, (last.client, last.clock + last.size - 1))
    return [by_hand.update(by_hand.block(client, clock, dead), delete={last.client: [(last.clock, last.size)]})]


# -- time


@attack
def an_offline_batch(scene: Scene) -> list[bytes]:
    """Hours without a network, legal and illegal, in one update."""
    updates: list[bytes] = []
    keys = [paragraph.id for paragraph in scene.document.paragraphs()]
    for _ in range(scene.rng.choice((5,) * 10 + (20,) * 6 + (40,) * 3 + (500,))):
        if scene.rng.random() < 0.3:
            updates += scene.edit(["insert", scene.place(), scene.word(), None])
        else:
            updates += scene.writer.edit(random_steps(scene.rng, scene.writer.text, keys, most=2))
    return merged(updates)


@attack
def in_the_same_instant_as_the_lock(scene: Scene) -> list[bytes]:
    """Written while the paragraph was open; it arrives when it is locked."""
    open_ones = [p for p in scene.document.paragraphs() if p.id not in scene.locked]
    if not open_ones or scene.writer.text != scene.document.text():
        return []
    paragraph = scene.rng.choice(open_ones)
    start = starts(scene.document.paragraphs())[paragraph.index]
    first = max(1, start + scene.rng.randint(0, 1))
    step: Step = ["insert", start + 1, scene.word(), None]
    if scene.rng.random() < 0.5 and first <= start + len(paragraph.text):
        step = ["delete", first, start + 1 + len(paragraph.text) - first]
    scene.before_lock.append((paragraph.id, scene.edit(step)))
    return []


@attack
def undoing_after_the_lock(scene: Scene) -> list[bytes]:
    return [data for _ in range(scene.rng.randint(1, 6)) for data in scene.writer.undo()]


@attack
def redoing_after_the_lock(scene: Scene) -> list[bytes]:
    return scene.writer.undo() + scene.writer.undo(redo=True) + scene.writer.undo(redo=True)


# -- forgery


@attack
def another_ones_ids(scene: Scene) -> list[bytes]:
    client = scene.rng.choice(scene.foreign)
    struct = by_hand.string(scene.word(), *scene.gap())
    return [by_hand.update(by_hand.block(client, scene.document.index.end(client), struct))]


@attack
def updates_replayed(scene: Scene) -> list[bytes]:
    return scene.rng.sample(scene.sent, min(len(scene.sent), 3))


@attack
def known_ids_with_other_words(scene: Scene) -> list[bytes]:
    (client, clock), before = scene.gap()
    word = "forged"[: max(1, scene.document.index.end(client) - clock)]
    return [by_hand.update(by_hand.block(client, clock, by_hand.string(word, None, before)))]


@attack
def known_ids_that_go_on(scene: Scene) -> list[bytes]:
    """The beginning is known, the rest is new: it would stand behind the last that is known."""
    client, end = scene.client()
    if not end:
        return typing_between_the_dead(scene)
    struct = by_hand.string("forged", *scene.gap())
    return [by_hand.update(by_hand.block(client, end - 1, struct))]


@attack
def deletions_ahead_of_time(scene: Scene) -> list[bytes]:
    client = scene.rng.choice(scene.foreign)
    return [by_hand.update(delete={client: [(scene.document.index.end(client), 50)]})]


@attack
def deleting_half_a_character(scene: Scene) -> list[bytes]:
    wide = [
        (item.client, item.clock + len(item.text[:at].encode("utf-16-le")) // 2)
        for item in scene.document.index.text
        if item.alive
        for at, char in enumerate(item.text)
        if char > "\uffff"
    ]
    if not wide:
        return deleting_by_hand(scene)
    client, clock = scene.rng.choice(wide)
    return [by_hand.update(delete={client: [(clock + scene.rng.randint(0, 1), 1)]})]


@attack
def dead_ids_and_collected_ones(scene: Scene) -> list[bytes]:
    client, clock = scene.client()
    after, before = scene.gap()
    odd = scene.rng.choice((by_hand.gc(2), by_hand.deleted(2, after, before), by_hand.skip(2)))
    behind = by_hand.string("x", (client, clock + 1), before)
    return [by_hand.update(by_hand.block(client, clock, odd, behind))]


@attack
def things_that_do_not_exist(scene: Scene) -> list[bytes]:
    client, clock = scene.client()
    after, _ = scene.gap()
    odd = scene.rng.choice(
        (
            by_hand.embed({}, after),
            by_hand.nested(2, None, after),
            by_hand.subdoc("d", after),
            by_hand.binary(b"", after),
        )
    )
    return [by_hand.update(by_hand.block(client, clock, odd))]


@attack
def bytes_turned_over(scene: Scene) -> list[bytes]:
    return [mutated(scene.rng, scene.rng.choice(scene.sent), scene.sent)]


@attack
def restoring_an_earlier_text(scene: Scene) -> list[bytes]:
    """What the server writes for the secretariat, without asking whether a lock forbids it."""
    made = plan(scene.document.paragraphs(), scene.rng.choice(scene.points))
    update = made.update(scene.document.index, scene.rng.randrange(1 << 41, 1 << 42))
    return [] if update is None else [update]


@attack
def a_resolution_of_the_server(scene: Scene) -> list[bytes]:
    """What the server writes for the chair, without asking whether a lock forbids it."""
    sight = scene.document.brackets.sight()
    if not sight.ids:
        return []
    name, act = scene.rng.choice(sight.ids), scene.rng.choice(list(Act))
    found = resolution(sight, name, act, scene.word() if act is Act.REPLACE else "", NOBODY)
    return [] if found is None else [found.update(scene.document.index, scene.rng.randrange(1 << 42, 1 << 43))]


@attack
def forged_structs(scene: Scene) -> list[bytes]:
    return [Forger(scene.rng, scene.document.index, scene.spare, scene.foreign).update()]
