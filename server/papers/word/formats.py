"""How the numbers of lists are written, by the names that Word gives to the ways of writing them."""

from collections.abc import Callable, Mapping
from typing import Final

RUSSIAN: Final = "абвгдежзиклмнопрстуфхцчшщэюя"
LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
ARABIC: Final = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
ABJAD: Final = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
CHINESE: Final = "〇一二三四五六七八九"
STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
NUMERALS: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
MOST: Final = 32_767  # no list is longer; numerals of what is would be


def written(number: int, form: str) -> str | None:
    """`number` in this form; None where the form is not known here."""
    writer = WRITERS.get(form)
    return None if writer is None else writer(min(max(number, 0), MOST))


def roman(number: int) -> str:
    found = ""
    for size, sign in NUMERALS:
        times, number = divmod(number, size)
        found += sign * times
    return found


def lettered(number: int, letters: str) -> str:
    """a … z, aa, bb, as Word counts on."""
    if number < 1:
        return ""
    times, at = divmod(number - 1, len(letters))
    return letters[at] * (times + 1) if times < 8 else str(number)


def ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 <= number % 100 <= 20 else endings.get(number % 10, 'th')}"


def chinese(number: int) -> str:
    """Up to 99 as one counts; beyond digit by digit."""
    if number >= 100:
        return "".join(CHINESE[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{CHINESE[tens]}十"
    return head + (CHINESE[ones] if ones or not tens else "")


WRITERS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": str,
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": lambda number: roman(number).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda number: lettered(number, LATIN).upper(),
    "lowerLetter": lambda number: lettered(number, LATIN),
    "russianUpper": lambda number: lettered(number, RUSSIAN).upper(),
    "russianLower": lambda number: lettered(number, RUSSIAN),
    "arabicAlpha": lambda number: lettered(number, ARABIC),
    "arabicAbjad": lambda number: lettered(number, ABJAD),
    "ordinal": ordinal,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": lambda number: "".join(CHINESE[int(digit)] for digit in str(number)),
    "ideographTraditional": lambda number: lettered(number, STEMS),
    "none": lambda number: "",
}
