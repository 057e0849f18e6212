"""Documents to work in, and what writers type: real Yjs updates, made by pycrdt before the run."""

import os
import random

from pycrdt import Doc, Text

from bench.load.wire import carried

WORDS = (
    "the",
    "whereas",
    "party",
    "shall",
    "notice",
    "of",
    "termination",
    "any",
    "obligation",
    "under",
    "this",
    "clause",
)
LETTERS = "etaoin shrdlu"
AUTHORS, CHUNK = 5, 33  # a seed is typed by so many clients in turn, so many characters at a time


def prose(chance: random.Random, characters: int) -> str:
    text = ""
    while len(text) < characters:
        text += chance.choice(WORDS) + " "
    return text[:characters]


def opened(state: bytes | None = None, client: int | None = None) -> "Doc[Text]":
    document: Doc[Text] = Doc(client_id=client) if client else Doc()
    document.get("text", type=Text)
    if state:
        document.apply_update(state)
    return document


def text_of(document: "Doc[Text]") -> Text:
    return document.get("text", type=Text)


def _ends(document: "Doc[Text]") -> list[int]:
    """Where each paragraph ends, in UTF-8 bytes: each begins with a line break."""
    data = str(text_of(document)).encode()
    return [*(at for at, byte in enumerate(data) if byte == 10), len(data)][1:]


def seed(paragraphs: int, characters: int) -> bytes:
    """A document of so many paragraphs with so many characters each, the same every time."""
    chance = random.Random(7)
    authors = [opened(client=1_000_003 + author) for author in range(AUTHORS)]
    with authors[0].transaction():
        text_of(authors[0]).insert(0, "\n" * paragraphs)
    for author in authors[1:]:
        author.apply_update(authors[0].get_update())
    last = authors[0]
    for chunk in range(max(1, round(characters / CHUNK)) if characters else 0):
        last, following = authors[chunk % AUTHORS], authors[(chunk + 1) % AUTHORS]
        with last.transaction():
            for paragraph in range(paragraphs):
                text_of(last).insert(_ends(last)[paragraph], prose(chance, CHUNK))
        following.apply_update(last.get_update(following.get_state()))
    return last.get_update()


def typing(state: bytes, writers: int, updates: int) -> list[tuple[int, list[bytes]]]:
    """For each writer its client id and `updates` updates: one character each, at the end of a paragraph of its own."""
    chance = random.Random(os.urandom(8))
    clients = chance.sample(range(1 << 28, 1 << 31), writers)
    return [(client, _typed(state, client, paragraph, updates)) for paragraph, client in enumerate(clients)]


def _typed(state: bytes, client: int, paragraph: int, count: int) -> list[bytes]:
    document = opened(state, client)
    updates: list[bytes] = []
    subscription = document.observe(lambda event: updates.append(event.update))
    at = _ends(document)[paragraph]
    for clock in range(count):
        text_of(document).insert(at + clock, LETTERS[clock % len(LETTERS)])
    document.unobserve(subscription)
    assert [carried(update) for update in updates] == [[(client, clock, clock + 1)] for clock in range(count)]
    return updates
