"""A line is cut wherever anything changes, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from server.papers.out.paper import Line, Op, Shade, Span
from server.papers.out.pieces import Edge, Piece, pieces
from server.papers.out.scripts import runs_right_to_left, stretches
from tests.server.papers.out.papers import ARU, line, talk


def told(of: Line) -> list[str]:
    """As in `["[", "+ab", "]"]`: a bracket where a thread begins or ends, the op before a change."""
    signs = {Op.SAME: "", Op.ADDED: "+", Op.REMOVED: "-"}
    return [
        f"{signs[each.op]}{each.text}{'*' * each.depth}" if isinstance(each, Piece) else "[" if each.opens else "]"
        for each in pieces(of)
    ]


def test_words_that_a_thread_is_about_and_brackets_are_cut_out() -> None:
    assert told(line("one two three", talks=(talk("Why?", start=4, end=7),))) == ["one ", "[", "two", "]", " three"]
    shades = (Shade(0, 7, 1), Shade(2, 5, 2))
    assert told(line("[a[bc]d] e", shades=shades)) == ["[a*", "[bc**", "]d*", "] e"]


def test_what_was_removed_stands_where_it_stood_and_counts_for_nothing() -> None:
    spans = (Span("one "), Span("1 ", (), Op.REMOVED, ARU), Span("two", (), Op.ADDED, ARU), Span(" end"))
    found = told(line(spans=spans, talks=(talk("Why?", start=4, end=7),)))
    assert found == ["one ", "[", "-1 ", "+two", "]", " end"]


def test_a_thread_about_no_words_holds_the_whole_line_an_empty_one_too() -> None:
    assert told(line("one", talks=(talk("Why?"),))) == ["[", "one", "]"]
    assert told(line("", talks=(talk("Why?"),))) == ["[", "]"]
    assert told(line("one", talks=(talk("Gone", start=2, end=9),))) == ["[", "one", "]"]


places = st.integers(0, 30)


@given(
    st.lists(st.tuples(st.text(max_size=8), st.sampled_from(list(Op))), max_size=6),
    st.lists(st.tuples(places, places), max_size=4),
    st.lists(st.tuples(places, places, st.integers(1, 3)), max_size=4),
)
def test_nothing_is_lost_or_said_twice(
    spans: list[tuple[str, Op]], talks: list[tuple[int, int]], shades: list[tuple[int, int, int]]
) -> None:
    of = line(
        spans=[Span(text, (), op, ARU) for text, op in spans],
        talks=tuple(talk("?", id=f"t{at}", start=start, end=end) for at, (start, end) in enumerate(talks)),
        shades=tuple(Shade(*each) for each in shades),
    )
    found = list(pieces(of))
    texts = [each for each in found if isinstance(each, Piece)]
    assert "".join(each.text for each in texts if each.op is not Op.REMOVED) == of.text
    assert "".join(each.text for each in texts if each.op is not Op.ADDED) == of.old_text
    edges = [(each.talk.id, each.opens) for each in found if isinstance(each, Edge)]
    assert len(edges) == 2 * len(talks)
    for each in of.talks:
        assert edges.index((each.id, True)) < edges.index((each.id, False))


def test_scripts_that_run_from_right_to_left_are_told_from_others() -> None:
    arabic = "المادة 6 (CMA) من"
    assert runs_right_to_left(arabic)
    assert not runs_right_to_left(f"CMA {arabic}")
    assert list(stretches(arabic, True)) == [("المادة 6 (", True), ("CMA", False), (") من", True)]
    assert list(stretches("Article 6", False)) == [("Article 6", False)]
    assert list(stretches("see المادة 6!", False)) == [("see ", False), ("المادة", True), (" 6!", False)]


@given(st.text(), st.booleans())
def test_stretches_lose_nothing(text: str, base: bool) -> None:
    assert "".join(part for part, _ in stretches(text, base)) == text
