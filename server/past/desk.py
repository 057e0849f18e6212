"""Where the process beside reads: the books that it was given, as far as there is room for them."""

import gc
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from server.past.book import Book, Line

ROOM = 500_000  # entries of all books that are kept, some 600 MB

_BOOKS: OrderedDict[str, Book] = OrderedDict()


def ask(
    document: str, after: int, lines: Sequence[Line], question: Callable[..., bytes] | None, *arguments: Any
) -> bytes | None:
    """Reads on in a document's book, and answers `question(book, …)` of `telling`, if there is one.

    None: the book does not end with entry `after`, for it was put away; it has to be read from the beginning.
    """
    book = _BOOKS.pop(document, None) if after else Book()
    if book is None or book.read != after:
        return None
    _read(book, lines)
    _BOOKS[document] = book
    while len(_BOOKS) > 1 and sum(each.read for each in _BOOKS.values()) > ROOM:
        _BOOKS.popitem(last=False)
        gc.unfreeze()
    return b"" if question is None else question(book, *arguments)


def _read(book: Book, lines: Sequence[Line]) -> None:
    """Without a search for garbage, which doubles the time; nor is there any in what has been read, so it is not looked
    through again: a million objects take longer than most questions."""
    if not lines:
        return
    gc.disable()
    try:
        for line in lines:
            book.take(line)
    finally:
        gc.freeze()
        gc.enable()
