"""The number at the start of a paragraph, as negotiating texts write it: `PP4 bis`, `OP7 alt 2.`, `Article 5`, `(a)`.

The rule `number` of the bracket grammar: import makes labels of it, and the grammar reads past it.
"""

import re
from dataclasses import dataclass

LATIN = "bis|ter|quater|quinquies|sexies|septies|octies|novies|decies"
CLAUSE = re.compile(
    rf"\s*(?P<word>PP|OP|Article|Art\.|Статья)\s*(?P<number>\d{{1,3}})(?P<more>(?:\s*(?:{LATIN})\b)?(?:\s*alt\b(?:\.?\s*\d{{1,2}})?)?)"
    r"(?P<stop>\s*[.:)])?(?=[\s\[({]|$)\s*"
)
ENUMERATOR = re.compile(
    rf"\s*(?P<label>\d{{1,3}}(?:\.\d{{1,3}}){{0,4}}(?:\s(?:{LATIN}))?(?:\salt(?:\s\d{{1,2}})?)?[.)]"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}"
    r"|\((?:\d{1,3}|[a-z]{1,2}|[ivxlc]{1,6}|[а-я])\)"
    r"|(?:[a-z]|[ivx]{1,5}|[а-я])\)"
    r"|[IVXLC]{1,7}\."
    r"|[A-Z]\.)(?:\s+|(?=\[))"
)
AFTER_ARTICLE = re.compile(r"\s*(?:$|[\[({—–-])")

PREAMBLE, OPERATIVE, ARTICLE, PLAIN = "preamble", "operative", "article", "plain"


@dataclass(frozen=True, slots=True)
class Number:
    """`label` as one writes it with single spaces, `end` where the paragraph's own words begin (code points)."""

    sort: str
    label: str
    end: int


def number(text: str) -> Number | None:
    """What `text` is numbered with, or None."""
    return _clause(text) or _enumerator(text)


def _clause(text: str) -> Number | None:
    match = CLAUSE.match(text)
    if match is None:
        return None
    word = match["word"]
    more = " ".join(re.sub(r"alt\.?\s*", "alt ", match["more"]).split())
    if word in ("PP", "OP"):
        label = f"{word}{match['number']} {more}".rstrip()
        return Number(PREAMBLE if word == "PP" else OPERATIVE, label, match.end())
    if match["stop"] is None and AFTER_ARTICLE.match(text, match.end("more")) is None:
        return None  # "Article 6 of the Agreement provides …" is a sentence
    return Number(ARTICLE, f"{word} {match['number']} {more}".rstrip(), match.end())


def _enumerator(text: str) -> Number | None:
    match = ENUMERATOR.match(text)
    return match and Number(PLAIN, match["label"], match.end())
