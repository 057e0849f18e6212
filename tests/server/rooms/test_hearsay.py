"""What is told along with the news of a commit is taken over only where it fits, hash by hash (R1, W3)."""

from dataclasses import replace

import pytest

from server.fanout import Advance, LocalFanout
from server.rooms import hearsay
from server.store import EMPTY, EntryDraft, Head, chained

DRAFTS = [
    EntryDraft("update", who, f"2026-11-26T00:00:0{at}.000000Z", bytes([at, 10, 255])) for at, who in enumerate("abc")
]
ENTRIES, HEAD = chained("d", EMPTY, DRAFTS)
ADVANCE = hearsay.told("d", HEAD, DRAFTS, led=True)


def test_edits_are_told_whole() -> None:
    assert hearsay.read(ADVANCE, EMPTY) == ENTRIES


def test_what_has_rows_beside_it_is_not_told_along() -> None:
    lock = EntryDraft("lock", "a", DRAFTS[0].at, b"{}")
    assert hearsay.told("d", HEAD, [*DRAFTS, lock], led=True) == Advance("d", HEAD.seq)
    large = [replace(DRAFTS[0], payload=bytes(hearsay.MOST + 1))]
    assert hearsay.told("d", HEAD, large, led=True) == Advance("d", HEAD.seq)


@pytest.mark.parametrize(
    "forged",
    [
        ADVANCE.carried[:-1] + b"x",  # other words
        ADVANCE.carried.replace(b'"a"', b'"c"', 1),  # another author
        ADVANCE.carried.replace(HEAD.hash.hex().encode(), b"00"),
        b"",
        b"{}\n",
        b"nothing\n",
    ],
)
def test_what_does_not_fit_is_looked_up_instead(forged: bytes) -> None:
    assert hearsay.read(replace(ADVANCE, carried=forged), EMPTY) is None


def test_what_hangs_on_another_entry_is_looked_up_instead() -> None:
    assert hearsay.read(ADVANCE, Head(0, b"\1" * 32)) is None
    assert hearsay.read(ADVANCE, HEAD) is None


async def test_company_is_expected_of_those_who_have_just_written() -> None:
    now = 100.0
    here = hearsay.Hearsay("d", LocalFanout(), lambda: now)
    assert not here.expects(0.03)  # nobody has written
    here.hear(Advance("d", 1))
    found = []
    for now in (100.0, 100.05, 100.07):  # noqa: B007  # the clock
        found.append(here.expects(0.03))
    assert found == [True, True, False]


async def test_what_is_written_behind_anothers_batch_calls_forth_no_third() -> None:
    here = hearsay.Hearsay("d", LocalFanout(), lambda: 100.0)
    assert here.tell(HEAD, DRAFTS)
    here.hear(replace(ADVANCE, led=False))
    assert here.tell(HEAD, DRAFTS), "nobody has begun before"
    here.hear(ADVANCE)
    assert not here.tell(HEAD, DRAFTS)
    assert here.tell(HEAD, DRAFTS), "the next is an own one again"
