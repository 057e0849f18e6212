"""What reading brackets costs: a long text from scratch, an edit in it, hostile texts, the progress of a long record.

    python -m bench.brackets

Times are of the processor, medians of five.
"""

import random
import statistics
from collections.abc import Callable
from time import process_time

from crdt.brackets import Register, read
from crdt.brackets.live import Live, open_by_paragraph
from crdt.brackets.watch import Watch
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.paragraphs import Paragraph, Run
from crdt.update import STRING, Id, Struct, Update, encode
from server.api.series import Pass
from server.store import Entry
from server.tables import EntryKind

SENTENCE = "Parties shall recall taking note of cooperative approaches first transfer annual information должны 各方"
WORDS = SENTENCE.split()
REGISTER = Register.of([("KAZ", "Kazakhstan"), ("IND", "India")])
CHARACTERS, PAIRS = 120_000, 1_000
ENTRIES = 20_000
SERVER, AUTHOR = 5, 77


def long_text() -> list[str]:
    """Paragraphs of sixty words, with brackets of every sort."""
    rng = random.Random(1)
    paragraphs: list[str] = []
    size = pairs = 0
    while size < CHARACTERS:
        words = [rng.choice(WORDS) for _ in range(70)]
        for place in rng.sample(range(len(words)), 3) if pairs < PAIRS else ():
            sort = rng.random()
            pairs += 1 + (sort < 0.6)
            words[place] = f"[{words[place]}][should]" if sort < 0.6 else f"[KAZ, IND: {words[place]}]"
        paragraphs.append(" ".join(words))
        size += len(paragraphs[-1]) + 1
    return paragraphs


def document_of(paragraphs: list[str]) -> Document:
    document = Document.new()
    drafts = [Draft((Run(text),), "heading" if number % 40 == 39 else "body") for number, text in enumerate(paragraphs)]
    update = compose(drafts, SERVER)
    document.judge(update, "server")
    document.commit([update])
    return document


def hostile(size: int) -> dict[str, tuple[Paragraph, ...]]:
    """By name, texts of so many characters that are made to be slow to read."""
    texts = {
        "nested": "[" * (size // 2) + "]" * (size // 2),
        "unclosed": "[" * size,
        "stray": "]" * size,
        "one long bracket": "[" + "a " * (size // 2) + "]",
        "side by side": "[a]" * (size // 3),
        "spaces": "[" + " " * size + "]",
        "attributions": "[KAZ, IND: " * (size // 11) + "]" * (size // 11),
        "quotation marks": "“[T]he" * (size // 6),
        "links": "[a](https://x.org)" * (size // 18),
        "right to left": "[تتعاون [الأطراف]] " * (size // 19),
        "braces": "{[" * (size // 2) + "}",
    }
    read_from = {name: document_of([text]).paragraphs() for name, text in texts.items()}
    crossing = ["[" + "a" * 9] * (size // 20) + ["b" * 9 + "]"] * (size // 20)
    return {**read_from, "crossing paragraphs": document_of(crossing).paragraphs()}


def spent(call: Callable[[], object], repeat: int = 5) -> float:
    """Milliseconds."""
    times = []
    for _ in range(repeat):
        start = process_time()
        call()
        times.append(process_time() - start)
    return statistics.median(times) * 1e3


def say(what: str, ms: float, bound: float | None = None) -> None:
    print(f"{what:60} {ms:9.2f} ms" + (f"   (at most {bound:g})" if bound else ""))


def edits(document: Document) -> None:
    """One after another at random places, each with the reading and the register behind it."""
    rng = random.Random(2)
    clock = 0
    places = [(item.client, item.clock + at) for item in document.index.text for at in range(5, item.size - 5, 17)]
    rng.shuffle(places)
    for what in ("x", "[y]", "\n"):
        times = []
        for _ in range(100):
            client, at = places.pop()
            update = _inserting(AUTHOR, clock, what, (client, at), (client, at + 1))
            clock += len(what)
            start = process_time()
            assert isinstance(document.judge(update, "ann"), Accepted)
            document.brackets.sight()
            times.append(process_time() - start)
            document.commit([update])
        say(f"an edit in it, {what!r}, with judging and the register", statistics.median(times) * 1e3, 5)
    times = []
    for name in rng.sample(document.brackets.sight().ids, 100):
        client, _, at = name.partition("-")
        update = encode(Update((), {int(client): [(int(at), 1)]}))
        start = process_time()
        assert isinstance(document.judge(update, "ann"), Accepted)
        assert document.brackets.lost(update)
        document.brackets.sight()
        times.append(process_time() - start)
        document.commit([update])
    say("a bracket deleted from it, with what became of it", statistics.median(times) * 1e3)


def _inserting(client: int, clock: int, text: str, origin: Id, right: Id | None) -> bytes:
    return encode(Update((Struct(client, clock, len(text), STRING, origin, right, value=text),), {}))


def long_record(paragraphs: list[str]) -> list[Entry]:
    """Typed letter by letter behind the first paragraphs of the long text; every hundredth is a bracket that goes."""
    entries = [_entry(1, compose([Draft((Run(text),)) for text in paragraphs], SERVER))]
    origin: Id = (SERVER, 1)
    clock = 0
    for seq in range(2, ENTRIES + 1):
        if seq % 100 == 99:
            update, text = _inserting(AUTHOR, clock, "[a]", origin, (SERVER, 2)), "[a]"
        elif seq % 100 == 0:
            update, text = encode(Update((), {AUTHOR: [(clock - 3, 1), (clock - 1, 1)]})), ""
        else:
            update, text = _inserting(AUTHOR, clock, "x", origin, (SERVER, 2)), "x"
        clock += len(text)
        origin = (AUTHOR, clock - 1)
        entries.append(_entry(seq, update))
    return entries


def _entry(seq: int, update: bytes) -> Entry:
    return Entry(
        "d", seq, EntryKind.UPDATE, "ann", f"2026-11-25T{seq // 3600:02}:{seq // 60 % 60:02}", update, b"", b""
    )


def main() -> None:
    paragraphs = long_text()
    document = document_of(paragraphs)
    found = document.paragraphs()
    pairs = len(read(found, REGISTER).brackets)
    print(f"{sum(len(each.text) for each in found)} characters, {len(found)} paragraphs, {pairs} pairs")
    say("reading it from scratch, with its counts", spent(lambda: Live(REGISTER).read(found)), 150)
    say("  with the ids of its brackets", spent(lambda: Watch(document.index).sight()))
    document.brackets.live.rename(REGISTER)
    document.brackets.sight()
    edits(document)

    small, large = hostile(10_000), hostile(100_000)
    print("\nhostile texts of 10,000 and of 100,000 characters: ten times the time is linear")
    for name in small:
        one, ten = (
            spent(lambda text=text: open_by_paragraph(Live(REGISTER).read(text)[0]), 3)
            for text in (small[name], large[name])
        )
        print(f"{name:40} {one:9.2f} ms {ten:9.2f} ms   x{ten / one:.1f}")

    entries = long_record(paragraphs)
    start = process_time()
    progress = Pass(REGISTER)
    progress.take(entries)
    say(
        f"\nprogress over {len(entries)} entries, {len(progress.series())} points",
        (process_time() - start) * 1e3,
        2_000,
    )


if __name__ == "__main__":
    main()
