"""What clients were told is saved, held against what the database holds, byte by byte and without the server (R4)."""

import re
import sqlite3
from pathlib import Path

import pycrdt

from tests.client import Client


class Typist:
    """Writes numbered words into a paragraph of its own, now and then taking one out again."""

    def __init__(self, name: str, client: Client) -> None:
        self.client = client
        self.name = name
        self._count = 0
        self._begun = False

    @property
    def saved(self) -> list[str]:
        return [edit.words for edit in self.client.edits if edit.saved]

    @property
    def saved_numbers(self) -> set[int]:
        return {int(words.rpartition(".")[2].removesuffix(";")) for words in self.saved if words.startswith(" ")}

    @property
    def written(self) -> list[str]:
        return [edit.words for edit in self.client.edits]

    def type(self) -> None:
        text = self.client.text
        if not self._begun:
            self._begun = True
            self.client.type(f"\n{self.name}:")
            return
        self._count += 1
        beginning = str(text).index(f"\n{self.name}:") + 1
        end = str(text).find("\n", beginning)
        self.client.type(f" {self.name}.{self._count};", at=end if end >= 0 else None)


class Record:
    """The text of one document as its entries in SQLite make it, read by pycrdt alone; each entry is read once."""

    def __init__(self, database: Path, document: str) -> None:
        self._database = database
        self._document = document
        self._doc: pycrdt.Doc[object] = pycrdt.Doc()
        self.seq = 0

    def text(self) -> str:
        """Opened read-only, so that nothing is tidied up that the server should find as it was."""
        connection = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        try:
            rows = connection.execute(
                "select seq, payload from entry where document = ? and seq > ? and kind = 'update' order by seq",
                (self._document, self.seq),
            ).fetchall()
        finally:
            connection.close()
        for seq, payload in rows:
            self._doc.apply_update(payload)
            self.seq = seq
        return str(self._doc.get("text", type=pycrdt.Text))


def numbers_in(text: str, typist: Typist) -> list[int]:
    """Of the words of this one that stand there, as they stand."""
    return [int(number) for number in re.findall(rf"\b{typist.name}\.(\d+);", text)]


def held_against(text: str, typists: list[Typist]) -> None:
    """Nothing that was saved is lost, nothing stands there twice, and all is in its writer's order."""
    for typist in typists:
        found = numbers_in(text, typist)
        lost = typist.saved_numbers - set(found)
        assert not lost, f"{typist.name} was told that these are saved: {sorted(lost)}"
        assert found == sorted(set(found)), f"{typist.name} finds words twice, or out of order"
