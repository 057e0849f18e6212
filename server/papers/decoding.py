"""From the bytes of a text file to characters."""

import codecs

from server.papers.source import Note, NoteCode

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CYRILLIC_SHARE = 0.3  # of the letters: Russian text has nearly all of them beyond ASCII, French text a few in a hundred


def decoded(content: bytes) -> tuple[str, tuple[Note, ...]]:
    """By the byte order mark, else as UTF-8, else as the Windows code page that it looks like, with a notice."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, errors="replace")
            return text, _lost(text)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass  # an older encoding, then
    encoding = _guess(content)
    text = content.decode(encoding, errors="replace")
    name = encoding.replace("cp", "windows-")
    told = Note(
        NoteCode.ENCODING_GUESSED, None, f"The file is not UTF-8 and was read as {name}: check letters beyond a–z."
    )
    return text, (told, *_lost(text))


def _guess(content: bytes) -> str:
    beyond = sum(byte >= 0xC0 for byte in content)
    letters = beyond + sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in content)
    return "cp1251" if beyond > CYRILLIC_SHARE * letters else "cp1252"


def _lost(text: str) -> tuple[Note, ...]:
    times = text.count("\ufffd")
    return (Note(NoteCode.CHARACTERS_LOST, None, f"{times} bytes mean nothing and show as \ufffd."),) if times else ()
