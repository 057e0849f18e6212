"""Names of elements and attributes, the same for both dialects of the format (transitional and strict)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Protocol


class Element(Protocol):
    """What is used here of lxml's, which has no types. One without children is false: ask `is None`."""

    tag: Any  # a str, but of comments and processing instructions
    text: str | None

    def get(self, key: str) -> str | None: ...
    def iter(self) -> Iterator["Element"]: ...
    def iterancestors(self) -> Iterator["Element"]: ...
    def getparent(self) -> "Element | None": ...
    def getprevious(self) -> "Element | None": ...
    def clear(self) -> None: ...
    def __iter__(self) -> Iterator["Element"]: ...
    def __delitem__(self, at: int) -> None: ...


SPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.microsoft.com/office/word/2012/wordml": "w15",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
OFF = ("0", "false", "off", "none")


@lru_cache(maxsize=2048)
def short(tag: str) -> str:
    """As in "w:p"; of other spaces the name alone, as in "?:pic"."""
    space, _, name = tag[1:].rpartition("}") if tag[:1] == "{" else ("", "", tag)
    return f"{SPACES.get(space, '?')}:{name}"


def name_of(element: Element) -> str:
    """Comments and processing instructions have none."""
    return short(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=256)
def _in_full(name: str) -> tuple[str, ...]:
    prefix, _, rest = name.partition(":")
    return tuple(f"{{{space}}}{rest}" for space, known in SPACES.items() if known == prefix)


def attribute(element: Element, name: str) -> str | None:
    """`name` as in "w:val"."""
    for key in _in_full(name):
        found = element.get(key)
        if found is not None:
            return found
    return None


def value(element: Element | None) -> str | None:
    """Its `w:val`."""
    return None if element is None else attribute(element, "w:val")


def child(element: Element | None, name: str) -> Element | None:
    """The first of that name."""
    for each in () if element is None else element:
        if name_of(each) == name:
            return each
    return None


def children(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element if name_of(each) == name)


def named(element: Element | None) -> dict[str, Element]:
    """Its children by name; of several with one name the last."""
    return {} if element is None else {name_of(each): each for each in element}


def inside(element: Element, name: str) -> Iterator[Element]:
    """All of that name, however deep, in order."""
    return (each for each in element.iter() if name_of(each) == name)


def whole(text: str | None, fallback: int = 0) -> int:
    """A whole number as it is written in an attribute."""
    try:
        return int(text or "")
    except ValueError:
        return fallback


def switched(element: Element | None) -> bool | None:
    """Of a property that is on or off: None where nothing is said."""
    return None if element is None else value(element) not in OFF
