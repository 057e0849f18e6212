"""One paragraph by itself: where brackets open and close, and which square brackets are none."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from crdt.brackets.model import Status
from crdt.numbering import Number, number
from crdt.paragraphs import Paragraph

LETTER = r"[^\W\d_]"
MARK = re.compile(r"[\[\]{}/\"“”«»„‘’]")
NO_BRACKET = re.compile(r"\[(?:sic!?|emphasis added|signed|seal|\^[^\[\]\s]{1,40})\]", re.IGNORECASE)
FOOTNOTE = re.compile(r"\[\d{1,3}\](?!\[)")
CHECK_BOX = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\[[ xX]\](?:\s|$))")
ALTERED = re.compile(rf"\[{LETTER}\](?={LETTER})|\[\s*(?:\.\.+|…)\s*\]")
LINK_END = re.compile(r"\]\((?:https?://|mailto:|www\.)[^\s()\[\]]{1,2000}\)", re.IGNORECASE)
QUOTES = {"“": "”", "«": "»", "„": "“”", "‘": "’", '"': '"'}
STATUS = re.compile(
    r"\((?:(?P<agreed_ad_ref>(?:agreed|согласовано) ad ref(?:\.|erendum)?)"
    r"|(?P<agreed>agreed|согласовано)|(?P<pending>pending|отложено))\)\s*",
    re.IGNORECASE,
)
OPTION = re.compile(
    r"(?P<bracket>\[\s*)?(?:option|alternative|alt\.?|variant|вариант)\s+"
    rf"(?:(?P<digits>\d{{1,2}})|\((?P<inner>{LETTER})\)|(?P<letter>{LETTER}))(?!\w)(?:\s*\])?\s*[:.)–—-]?\s*",
    re.IGNORECASE,
)
NULL_OPTION = re.compile(r"[\[{(\s]*(?:no text|без текста|текст отсутствует)(?!\w)", re.IGNORECASE)
ENDS = re.compile(r"[\s\[\]]")  # of a word with a slash in it
SLASH_REACH = 64  # how far a word with a slash in it is looked at
NO_ALTERNATIVES = {"and/or", "or/and", "/or", "/and", "и/или", "/или"}


class Sign(NamedTuple):
    """A `[`, a `]` or a slash between alternatives; `link` marks the `]` of a Markdown link."""

    char: str
    at: int
    link: bool = False


NUMBERED, LETTERED = "numbered", "lettered"


@dataclass(frozen=True, slots=True)
class Label:
    """`Option 2`, `Alt (b)`: how it counts, and its place in that row."""

    sort: str
    rank: int
    null: bool  # "No text" is what it offers


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph's status tag and where it stands."""

    status: Status
    start: int
    end: int


class Scan(NamedTuple):
    """`text` keeps the places of the paragraph's text, with fullwidth brackets as plain ones and struck text blank;
    `counted` is the same without facilitator's notes. Behind number, status and option label it begins at `body`."""

    text: str
    counted: str
    signs: tuple[Sign, ...]
    number: Number | None
    said: Said | None
    option: Label | None
    body: int


def scan(paragraph: Paragraph) -> Scan:
    """One pass over one paragraph; it depends on nothing else, so that it can be kept while the paragraph stays."""
    text = _plain(paragraph)
    numbered = number(text)
    body = numbered.end if numbered else len(text) - len(text.lstrip())
    tag = STATUS.match(text, body)
    said = Said(Status(str(tag.lastgroup)), body, tag.end()) if tag else None
    body = said.end if said else body
    option = OPTION.match(text, body)
    notes, signs = _signs(text)
    label = _label(text, option) if option else None
    body = option.end() if option and not option["bracket"] else body
    return Scan(text, _blanked(text, notes), tuple(signs), numbered, said, label, body)


def _label(text: str, option: re.Match[str]) -> Label:
    null = NULL_OPTION.match(text, option.end()) is not None
    if option["digits"]:
        return Label(NUMBERED, int(option["digits"]), null)
    return Label(LETTERED, ord((option["inner"] or option["letter"]).casefold()[0]), null)


def _plain(paragraph: Paragraph) -> str:
    """The text with fullwidth brackets as plain ones and struck text blank, each character in its place."""
    text = paragraph.text
    if any("strike" in run.marks for run in paragraph.runs):
        text = "".join(" " * len(run.text) if "strike" in run.marks else run.text for run in paragraph.runs)
    return halfwidth(text)


def halfwidth(text: str) -> str:
    """With fullwidth brackets as plain ones."""
    return text.replace("［", "[").replace("］", "]")


def _blanked(text: str, places: list[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in places:
        parts += [text[done:start], " " * (end - start)]
        done = end
    return "".join(parts) + text[done:]


def _signs(text: str) -> tuple[list[tuple[int, int]], list[Sign]]:
    """The facilitator's notes, and the signs outside them. One pass; every look ahead is bounded."""
    notes: list[tuple[int, int]] = []
    signs: list[Sign] = []
    box = CHECK_BOX.match(text)
    last_brace = text.rfind("}")
    closing = ""  # what ends the quotation that we are in
    done = 0
    for mark in MARK.finditer(text):
        at, char = mark.start(), mark.group()
        if at < done:
            continue
        if char == "{" and at < last_brace:
            done = text.index("}", at) + 1
            notes.append((at, done))
        elif char == "[":
            done = _not_a_bracket(text, at, box.end() if box else -1, quoted=closing != "")
            if not done:
                signs.append(Sign("[", at))
        elif char == "]":
            link = LINK_END.match(text, at)
            signs.append(Sign("]", at, link is not None))
            done = link.end() if link else done
        elif char == "/":
            if _offers(text, at):
                signs.append(Sign("/", at))
        elif closing:
            closing = "" if char in closing else closing
        else:
            closing = QUOTES.get(char, "")
    return notes, signs


def _not_a_bracket(text: str, at: int, box: int, *, quoted: bool) -> int:
    """Where the thing at `at` ends that looks like a bracket and is none; 0: it is one."""
    if at == box:
        return at + 3
    match = NO_BRACKET.match(text, at)
    if match is None and at and (text[at - 1].isalpha() or text[at - 1] in ".,"):
        match = FOOTNOTE.match(text, at)
    if match is None and quoted:
        match = ALTERED.match(text, at)
    return match.end() if match else 0


def _offers(text: str, at: int) -> bool:
    """Does the slash part alternatives? Not in and/or, symbols of documents, dates, fractions, addresses."""
    left = ENDS.split(text[max(0, at - SLASH_REACH) : at])[-1]
    right = ENDS.split(text[at + 1 : at + 1 + SLASH_REACH], 1)[0]
    word = f"{left}/{right}".strip(".,;:()“”\"'«»").casefold()
    if word in NO_ALTERNATIVES:
        return False
    if any(char.isdecimal() for char in word) or "//" in word or "www." in word:
        return False
    return not (left and right and (left + right).isupper())
