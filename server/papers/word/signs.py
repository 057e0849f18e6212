"""Characters for what Word says by a format or a font: raised and lowered letters, and signs of special fonts."""

from collections.abc import Mapping
from typing import Final

LOST: Final = "\ufffd"

RAISED: Final = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED: Final = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

# The places of letters in the font Symbol, from 0x41 and 0x61.
GREEK: Final = {
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
}
SYMBOL: Final[Mapping[int, str]] = {
    **GREEK,
    **dict(zip(range(0x30, 0x3A), "0123456789", strict=True)),
    0x20: " ",
    0x2D: "−",
    0x5B: "[",
    0x5D: "]",
    0x28: "(",
    0x29: ")",
    0xA3: "≤",
    0xB3: "≥",
    0xB0: "°",
    0xB1: "±",
    0xB4: "×",
    0xB7: "•",
    0xB9: "≠",
    0xBB: "≈",
    0xA7: "♣",
    0xAE: "→",
    0xAC: "←",
    0xBC: "…",
    0xC5: "⊕",
    0xD6: "√",
    0xE5: "∑",
    0xF2: "∫",
    0xB8: "÷",
    0xB6: "∂",
    0xA5: "∞",
    0xCE: "∈",
    0xDE: "⇒",
    0x2B: "+",
    0x3D: "=",
    0x25: "%",
}
WINGDINGS: Final[Mapping[int, str]] = {
    0xA8: "◻",
    0xFE: "☑",
    0xFC: "✓",
    0xFB: "✗",
    0xFD: "☒",
    0x6F: "☐",
    0xA7: "▪",
    0xD8: "➢",
    0xE0: "→",
    0xDF: "←",
    0x4A: "☺",
    0x4C: "☹",
    0x6C: "●",
    0x6E: "■",
    0x71: "❑",
    0x75: "◆",
    0xF0: "⇨",
    0x76: "❖",
    0x46: "☞",
}


def raised(text: str) -> str | None:
    """None: there are no such characters."""
    return _changed(text, RAISED)


def lowered(text: str) -> str | None:
    return _changed(text, LOWERED)


def sign(font: str, code: str) -> str:
    """A `w:sym`: the character `code` (hexadecimal) of a font."""
    try:
        number = int(code, 16)
    except ValueError:
        return LOST
    if "symbol" in font.lower():
        return SYMBOL.get(number & 0xFF, LOST)
    if "wingdings" in font.lower():
        return WINGDINGS.get(number & 0xFF, LOST)
    usable = 0x20 <= number < 0xD800 or 0xF900 <= number < 0xFFFE
    return chr(number) if usable else LOST


def _changed(text: str, table: Mapping[int, int]) -> str | None:
    return text.translate(table) if all(ord(each) in table or each.isspace() for each in text) else None
