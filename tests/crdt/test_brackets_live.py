"""B1: a text that is read after every edit reads as if it was read from scratch."""

import random
from dataclasses import replace

import pytest

from crdt.brackets import Register, count, read
from crdt.brackets.live import Live, open_by_paragraph
from crdt.paragraphs import Run
from tests.crdt.gate.stage import Client, Stage
from tests.crdt.texts import paragraphs

REGISTER = Register.of([("KAZ", "Kazakhstan"), ("IND", "India")])
SNIPPETS = (
    "[", "]", "[", "]", "\n", "\n", "[shall]", "[should]", "[KAZ: a [b]]", "{", "}", "word ", " ", "/", "or", "“", "”",
    "[1]", "Option 1 ", "Option 2 ", "No text", "(agreed) ", "[a\nb]", "［应］", "😀", "(IND)", "(https://x.org)",
)  # fmt: skip


def edit(rng: random.Random, client: Client, stage: Stage) -> None:
    text = str(client.text)
    what = rng.random()
    ids = [paragraph.id for paragraph in stage.document.paragraphs()]
    if what < 0.6 or len(text) < 3:
        stage.judge(client.insert(rng.randint(1, len(text)), rng.choice(SNIPPETS)))
    elif what < 0.85:
        start = rng.randint(1, len(text) - 1)
        stage.judge(client.delete(start, min(len(text), start + rng.choice((1, 1, 2, 8)))))
    elif what < 0.92:
        start = rng.randint(1, len(text) - 1)
        stage.judge(client.mark(start, min(len(text), start + 5), "strike", rng.choice((True, None))))
    else:
        kind = rng.choice(("heading", "heading", "body"))
        stage.judge(client.write(rng.choice(ids), {"kind": kind, "level": rng.randint(1, 3)}))


@pytest.mark.parametrize("seed", range(12))
def test_incremental_is_from_scratch(seed: int) -> None:
    rng = random.Random(seed)
    stage = Stage("\nfirst", owner="ann")
    client = Client(7, stage.document.state())
    live = Live(REGISTER)
    for step in range(120):
        edit(rng, client, stage)
        if step % 3 == 2:
            continue  # several edits between two readings
        now = stage.document.paragraphs()
        agreed = frozenset(paragraph.id for paragraph in now if paragraph.index % 5 == 3)
        reading, counts = live.read(now, agreed)
        scratch = read(now, REGISTER, agreed)
        assert reading == scratch
        assert counts == count(scratch, now, agreed)


def test_only_the_block_of_an_edit_is_read_again() -> None:
    text = paragraphs("\n\n".join(["[one] of", "# [A", "two]", "three [b] [c]"] * 30))
    live = Live(REGISTER)
    live.read(text)
    changed = list(text)
    changed[2] = replace(text[2], text="two!]", runs=(Run("two!]"),))
    assert live.unread(changed) == len("two!]")
    before = dict(live._blocks)
    live.read(changed)
    again = [block for block in live._blocks.values() if block not in before.values()]
    assert [len(block.known) for block in again] == [2]


def test_other_names_are_read_anew() -> None:
    text = paragraphs("[KAZ: shall]")
    live = Live()
    assert live.read(text)[0].brackets[0].attribution == ()
    live.rename(REGISTER)
    assert live.read(text)[0].brackets[0].attribution


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("none", {}),
        ("[a [b]]", {0: 2}),
        ("[a\n\nb [c]\n\nd]\n\ne\n\n[f]", {0: 1, 1: 2, 2: 1, 4: 1}),
    ],
)
def test_b4_open_pairs_of_each_paragraph(text: str, expected: dict[int, int]) -> None:
    """Those that begin in it or cross it."""
    assert open_by_paragraph(read(paragraphs(text))) == expected


def test_open_pairs_of_many_nested_and_crossing_brackets_take_linear_time() -> None:
    depth = 2_000
    reading = read(paragraphs("\n\n".join(["[a"] * depth + ["b]"] * depth)))
    found = open_by_paragraph(reading)
    assert (found[0], found[depth - 1], found[2 * depth - 1]) == (1, depth, 1)
