"""The page and the server read the same brackets in the same text (B1): spans, kinds, runs, parties, lints, counts.

A failing seed is in the test's name; pin it in PINNED.
"""

import json
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Self

import pytest

from crdt.brackets import Bracket, Lint, Register, count, read
from crdt.paragraphs import Paragraph, Run
from tests.crdt.test_brackets_cases import CASES
from tests.crdt.texts import paragraphs

PINNED: tuple[int, ...] = ()
SHORT = [*PINNED, *range(20)]  # each stands for fifty texts
LONG = range(10_000, 10_400)
DELEGATIONS = [
    ("KAZ", "Kazakhstan"),
    ("RUS", "Russian Federation"),
    ("IRN", "Iran (Islamic Republic of)"),
    ("TTO", "Trinidad and Tobago"),
    ("CHN", "中国"),
    ("TÜR", "Straße"),
]
MARKS = [*"[[[]]][]［］{}()/:;,-–./", "[", "]", "] [", "][", "]/[", "] or [", "] и ["]
SPACES = [*"     \t", "\u00a0", "\u2003", "\u2028", "\x1c", "\x85", "\ufeff", "\r", " " * 40]
QUOTES = [*"\"“”«»„‘’'"]
LETTERS = [*"aZéßſıİKшьІ各方可هذاञक्ष", "e\u0301", "\u200f", "\u202b", "\u200d"]
DIGITS = [*"0123²Ⅷ٣१", "2030", "12"]
STRANGE = ["😀", "👩‍👩‍👧", "𝔸", "\ud83d", "\udc00", "\u0000", "\uffff", "🇰🇿"]
WORDS = """shall|should|will|may|must|other|others|and|or|and/or|и|или|и/или|including|as well as|включая|sic|signed|
emphasis added|Note:|note by|Note by the secretariat:|facilitator's note:|Примечание|Russian only|
in English|x|XX|n|TBD|to be determined|date|год|дата|___|…|...|20xx|●|-|insert text|delete:|исключить:|
reservation by|оговорка|(agreed)|(agreed ad ref)|(согласовано)|(pending)|Option 1|Option 2:|Option A|
Alt (b)|Вариант 1|Вариант Б|No text|Без текста|PP|OP|OP3|PP4bis|OP7 alt 2.|Article 5|Статья 7|(a)|(ii)|1.|
1.2.3|I.|A.|1/CP.20|A/RES/ES|policies/measures|KAZ|RUS|KAZ, RUS:|the Russian Federation:|iran|
Trinidad and Tobago:|EU:|G77 and China|中国:|straße|STRASSE: |KAZ proposes; RUS opposes:|supports|
KAZ can accept:|EU prefer:|KAZ предлагает:|возражают:|KAZ reserves its position|
KAZ резервирует свою позицию| - KAZ| (KAZ)|(KAZ and TTO)|(RUS/IRN)|https://a.org/b|](https://example.org/a)|
](www.a)|[1]|[^2]|.[1]|[T]he|[...]|[ ]|- [x]|* [ ]|1) [x]|[KAZ: a]|[b - RUS]|[c] (IRN)""".replace("\n", "").split("|")


class Page:
    """The page's reading in a Node process."""

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node is not None, "Node is not on the path"
        peer = Path(__file__).with_name("brackets.mjs")
        self._process = subprocess.Popen([node, str(peer)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def read(self, text: Sequence[Paragraph], agreed: Sequence[str]) -> dict[str, Any]:
        asked = {"delegations": DELEGATIONS, "agreed": agreed, "paragraphs": [_asked(each) for each in text]}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def node() -> Iterator[Page]:
    with Page() as process:
        yield process


def _asked(paragraph: Paragraph) -> dict[str, Any]:
    struck, at = [], 0
    for run in paragraph.runs:
        size = len(run.text.encode("utf-16-le", "surrogatepass")) // 2
        if "strike" in run.marks:
            struck.append([at, at + size])
        at += size
    shape = {"id": paragraph.id, "kind": paragraph.kind, "level": paragraph.level}
    return {**shape, "text": paragraph.text, "struck": struck}


def expected(text: Sequence[Paragraph], agreed: Sequence[str]) -> dict[str, Any]:
    reading = read(text, Register.of(DELEGATIONS), agreed)
    return {
        "brackets": [_bracket(bracket) for bracket in reading.brackets],
        "options": [
            {"paragraph": option.paragraph, "group": option.group, "empty": option.null} for option in reading.options
        ],
        "statuses": {str(index): str(status) for index, status in reading.statuses.items()},
        "lints": [_lint(lint) for lint in reading.lints],
        "counts": _fields(count(reading, text, agreed)),
    }


def _bracket(bracket: Bracket) -> dict[str, Any]:
    said = {"runClass" if name == "run_class" else name: value for name, value in _fields(bracket).items()}
    return {**said, "attribution": [_fields(each) for each in bracket.attribution]}


def _lint(lint: Lint) -> dict[str, Any]:
    return {**_fields(lint), "mend": _fields(lint.mend)}


def _fields(value: Any) -> dict[str, Any]:
    return (
        dict(value._asdict())
        if isinstance(value, Bracket)
        else {each.name: getattr(value, each.name) for each in fields(value)}
    )


def drawn(rng: random.Random) -> list[Paragraph]:
    pools = [MARKS, MARKS, SPACES, WORDS, WORDS, LETTERS, DIGITS, QUOTES, STRANGE]
    chosen = rng.sample(pools, rng.randint(2, len(pools)))
    text = []
    for index in range(rng.randint(1, 7)):
        kind = rng.choice(["body", "body", "heading", "item"])
        runs = [_run(rng, chosen) for _ in range(rng.choice([0, 1, 1, 1, 3]))]
        words = "".join(run.text for run in runs)
        if whole(words) != words:  # halves that met between two runs
            words = whole(words)
            runs = [Run(words)]
        text.append(Paragraph(f"1-{index}", index, kind, rng.randint(1, 3), None, words, tuple(runs), ""))
    return text


def _run(rng: random.Random, pools: Sequence[Sequence[str]]) -> Run:
    pieces = [rng.choice(rng.choice(pools)) for _ in range(rng.choice([3, 12, 12, 40, 200]))]
    text = whole(rng.choice(["", " "]).join(pieces))
    strike = rng.random() < 0.15 and text.isascii()  # struck text is blank in units, which count otherwise past ASCII
    return Run(text, ("strike",) if strike else ())


def whole(text: str) -> str:
    """With one character where two halves of one meet, as in every text that came over a wire."""
    joined: str = json.loads(json.dumps(text))
    return joined


def same(node: Page, seed: int, texts: int) -> None:
    rng = random.Random(seed)
    for _ in range(texts):
        text = drawn(rng)
        agreed = [paragraph.id for paragraph in text if rng.random() < 0.1]
        differ(node.read(text, agreed), expected(text, agreed), text)


def differ(found: Mapping[str, Any], wanted: Mapping[str, Any], text: Sequence[Paragraph]) -> None:
    for part, theirs in wanted.items():
        if found[part] == theirs:
            continue
        said = zip(found[part], theirs, strict=False) if isinstance(theirs, list) else [(found[part], theirs)]
        first = next(((one, other) for one, other in said if one != other), (found[part], theirs))
        raise AssertionError(
            f"{part}: the page read {first[0]}, the server {first[1]} in {[each.text for each in text]!a}"
        )


@pytest.mark.parametrize("seed", SHORT, ids=lambda seed: f"seed-{seed}")
def test_b1_both_read_the_same(node: Page, seed: int) -> None:
    same(node, seed, 50)


@pytest.mark.long
@pytest.mark.parametrize("seed", LONG, ids=lambda seed: f"seed-{seed}")
def test_b1_both_read_the_same_long(node: Page, seed: int) -> None:
    same(node, seed, 500)


def test_b1_both_read_the_worked_cases_the_same(node: Page) -> None:
    for case in CASES:
        text = paragraphs(case["text"])
        assert node.read(text, []) == expected(text, []), case["id"]
