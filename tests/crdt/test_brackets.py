"""The grammar of brackets beyond the worked cases."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.brackets import (
    Attribution,
    Bracket,
    Counts,
    Kind,
    LintCode,
    Reading,
    Register,
    RunClass,
    Stance,
    Status,
    count,
    read,
    text_of,
)
from crdt.paragraphs import Paragraph, Run
from tests.crdt.texts import of_runs, paragraph, paragraphs

REGISTER = Register.of(
    [("ARE", "United Arab Emirates"), ("IND", "India"), ("KAZ", "Kazakhstan"), ("TTO", "Trinidad and Tobago")]
)


def texts(text: str) -> list[str]:
    read_from = paragraphs(text)
    return [text_of(bracket, read_from) for bracket in read(read_from).brackets]


def only(text: str) -> Bracket:
    (bracket,) = read(paragraphs(text), REGISTER).brackets
    return bracket


def kinds(text: str) -> list[Kind]:
    return [bracket.kind for bracket in read(paragraphs(text), REGISTER).brackets]


def counts(text: str) -> Counts:
    read_from = paragraphs(text)
    return count(read(read_from), read_from)


class TestSections:
    def test_a_bracket_may_cross_paragraphs_of_its_section(self) -> None:
        assert texts("# A\n\n[one\n\ntwo\n\nthree]") == ["[one\ntwo\nthree]"]

    def test_a_heading_of_the_same_rank_ends_it(self) -> None:
        assert texts("# A\n\n[one\n\n# B\n\ntwo]") == []

    def test_a_heading_of_a_higher_rank_ends_it(self) -> None:
        assert texts("## A\n\n[one\n\n# B\n\ntwo]") == []

    def test_what_is_opened_under_a_parent_spans_its_subsections(self) -> None:
        assert texts("# A\n\n[one\n\n## A.1\n\ntwo\n\n## A.2\n\nthree]") == ["[one\nA.1\ntwo\nA.2\nthree]"]

    def test_what_is_opened_in_a_heading_spans_its_subsections(self) -> None:
        assert texts("# [A\n\n## A.1\n\ntwo]") == ["[A\nA.1\ntwo]"]

    def test_before_the_first_heading_is_a_section_of_its_own(self) -> None:
        assert texts("[one\n\n#### A\n\ntwo]") == []

    def test_one_lost_bracket_costs_its_section_only(self) -> None:
        text = "# A\n\n[lost [a]\n\n# B\n\n[b [c]]"
        assert [(bracket.first, bracket.depth) for bracket in read(paragraphs(text)).brackets] == [
            (1, 1),
            (3, 1),
            (3, 2),
        ]


class TestNoBrackets:
    @pytest.mark.parametrize(
        "text",
        ["[sic]", "[SIC!]", "[signed]", "[seal]", "word[1]", "word.[12] Next", "text,[3]", "“the [...] Parties”"],
    )
    def test_none(self, text: str) -> None:
        assert texts(text) == []

    @pytest.mark.parametrize("text", ["word[1][2]", "by [2020]", "20[30]", "the [...] Parties", "[T]he Parties"])
    def test_some(self, text: str) -> None:
        assert texts(text)

    def test_brackets_inside_a_facilitators_note_are_none(self) -> None:
        assert texts("{to be [merged] later} [shall]") == ["[shall]"]

    def test_a_brace_that_is_not_closed_hides_nothing(self) -> None:
        assert texts("{lost [shall]") == ["[shall]"]

    def test_a_link_leaves_the_brackets_around_and_inside_it(self) -> None:
        assert texts("[see [the [Almaty] Act](https://example.org/a) here]") == [
            "[see [the [Almaty] Act](https://example.org/a) here]",
            "[Almaty]",
        ]

    def test_struck_text_is_not_counted(self) -> None:
        struck = of_runs((Run("Parties "), Run("[shall] not", ("strike",)), Run(" [may] act")))
        reading = read((struck,))
        assert [text_of(bracket, (struck,)) for bracket in reading.brackets] == ["[may]"]
        assert count(reading, (struck,)).words == 3


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("by [XX] members", Kind.PLACEHOLDER),
            ("by [year] at", Kind.PLACEHOLDER),
            ("in [____] city", Kind.PLACEHOLDER),
            ("[Facilitator's note: see above]", Kind.NOTE),
            ("the text [Russian only] of", Kind.NOTE),
            ("[India wishes to reserve its position]", Kind.RESERVATION),
            ("[DELETE: in time]", Kind.DELETION),
            ("paragraph [14] above", Kind.NUMBER),
            ("communication[s]", Kind.WORD_PART),
            ("[un]necessary", Kind.WORD_PART),
            ("consistency, and[should] be", Kind.CONTESTED),
            ("the end[.] ", Kind.PUNCTUATION),
            ("men [and/or] women", Kind.CONTESTED),
            ("[policies/measures] of", Kind.ALTERNATIVE),
            ("adopted on [12/05/2026] in", Kind.CONTESTED),
            ("see [A/RES/ES] of", Kind.CONTESTED),
            ("(a) [All of it]; and", Kind.PARAGRAPH),
            ("[All of it] (KAZ)", Kind.PARAGRAPH),
            ("[One\n\ntwo] three", Kind.SECTION),
        ],
    )
    def test_kind(self, text: str, kind: Kind) -> None:
        assert kinds(text) == [kind]

    def test_a_slash_in_a_long_sentence_parts_no_alternatives(self) -> None:
        text = "[the members shall report on the policies/measures that they took in the year before the meeting]"
        assert kinds(text + " at once") == [Kind.CONTESTED]


class TestRuns:
    @pytest.mark.parametrize(
        ("text", "run_class"),
        [
            ("[a] [b]", RunClass.ALTERNATIVES),
            ("[a] or [b]", RunClass.ALTERNATIVES),
            ("[a] and/or [b]", RunClass.ALTERNATIVES),
            ("[a] или [b]", RunClass.ALTERNATIVES),
            ("[shall] [and should]", RunClass.ALTERNATIVES),
            ("[a][, b][ and c]", RunClass.ADDITIVE),
            ("[a] [and b] [c]", RunClass.AMBIGUOUS),
            ("[shall] (KAZ) [should] (IND)", RunClass.ALTERNATIVES),
        ],
    )
    def test_class(self, text: str, run_class: RunClass) -> None:
        brackets = read(paragraphs(text), REGISTER).brackets
        assert {bracket.run_class for bracket in brackets} == {run_class}
        assert {bracket.run for bracket in brackets} == {0}

    @pytest.mark.parametrize("text", ["[a] and [b]", "[a] b [c]", "[a\n\nb] [c]", "[a [b]] [Note: c]", "[a]\n\n[b]"])
    def test_no_run(self, text: str) -> None:
        assert {bracket.run for bracket in read(paragraphs(text)).brackets} == {None}

    def test_members_have_one_depth(self) -> None:
        assert [bracket.run for bracket in read(paragraphs("[[a][b] c] [d]")).brackets] == [0, 1, 1, 0]


class TestAttribution:
    @pytest.mark.parametrize(
        ("text", "attribution"),
        [
            ("[KAZ: in time]", (("KAZ", None),)),
            ("[Kazakhstan and India support: in time]", (("KAZ", Stance.SUPPORT), ("IND", Stance.SUPPORT))),
            ("[KAZ can accept; IND prefers: in time]", (("KAZ", Stance.CAN_ACCEPT), ("IND", Stance.PREFER))),
            ("[Trinidad and Tobago and KAZ oppose: in time]", (("TTO", Stance.OPPOSE), ("KAZ", Stance.OPPOSE))),
            ("[in time – the United Arab Emirates]", (("ARE", None),)),
            ("[in time (KAZ/IND)]", (("KAZ", None), ("IND", None))),
            ("[KAZ: in time] (IND)", (("KAZ", None), ("IND", None))),
            ("[G77 and China: in time]", (("G77", None),)),
            ("[KAZ предлагает: вовремя]", (("KAZ", Stance.SUPPORT),)),
            ("[KAZ and Atlantis propose: in time]", ()),
            ("[as they are: in time]", ()),
            ("[are: in time]", ()),
            ("[in time - at last]", ()),
        ],
    )
    def test_parties_are_of_the_register(self, text: str, attribution: Sequence[tuple[str, Stance | None]]) -> None:
        assert only(text).attribution == tuple(Attribution(*each) for each in attribution)

    def test_what_is_left_of_the_attribution_is_the_text(self) -> None:
        assert kinds("[KAZ propose: shall] [IND: should] act") == [Kind.ALTERNATIVE] * 2
        assert only("[KAZ: date]").kind is Kind.PLACEHOLDER


class TestOptions:
    def groups(self, text: str) -> list[tuple[int, int | None, bool]]:
        return [(option.paragraph, option.group, option.null) for option in read(paragraphs(text)).options]

    def test_a_row_that_counts_up_is_a_group_whatever_stands_between(self) -> None:
        assert self.groups("Option 1\n\n1. Text.\n\nOption 2: {No text required}") == [(0, 0, False), (2, 0, True)]

    def test_a_row_that_begins_anew_is_another(self) -> None:
        text = "Option 1\n\nOption 2\n\nOption 1\n\nOption 2"
        assert [group for _, group, _ in self.groups(text)] == [0, 0, 2, 2]

    def test_rows_of_letters_stand_inside_rows_of_numbers(self) -> None:
        text = "Option 1\n\nOption A\n\nOption B\n\nOption 2\n\nOption A"
        assert [group for _, group, _ in self.groups(text)] == [0, 1, 1, 0, None]

    def test_a_heading_ends_a_group(self) -> None:
        assert [group for _, group, _ in self.groups("Option 1\n\n# A\n\nOption 2")] == [None, None]

    @pytest.mark.parametrize("text", ["Alt 1. a", "[Alternative (b)] a", "Variant C", "Вариант 2: а", "3. Option 1: a"])
    def test_its_words(self, text: str) -> None:
        assert self.groups(text)

    @pytest.mark.parametrize("text", ["Optional text", "Option", "Alternative approaches", "No option 1"])
    def test_other_words(self, text: str) -> None:
        assert not self.groups(text)


class TestLints:
    def lints(self, text: str, agreed: Sequence[str] = ()) -> list[LintCode]:
        return [lint.code for lint in read(paragraphs(text), agreed=agreed).lints]

    @pytest.mark.parametrize("text", ["[one", "one]", "][", "[a [b] c", "# A\n\n[x\n\n# B\n\nOP3 (agreed) on [all]"])
    def test_mends_mend(self, text: str) -> None:
        read_from = list(paragraphs(text))
        while lints := read(read_from).lints:
            mend = lints[0].mend
            old = read_from[mend.paragraph]
            new = old.text[: mend.at] + mend.insert + old.text[mend.at + mend.delete :]
            read_from[mend.paragraph] = paragraph(new, old.index, old.kind, old.level)
            assert len(read(read_from).lints) < len(lints)

    def test_an_agreed_paragraph_cut_by_a_bracket(self) -> None:
        assert self.lints("[one\n\nOP2 (agreed) two\n\nthree]") == [LintCode.AGREED_WITH_BRACKETS]

    def test_a_locked_paragraph_with_a_bracket(self) -> None:
        assert self.lints("one\n\nnot [all]", agreed=("7-0", "7-1")) == [LintCode.AGREED_WITH_BRACKETS]

    def test_pending_is_no_contradiction(self) -> None:
        text = paragraphs("OP3 (pending) on [all]")
        assert read(text).statuses == {0: Status.PENDING}
        assert not read(text).lints

    def test_a_lint_changes_no_count(self) -> None:
        assert counts("[a [b] c").pairs == 1
        assert counts("a [b] c").clean_paragraphs == counts("[a] [b c").clean_paragraphs == 0
        assert counts("a [b c").clean_paragraphs == 1


class TestCounts:
    """B6."""

    @pytest.mark.parametrize(
        ("text", "issues"),
        [
            ("[a [b] c] d", 1),
            ("[shall][should] act [now]", 2),
            ("[[shall][should] act]", 1),
            ("by [date] in [x]", 0),
            ("[Note: later]", 0),
            ("Option 1: [a] b [c]\n\nOption 2: d", 1),
            ("[Option (a): a\n\nOption (b): b]", 1),
            ("[Option 1: a]\n\n[Option 2: b]", 1),
            ("[KAZ reserves its position]", 1),
        ],
    )
    def test_issues(self, text: str, issues: int) -> None:
        read_from = paragraphs(text)
        assert count(read(read_from, REGISTER), read_from).issues == issues

    def test_words_are_runs_of_letters_or_digits(self) -> None:
        assert counts("G77’s 2nd communication[s] — не [позднее 2030] года").words == 9
        assert counts("G77’s 2nd communication[s] — не [позднее 2030] года").words_bracketed == 3

    def test_words_in_nested_and_crossing_brackets_count_once(self) -> None:
        assert counts("a [b [c] d\n\ne\n\nf] g").words_bracketed == 5

    def test_notes_are_never_counted(self) -> None:
        assert counts("one {two three} [Note: four] five").words == 4
        assert counts("one {two three} [Note: four] five").words_bracketed == 0

    def test_paragraphs(self) -> None:
        read_from = paragraphs("one\n\n[two\n\nthree]\n\n(agreed) four\n\nfive [")
        counted = count(read(read_from), read_from, agreed={"7-0"})
        assert (counted.paragraphs, counted.clean_paragraphs, counted.agreed_paragraphs, counted.lints) == (5, 3, 1, 1)
        assert counted.placeholders == 0


ALPHABET = st.sampled_from(
    [*'[]［］{}()/:;,-."“”«» aшع方1x', "[shall]", "KAZ: ", "[1]", "](https://a)", "😀", "\ud800"]
)


def plain(text: str, index: int) -> Paragraph:
    return Paragraph(
        f"7-{index}", index, "heading" if text.startswith("a") else "body", 1, None, text, (Run(text),), ""
    )


@given(st.lists(st.lists(ALPHABET, max_size=30).map("".join), max_size=6))
def test_any_text_reads(parts: list[str]) -> None:
    text = [plain(part, index) for index, part in enumerate(parts)]
    reading = read(text, REGISTER)
    holds_together(text, reading)
    counted = count(reading, text)
    assert counted.words_bracketed <= counted.words
    assert counted.clean_paragraphs <= counted.paragraphs == len(text)
    assert counted.issues + counted.placeholders <= counted.pairs + len(reading.options)


def holds_together(text: list[Paragraph], reading: Reading) -> None:
    """Pairs nest, stand in the order of the text, and their offsets are code points of it (B4)."""
    places = [((bracket.first, bracket.start), (bracket.last, bracket.end)) for bracket in reading.brackets]
    assert places == sorted(places)
    for bracket, (start, end) in zip(reading.brackets, places, strict=True):
        assert text_of(bracket, text)[0] in "[［"
        assert text_of(bracket, text)[-1] in "]］"
        if bracket.parent is None:
            assert bracket.depth == 1
        else:
            assert places[bracket.parent][0] < start < end < places[bracket.parent][1]
            assert bracket.depth == reading.brackets[bracket.parent].depth + 1


def seconds(text: list[Paragraph]) -> float:
    best = 60.0
    for _ in range(3):
        begun = time.perf_counter()
        count(read(text, REGISTER), text)
        best = min(best, time.perf_counter() - begun)
    return best


@pytest.mark.parametrize(
    "shape",
    [
        lambda n: "[" * n + "x" + "]" * n,
        lambda n: "[a " * n + "x" + " b]" * n,
        lambda n: "[" + "word " * (2 * n) + "]",
        lambda n: "[KAZ: " * n,
        lambda n: "{" * n + "[a](http://" * n,
        lambda n: "[x]/" * n + "]" * n,
        lambda n: "[" + " " * n + "]",
        lambda n: "[a]" + " " * n + "b [c]",
        lambda n: ("[" + " " * 299 + "]") * (n // 300),
    ],
    ids=[
        "nested",
        "nested with words",
        "one long bracket",
        "unclosed",
        "braces and links",
        "a run of slashes",
        "spaces in a bracket",
        "spaces between two",
        "a row of wide brackets",
    ],
)
def test_reading_is_linear(shape: object) -> None:
    assert callable(shape)
    small, large = (seconds([plain(shape(n), 0)]) for n in (1_000, 4_000))
    assert large < 16 * small + 0.05, "four times the text cost more than sixteen times as long: that is quadratic"


def test_a_text_of_120_kb_with_1000_pairs() -> None:
    sentence = (
        "3. The Members [shall][should] endeavour[, where appropriate,] to widen [their ties] [KAZ, IND: by 2030] "
    )
    text = [plain((sentence + "in accordance with national legislation " * 20)[:600], index) for index in range(200)]
    assert count(read(text, REGISTER), text).pairs == 1_000
    assert seconds(text) < 0.150 * 4, "150 ms on a quiet machine; four times that where tests share it"
