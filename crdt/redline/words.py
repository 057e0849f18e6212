"""A text in the parts by which it is compared: words, spaces, signs; where words are not parted by spaces, characters.

A word is a run of letters, digits and the marks that sit on them, with apostrophes inside: "State's", "e-mail" is
three parts. Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan go character by character, a sign on a letter
with its letter. An emoji that is made of several is one part, and so is a flag.
"""

import re
from typing import Final

# Blocks of scripts that are written without spaces between words.
_ALONE: Final = (
    r"\u0e00-\u0eff"  # Thai, Lao
    r"\u0f00-\u0fff"  # Tibetan
    r"\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff"  # Burmese
    r"\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"  # radicals, kana, bopomofo
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"  # ideographs
)
# What is drawn upon the sign before: of Thai, Lao, Tibetan, Burmese and Khmer; voicing signs; variation selectors.
_UPON: Final = (
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    r"\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u0fc6"
    r"\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d"
    r"\u17b4-\u17d3\u17dd\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
# Signs on letters elsewhere: accents, and those of the Hebrew, Arabic, Indian and Ethiopian scripts.
_SIGNS: Final = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    r"\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u09e2\u09e3"
    r"\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2\u0ae3\u0b01-\u0b03\u0b3c"
    r"\u0b3e-\u0b57\u0b62\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c62\u0c63\u0c81-\u0c83\u0cbc"
    r"\u0cbe-\u0cd6\u0ce2\u0ce3\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d62\u0d63\u0d81-\u0d83\u0dca-\u0ddf"
    r"\u135d-\u135f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u200c\u200d"
)
_LETTER: Final = rf"(?:[^\W{_ALONE}]|[{_SIGNS}])"
_PARTS: Final = re.compile(
    rf"{_LETTER}+(?:['’ʼ]{_LETTER}+)*|[{_ALONE}][{_UPON}]*|\s+|[\U0001f1e6-\U0001f1ff]{{2}}"
    rf"|[^\w\s][{_UPON}{_SIGNS}]*(?:(?<=\u200d)[^\w\s][{_UPON}{_SIGNS}]*)*|.",
    re.DOTALL,
)


def parts(text: str) -> list[str]:
    """The text, cut up; nothing is left out."""
    return _PARTS.findall(text)
