"""What each bracket is: of several kinds that fit, the first (grammar: kind)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crdt.brackets.model import Kind
from crdt.brackets.scan import LETTER

PLACEHOLDER = re.compile(
    r"|x{1,3}|n|x\.y|20(?:xx|__)|\.\.+|…+|_+|[-–—]{1,3}|[●•*]{1,3}"
    r"|dates?|day|month|years?|place|venue|city|country|name|title|number|amount|figure"
    r"|tb[cd]|to (?:be (?:determined|confirmed|completed|decided|added|inserted|developed)|come|follow)"
    r"|insert\b.*|placeholder\b.*"
    r"|дата|год|число|место|название|подлежит (?:определению|уточнению|согласованию)",
    re.IGNORECASE | re.DOTALL,
)
LANGUAGE = "arabic|chinese|english|french|russian|spanish|turkish"
NOTE = re.compile(
    r"(?:(?:editorial|editor[’']s|(?:co-)?(?:facilitator|chair)s?[’']?s?|secretariat|drafting|explanatory)\s)?"
    r"(?:note|comment)s?(?:\s[^:.;]{0,60})?:"
    rf"|note\sby\b|примечание\b|(?:in\s(?:{LANGUAGE})|(?:{LANGUAGE})\sonly|original:\s?(?:{LANGUAGE}))$",
    re.IGNORECASE,
)
RESERVATION = re.compile(r"(?:\w+\s)?reservation\s(?:by|of|from|on)\b|оговорка\b", re.IGNORECASE)
DELETION = re.compile(r"(?:delete|исключить|удалить)\s*:", re.IGNORECASE)
NUMBER = re.compile(r"\d{1,4}")
LETTERS = re.compile(rf"{LETTER}+")
WHOLE_WORD = re.compile(r"shall|should|will|may|must|and|or", re.IGNORECASE)  # touched by a letter for want of a space
PUNCTUATION = re.compile(r"(?:[^\w\s]|\s)+")
# Scripts without spaces between words: a bracket that touches a letter there is no part of a word.
SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(slots=True)
class Sight:
    """What a bracket's kind is told by. `before` and `offers` depend on its neighbours and are set after them."""

    core: str | None  # its words without attribution; None: too long for any short kind, or in several paragraphs
    head: str  # the first of them
    before: str  # the character before it, of a part of a word the one before the parts; a space that is inside counts
    behind: str  # the character after it; both are "" where the paragraph begins and ends
    reserved: bool  # a party reserves its position in so many words
    offers: bool  # a member of a run, or with alternatives parted by a slash
    whole: bool  # all of its paragraph
    crosses: bool  # into another paragraph

    @property
    def words(self) -> str:
        """All of them, or the first."""
        return self.head if self.core is None else self.core


def is_note(sight: Sight) -> bool:
    return NOTE.match(sight.words) is not None


def is_reservation(sight: Sight) -> bool:
    return sight.reserved or RESERVATION.match(sight.head) is not None


def kind_of(sight: Sight) -> Kind:
    for kind, fits in KINDS:
        if fits(sight):
            return kind
    return Kind.CONTESTED


def _is(pattern: re.Pattern[str]) -> Callable[[Sight], bool]:
    return lambda sight: sight.core is not None and pattern.fullmatch(sight.core) is not None


def _is_number(sight: Sight) -> bool:
    return (sight.before == "" or sight.before.isspace()) and _is(NUMBER)(sight)


def _is_word_part(sight: Sight) -> bool:
    glued = sight.before.isalpha() or sight.behind.isalpha()
    around = f"{sight.before}{sight.core}{sight.behind}"
    return glued and _is(LETTERS)(sight) and not (_is(WHOLE_WORD)(sight) or SPACELESS.search(around))


KINDS: tuple[tuple[Kind, Callable[[Sight], bool]], ...] = (
    (Kind.PLACEHOLDER, _is(PLACEHOLDER)),
    (Kind.NOTE, is_note),
    (Kind.RESERVATION, is_reservation),
    (Kind.DELETION, lambda sight: DELETION.match(sight.head) is not None),
    (Kind.NUMBER, _is_number),
    (Kind.WORD_PART, _is_word_part),
    (Kind.PUNCTUATION, _is(PUNCTUATION)),
    (Kind.ALTERNATIVE, lambda sight: sight.offers),
    (Kind.PARAGRAPH, lambda sight: sight.whole),
    (Kind.SECTION, lambda sight: sight.crosses),
)
