"""A chronicle: the text at any point of a record, and whose each character is, also where it was brought back."""

import pytest

from crdt.update import STRING, Struct, Update, encode
from tests.crdt.histories import History, random_history


@pytest.mark.parametrize("seed", range(15))
def test_every_point_of_a_random_record_reads_as_it_did(seed: int) -> None:
    """Ids, text, kind, level, label, marks and digest of every paragraph: as the document itself had them then."""
    history = random_history(seed)
    for seq, point in enumerate(history.points):
        found = history.chronicle.at(seq)
        assert [(each.id, each.text, each.runs, each.digest) for each in found] == [
            (each.id, each.text, each.runs, each.digest) for each in point
        ]


def test_each_character_is_its_writers_through_splits_and_joins() -> None:
    history = History("One two.", "Three.")
    history.edit("ann", ["insert", 4, " and a half", None])
    assert history.authors() == [
        [("One", "secretariat"), (" and a half", "ann"), (" two.", "secretariat")],
        [("Three.", "secretariat")],
    ]
    history.edit("bob", ["insert", 8, "\n", None])  # in the middle of what ann wrote
    assert history.authors()[:2] == [
        [("One", "secretariat"), (" and", "ann")],
        [(" a half", "ann"), (" two.", "secretariat")],
    ]
    history.edit("bob", ["delete", 8, 1])
    assert history.authors()[0] == [("One", "secretariat"), (" and a half", "ann"), (" two.", "secretariat")]
    assert history.authors(1) == [[("One two.", "secretariat")], [("Three.", "secretariat")]]


def test_what_an_undo_brings_back_is_its_first_authors() -> None:
    history = History("One.")
    history.edit("ann", ["insert", 5, " Words of ann.", None])
    history.edit("bob", ["delete", 2, 17])
    assert history.authors() == [[("O", "secretariat")]]
    history.undo("bob")
    assert history.document.text() == "\nOne. Words of ann."
    assert history.authors() == [[("One.", "secretariat"), (" Words of ann.", "ann")]]


@pytest.mark.parametrize(("who", "author"), [("ann", "secretariat"), ("bob", "bob")])
def test_only_who_deleted_words_brings_them_back_by_writing_them_again(who: str, author: str) -> None:
    """Else whoever repeats a word that another deleted would speak for its first author."""
    history = History("One two.")
    history.edit("ann", ["delete", 4, 4])
    before_the_dead = Struct(77, 0, 4, STRING, (1, 3), (1, 4), value=" two")
    history.take(who, encode(Update((before_the_dead,), {})))
    assert history.document.text() == "\nOne two."
    assert {text: by for text, by in history.authors()[0] if "two" in text}.popitem()[1] == author


def test_what_a_restore_writes_again_is_its_first_authors_also_twice() -> None:
    history = History("One.", "Two.")
    history.edit("ann", ["insert", 5, " Words of ann 😀.", {"em": True}])
    kept = history.seq
    history.edit("bob", ["delete", 1, 20])
    for _ in range(2):
        history.edit("bob", ["delete", 1, 5])
        history.restore("secretariat", kept)
        assert history.points[-1] != history.points[kept]  # under new ids
        assert [each.digest for each in history.points[-1]] == [each.digest for each in history.points[kept]]
        assert history.authors() == history.authors(kept)
