"""Text within XML and HTML."""

import re
from html import escape

# What XML 1.0 cannot hold at all, however it is written.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
INSTEAD = "\ufffd"
IN_QUOTES = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


def text(value: str) -> str:
    """Between tags."""
    return escape(UNWRITABLE.sub(INSTEAD, value), quote=False)


def attribute(value: str) -> str:
    """The value of an attribute, with its quotes."""
    return f'"{text(value).translate(IN_QUOTES)}"'
