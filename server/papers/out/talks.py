"""What was said about a paper, as a list behind its text, for formats that have no comments of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

from server.papers.out.paper import Line, Paper, Remark, Talk

WITHDRAWN = "(withdrawn)"


@dataclass(frozen=True, slots=True)
class Listed:
    """A thread under the number that stands in the text; `line` None: its paragraph is gone."""

    number: int
    talk: Talk
    line: Line | None

    @property
    def about(self) -> str:
        """The words that it is about, or the beginning of its paragraph."""
        return self.talk.quote or _beginning(self.talk.text or "" if self.line is None else self.line.text)


def listed(paper: Paper) -> list[Listed]:
    """In the order of the text, then those whose paragraphs are gone."""
    standing = [(talk, line) for line in paper.lines for talk in line.talks]
    return [
        Listed(number, talk, line)
        for number, (talk, line) in enumerate([*standing, *((talk, None) for talk in paper.lost)], 1)
    ]


def by_id(found: list[Listed]) -> dict[str, int]:
    """The numbers of threads by their ids."""
    return {each.talk.id: each.number for each in found}


def said(remark: Remark) -> str:
    return remark.body or WITHDRAWN


def where(each: Listed) -> str:
    """As in "OP3: “in time”"."""
    if each.line is None:
        return f"a paragraph that was deleted: “{each.about}”"
    return f"{each.line.number}: “{each.about}”" if each.line.number else f"“{each.about}”"


def signed(talk: Talk) -> Iterator[tuple[str, str]]:
    """Who and when, and what they said."""
    for remark in talk.remarks:
        at = f", {remark.by.at[:16].replace('T', ' ')}" if remark.by.at else ""
        yield f"{remark.by.signature}{at}", said(remark)


def _beginning(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
