"""The way in: a text or a file becomes drafts of paragraphs and a report. Pure; a long text takes a second or two."""

from collections.abc import Sequence
from pathlib import PurePath

from server.errors import Code, Problem
from server.papers import markdown, plaintext
from server.papers.decoding import decoded
from server.papers.labelling import Labeller
from server.papers.links import written_out
from server.papers.source import Block, Note, Source, bounded, cleaned

MARKDOWN = (".md", ".markdown")
PLAIN = (".txt", ".text")


def read_text(text: str) -> Source:
    """Paragraphs parted by blank lines; Markdown's headings and emphasis are understood, and links written out."""
    clean, notes = cleaned(text)
    return _source(markdown.plain_blocks(clean), notes)


def read_file(name: str, content: bytes) -> Source:
    """A .md or .txt file. Raises Problem for others, and for what is too long."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in (*MARKDOWN, *PLAIN):
        raise Problem(
            Code.UNSUPPORTED_TYPE, f"A file named *{suffix or name} cannot be read; send a .docx, a .md or a .txt file."
        )
    text, decoding = decoded(content)
    clean, cleaning = cleaned(text)
    read = markdown.blocks if suffix in MARKDOWN else plaintext.blocks
    blocks, notes = read(clean)
    return _source(blocks, (*decoding, *cleaning, *notes))


def _source(blocks: Sequence[Block], notes: Sequence[Note]) -> Source:
    labelled = Labeller().take(written_out(block) for block in bounded(blocks))
    return Source(tuple(labelled.drafts), (*notes, *labelled.notes))
