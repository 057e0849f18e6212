"""The number at the start of a paragraph (grammar: number)."""

import pytest

from crdt.numbering import number


@pytest.mark.parametrize(
    ("text", "sort", "label", "rest"),
    [
        ("PP4 bis [Recalling", "preamble", "PP4 bis", "[Recalling"),
        ("OP7 alt 2. Decides", "operative", "OP7 alt 2", "Decides"),
        ("OP 12 ter alt. Requests", "operative", "OP12 ter alt", "Requests"),
        ("OP3", "operative", "OP3", ""),
        ("Article 5. Scope", "article", "Article 5", "Scope"),
        ("Article 6 bis", "article", "Article 6 bis", ""),
        ("Статья 3. Цели", "article", "Статья 3", "Цели"),
        ("1. Decides", "plain", "1.", "Decides"),
        ("3 bis. Decides", "plain", "3 bis.", "Decides"),
        ("15 ter alt 2. Decides", "plain", "15 ter alt 2.", "Decides"),
        ("12) Decides", "plain", "12)", "Decides"),
        ("3.1.2 Scope", "plain", "3.1.2", "Scope"),
        ("(a) To report", "plain", "(a)", "To report"),
        ("(xiv) To report", "plain", "(xiv)", "To report"),
        ("б) докладывать", "plain", "б)", "докладывать"),
        ("IV. Finance", "plain", "IV.", "Finance"),
        ("3.[Decides]", "plain", "3.", "[Decides]"),
    ],
)
def test_number(text: str, sort: str, label: str, rest: str) -> None:
    found = number(text)
    assert found is not None
    assert (found.sort, found.label, text[found.end :]) == (sort, label, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Decides",
        "Article 6 of the Agreement provides",
        "2030 is the year",
        "OPEN",
        "(see above)",
        "e.g. so",
    ],
)
def test_no_number(text: str) -> None:
    assert number(text) is None
