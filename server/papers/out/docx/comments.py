"""Word's comments: every remark is one, replies hang on the first of their thread, what is resolved is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.papers.out import xml
from server.papers.out.paper import Remark, Talk
from server.papers.out.pieces import Edge

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_W15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
WITHDRAWN = "(withdrawn)"


@dataclass(slots=True)
class Comments:
    """Grows as the text is written; `comments` and `extended` are what two parts of the package hold."""

    _written: list[str] = field(default_factory=list)
    _linked: list[str] = field(default_factory=list)
    _names: dict[str, range] = field(default_factory=dict)  # ids of a thread's remarks

    def edge(self, edge: Edge) -> str:
        """What stands in the text where a thread begins or ends."""
        return self.begin(edge.talk) if edge.opens else self.end(edge.talk)

    def begin(self, talk: Talk, about: str = "") -> str:
        """`about`: what is said of the place before the first remark."""
        first = len(self._written)
        names = self._names[talk.id] = range(first, first + len(talk.remarks))
        for name, remark in zip(names, talk.remarks, strict=True):
            self._write(name, remark, talk, first, about if name == first else "")
        return "".join(f'<w:commentRangeStart w:id="{name}"/>' for name in names)

    def end(self, talk: Talk) -> str:
        return "".join(
            f'<w:commentRangeEnd w:id="{name}"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
            f'<w:commentReference w:id="{name}"/></w:r>'
            for name in self._names[talk.id]
        )

    def lost(self, talks: Sequence[Talk]) -> str:
        """Those whose paragraphs are gone, all at one place."""
        return "".join(
            self.begin(talk, f"On a paragraph that was deleted: “{talk.text or talk.quote or ''}”") + self.end(talk)
            for talk in talks
        )

    def _write(self, name: int, remark: Remark, talk: Talk, first: int, about: str) -> None:
        paragraphs = [*([about] if about else []), *(remark.body or WITHDRAWN).split("\n")]
        last = len(paragraphs) - 1
        body = "".join(
            f"<w:p{f' w14:paraId={_paragraph(name)}' if at == last else ''}>"
            '<w:pPr><w:pStyle w:val="CommentText"/></w:pPr>'
            f'<w:r><w:t xml:space="preserve">{xml.text(paragraph)}</w:t></w:r></w:p>'
            for at, paragraph in enumerate(paragraphs)
        )
        hand = remark.by
        initials = hand.delegation or "".join(word[0] for word in hand.name.split()[:3])
        self._written.append(
            f'<w:comment w:id="{name}" w:author={xml.attribute(hand.signature)}{moment(hand.at)}'
            f" w:initials={xml.attribute(initials)}>{body}</w:comment>"
        )
        parent = f" w15:paraIdParent={_paragraph(first)}" if name != first else ""
        done = int(talk.resolved)
        self._linked.append(f'<w15:commentEx w15:paraId={_paragraph(name)}{parent} w15:done="{done}"/>')

    @property
    def any(self) -> bool:
        return bool(self._written)

    def comments(self) -> str:
        return f'<w:comments {_W} {_W14} {_MC} mc:Ignorable="w14">{"".join(self._written)}</w:comments>'

    def extended(self) -> str:
        return f'<w15:commentsEx {_W15} {_MC} mc:Ignorable="w15">{"".join(self._linked)}</w15:commentsEx>'


def _paragraph(name: int) -> str:
    return f'"{0x10000000 + name:08X}"'


def moment(at: str | None) -> str:
    """When, as Word writes it: UTC, whole seconds; nothing where nobody knows."""
    return f' w:date="{at[:19]}Z"' if at else ""
