"""The worked cases of the grammar (B1): the same file serves the page's reading of brackets."""

import json
from pathlib import Path
from typing import Any

import pytest

from crdt.brackets import Bracket, Kind, LintCode, Reading, Register, RunClass, Status, read
from crdt.numbering import number
from crdt.paragraphs import Paragraph
from tests.crdt.texts import paragraphs

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "bracket_cases.jsonl").read_text(encoding="utf-8").splitlines()
]
REGISTER = Register.of(
    [
        ("AZE", "Azerbaijan"),
        ("CHN", "China"),
        ("IND", "India"),
        ("IRN", "Iran (Islamic Republic of)"),
        ("KAZ", "Kazakhstan"),
        ("PAK", "Pakistan"),
        ("RUS", "Russian Federation"),
        ("UZB", "Uzbekistan"),
    ]
)
FAMILY = {Kind.CONTESTED, Kind.PARAGRAPH, Kind.SECTION}
STATUS_TAGS = {Status.AGREED: "agreed", Status.AGREED_AD_REF: "ad-ref", Status.PENDING: "pending"}
# What is no bracket leaves no trace in a reading: these tags say why there are no pairs.
NONE_AT_ALL = {"footnote", "link", "checkbox", "quote-alteration", "elision"}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    text = paragraphs(case["text"])
    reading = read(text, REGISTER)
    tags = tags_of(text, reading)
    assert len(reading.brackets) == case["pairs"]
    assert set(case["kinds"]) - NONE_AT_ALL <= tags
    assert {tag for tag in case["kinds"] if tag.startswith("lint:")} == {tag for tag in tags if tag.startswith("lint:")}
    if set(case["kinds"]) & NONE_AT_ALL or not case["kinds"]:
        assert not tags


def test_every_case_is_there() -> None:
    assert len({case["id"] for case in CASES}) == 64


def tags_of(text: tuple[Paragraph, ...], reading: Reading) -> set[str]:
    """A reading in the words of the cases."""
    tags = {f"lint:{lint.code}" for lint in reading.lints}
    tags |= {f"status:{STATUS_TAGS[status]}" for status in reading.statuses.values()}
    for paragraph in text:
        numbered = number(paragraph.text)
        if numbered and numbered.sort != "plain":
            tags.add("number:" + numbered.label.replace(" ", ""))
        if "{" in paragraph.text:
            tags.add("facilitator-note")
    for bracket in reading.brackets:
        tags |= bracket_tags(text, bracket)
    if reading.options:
        tags.add("option")
        tags |= {"null-option"} if any(option.null for option in reading.options) else set()
        for group in {option.group for option in reading.options} - {None}:
            tags.add(f"option-group:{sum(option.group == group for option in reading.options)}")
    return tags


def bracket_tags(text: tuple[Paragraph, ...], bracket: Bracket) -> set[str]:
    inside = text[bracket.first].text[bracket.start + 1 : bracket.end - 1].strip()
    tags = {bracket.kind.replace("_", "-")}
    if bracket.kind in FAMILY:
        tags.add("contested")
        if bracket.depth > 1:
            tags.add("contested:nested")
    if bracket.kind is Kind.PARAGRAPH:
        tags.add("contested:paragraph")
    if bracket.kind is Kind.SECTION:
        tags.add("contested:multi-paragraph")
    if bracket.kind is Kind.PLACEHOLDER and not inside:
        tags.add("placeholder:empty")
    if bracket.kind is Kind.NOTE and inside.startswith("in "):
        tags.add("note:language")
    if bracket.slashed:
        tags |= (
            {"alternatives:slash", "alternatives:slash-leading"} if inside.startswith("/") else {"alternatives:slash"}
        )
    if bracket.run_class in (RunClass.ALTERNATIVES, RunClass.OPEN):
        tags |= {"alternatives", "alternatives:nested"} if bracket.depth > 1 else {"alternatives"}
        tags |= {"alternatives:open"} if bracket.run_class is RunClass.OPEN else set()
    elif bracket.run_class:
        tags.add(f"run:{bracket.run_class}")
    return tags | attribution_tags(text, bracket)


def attribution_tags(text: tuple[Paragraph, ...], bracket: Bracket) -> set[str]:
    if not bracket.attribution:
        return set()
    tags = {"attr:" + ",".join(each.delegation for each in bracket.attribution)}
    for stance in {each.stance for each in bracket.attribution} - {None}:
        tags.add(f"{stance}:" + ",".join(each.delegation for each in bracket.attribution if each.stance is stance))
    if not text[bracket.last].text[bracket.end :].lstrip().startswith("("):
        tags.add("proposal")
    return tags


def test_the_lints_are_those_of_the_grammar() -> None:
    assert [*LintCode] == ["UNCLOSED", "STRAY_CLOSE", "AGREED_WITH_BRACKETS"]
