"""Akoma Ntoso 1.0 (OASIS LegalDocML): each paragraph under its own id as `eId`, sections nested by their headings.

What a paragraph is stands in `class`; who changed a text, and what is agreed, in `refersTo`, which the references name.
"""

from collections.abc import Iterable, Iterator

from server.papers.out import xml
from server.papers.out.paper import Hand, Layout, Line, Op, Paper, Point
from server.papers.out.pieces import Edge, Piece, pieces
from server.papers.out.talks import by_id, listed, signed

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
MARKS = (("strong", "<b>", "</b>"), ("em", "<i>", "</i>"), ("underline", "<u>", "</u>"),
         ("strike", '<span class="strike">', "</span>"))  # fmt: skip
TAGS = {Op.ADDED: "ins", Op.REMOVED: "del"}
CONCEPTS = {"agreed": "Agreed", "agreed_ad_ref": "Agreed ad referendum"}


def write(paper: Paper, layout: Layout) -> bytes:
    body = "".join(_Body(paper).written()) or "<p/>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<akomaNtoso xmlns="{NAMESPACE}">\n<doc name="draft">\n{_meta(paper)}'
        f"{_preface(paper)}<mainBody>\n{body}</mainBody>\n</doc>\n</akomaNtoso>\n"
    ).encode()


class _Body:
    """The lines in their order; a section lasts until a heading of the same level or a higher one."""

    def __init__(self, paper: Paper) -> None:
        self._lines = paper.lines
        self._numbers = by_id(listed(paper))
        self._open: list[int] = []  # levels of the sections that we are in

    def written(self) -> Iterator[str]:
        for line in self._lines:
            if line.kind == "heading":
                yield from self._close(line.level)
                self._open.append(line.level)
                yield f"<section {_attributes(line)}>{_number(line)}<heading>{self._inside(line)}</heading>\n"
            else:
                content = f"<content><p>{self._inside(line)}</p></content>"
                yield f"<paragraph {_attributes(line)}>{_number(line)}{content}</paragraph>\n"
        yield from self._close(0)

    def _close(self, level: int) -> Iterator[str]:
        while self._open and self._open[-1] >= level:
            self._open.pop()
            yield "</section>\n"

    def _inside(self, line: Line) -> str:
        return "".join(self._inline(each) for each in pieces(line))

    def _inline(self, each: Piece | Edge) -> str:
        if isinstance(each, Edge):
            return "" if each.opens else self._note(each)
        found = xml.text(each.text)
        for mark, begin, end in MARKS:
            if mark in each.marks:
                found = f"{begin}{found}{end}"
        return found if each.op is Op.SAME else _changed(each.op, each.by, found)

    def _note(self, edge: Edge) -> str:
        said = "".join(f"<p>{xml.text(f'{who}: {words}')}</p>" for who, words in signed(edge.talk))
        return f'<authorialNote marker="{self._numbers[edge.talk.id]}" placement="bottom">{said}</authorialNote>'


def _attributes(line: Line) -> str:
    agreed = f' refersTo="#{line.agreed.status}"' if line.agreed is not None else ""
    came = f" {TAGS[line.op]}" if line.op is not Op.SAME else ""
    return f'eId="{line.id}" class="{line.kind} level{line.level}{came}"{agreed}'


def _number(line: Line) -> str:
    return f"<num>{xml.text(line.number)}</num>" if line.number else ""


def _changed(op: Op, by: Hand | None, inside: str) -> str:
    by_whom = "" if by is None else f" refersTo={xml.attribute(f'#{_name(by)}')} title={xml.attribute(by.signature)}"
    return f"<{TAGS[op]}{by_whom}>{inside}</{TAGS[op]}>"


def _name(hand: Hand) -> str:
    """Of whoever stands behind a change, within this file."""
    return f"by-{''.join(char if char.isalnum() else '-' for char in hand.delegation or hand.name)}"


def _meta(paper: Paper) -> str:
    when = paper.point.at[:10]
    work = f"/akn/un/doc/{when}/{paper.document}"
    expression = f"{work}/mul@{when}/{paper.point.seq}"
    number = f"<FRBRnumber value={xml.attribute(paper.symbol)}/>" if paper.symbol else ""
    return (
        '<meta>\n<identification source="#rollingtext">\n'
        f"<FRBRWork>{_frbr(f'{work}/!main', work, when, 'draft')}"
        f'<FRBRcountry value="un"/>{number}<FRBRname value={xml.attribute(paper.title)}/></FRBRWork>\n'
        f"<FRBRExpression>{_frbr(f'{expression}/!main', expression, when, _state(paper.point))}"
        f'<FRBRlanguage language="mul"/></FRBRExpression>\n'
        f"<FRBRManifestation>{_frbr(f'{expression}/!main.xml', f'{expression}.xml', when, 'written')}"
        "</FRBRManifestation>\n</identification>\n"
        f'<references source="#rollingtext">\n{"".join(_references(paper))}</references>\n</meta>\n'
    )


def _frbr(this: str, uri: str, when: str, name: str) -> str:
    return (
        f'<FRBRthis value="{this}"/><FRBRuri value="{uri}"/>'
        f'<FRBRdate date="{when}" name={xml.attribute(name)}/><FRBRauthor href="#meeting"/>'
    )


def _state(point: Point) -> str:
    return point.label or "draft"


def _references(paper: Paper) -> Iterator[str]:
    yield '<TLCOrganization eId="rollingtext" href="/ontology/organization/rollingtext" showAs="Rolling Text"/>\n'
    name = xml.attribute(paper.body or paper.meeting)
    yield f'<TLCOrganization eId="meeting" href="/ontology/organization/meeting" showAs={name}/>\n'
    for status, words in CONCEPTS.items():
        if any(line.agreed and line.agreed.status == status for line in paper.lines):
            yield f'<TLCConcept eId="{status}" href="/ontology/concept/{status}" showAs="{words}"/>\n'
    for hand in {_name(each): each for each in _hands(paper.lines)}.values():
        shown = xml.attribute(hand.stands_for)
        name = xml.attribute(_name(hand))
        href = xml.attribute(f"/ontology/organization/{_name(hand)}")
        yield f"<TLCOrganization eId={name} href={href} showAs={shown}/>\n"


def _hands(lines: Iterable[Line]) -> Iterator[Hand]:
    for line in lines:
        made = [(line.op, line.by), *((span.op, span.by) for span in line.spans)]
        yield from (by for op, by in made if by is not None and op is not Op.SAME)


def _preface(paper: Paper) -> str:
    symbol = f"<docNumber>{xml.text(paper.symbol)}</docNumber> " if paper.symbol else ""
    return f"<preface><p>{symbol}<docTitle>{xml.text(paper.title)}</docTitle></p></preface>\n"
