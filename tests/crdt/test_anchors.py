"""The characters of a quote, by their ids."""

from crdt import anchors
from crdt.compose import Draft, compose
from crdt.index import TextIndex
from crdt.paragraphs import Run
from crdt.update import decode


def test_the_characters_of_a_quote_are_the_same_wherever_items_are_cut() -> None:
    """A process that was asked to take what it then refused has cut them in more places than another (`revert`)."""
    index = TextIndex()
    index.apply(decode(compose([Draft((Run("agreed 😀 text"),))], 9)))
    name = index.paragraphs()[0].id
    before = anchors.letters(index, name, "reed 😀 t")
    assert before == ((9, 3, 9),)
    index.items.split(index.items.at((9, 5)), 5)
    assert index.items.at((9, 4)) is not index.items.at((9, 5))
    assert anchors.letters(index, name, "reed 😀 t") == before
    assert anchors.letters_in(index, before, name) == before
