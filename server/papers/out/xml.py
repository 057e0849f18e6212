"""Text within XML and HTML."""

import re
from xml.sax.saxutils import escape

# What XML 1.0 cannot hold at all, however it is written.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
INSTEAD = "\ufffd"


def text(value: str) -> str:
    """Between tags."""
    return escape(UNWRITABLE.sub(INSTEAD, value))


def attribute(value: str) -> str:
    """The value of an attribute, with its quotes."""
    value = UNWRITABLE.sub(INSTEAD, value)
    return f'"{escape(value, {chr(34): "&quot;", chr(9): "&#9;", chr(10): "&#10;", chr(13): "&#13;"})}"'
