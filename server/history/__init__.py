"""The past of a document: its text at any point of the record, who wrote what, and how two points differ."""

from server.history.model import Redline, RedlineParagraph, Span

__all__ = ["Redline", "RedlineParagraph", "Span"]
