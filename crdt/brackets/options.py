"""Option paragraphs and their groups (grammar: option)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crdt.brackets.model import Option
from crdt.brackets.scan import LETTERED, NUMBERED, Scan
from crdt.paragraphs import Paragraph


@dataclass(slots=True)
class _Row:
    rank: int  # of its latest option
    head: int  # its first one, as an index


def find(paragraphs: Sequence[Paragraph], scans: Sequence[Scan]) -> tuple[Option, ...]:
    """A group is a row that counts up within one section (Option 1, Option 2, …), whatever stands between. A row may
    hold rows of the other sort: Option 1, Option A, Option B, Option 2."""
    found: list[Option] = []
    rows: dict[str, _Row] = {}
    for index, (paragraph, scan) in enumerate(zip(paragraphs, scans, strict=True)):
        if paragraph.kind == "heading":
            rows.clear()
        label = scan.option
        if label is None:
            continue
        row = rows.get(label.sort)
        if row is None or label.rank <= row.rank:
            row = rows[label.sort] = _Row(label.rank, len(found))
            found.append(Option(index, None, label.null))
        else:
            first = found[row.head] = replace(found[row.head], group=found[row.head].paragraph)
            found.append(Option(index, first.group, label.null))
            row.rank = label.rank
        if label.sort == NUMBERED:
            rows.pop(LETTERED, None)
    return tuple(found)
