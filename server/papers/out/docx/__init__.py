"""Word's own format (ECMA-376), written by hand: real numbering, comments, tracked changes and line numbers."""

from server.papers.out.docx.package import write

__all__ = ["write"]
