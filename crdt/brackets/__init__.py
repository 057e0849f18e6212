"""The grammar of brackets in negotiating texts, over the paragraphs of a document (B1): pure, and linear in the text.

`read(paragraphs, register)` finds everything, `count(reading, paragraphs)` the progress counts of B6. What was decided
where the rules leave room stands in `docs/decisions/0002-reading-brackets.md`.
"""

from crdt.brackets.counts import count
from crdt.brackets.model import (
    Attribution,
    Bracket,
    Counts,
    Kind,
    Lint,
    LintCode,
    Mend,
    Option,
    Reading,
    RunClass,
    Stance,
    Status,
)
from crdt.brackets.reading import read, text_of
from crdt.brackets.register import Register

__all__ = [
    "Attribution",
    "Bracket",
    "Counts",
    "Kind",
    "Lint",
    "LintCode",
    "Mend",
    "Option",
    "Reading",
    "Register",
    "RunClass",
    "Stance",
    "Status",
    "count",
    "read",
    "text_of",
]
