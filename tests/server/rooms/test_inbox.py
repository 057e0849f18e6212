"""What waits for a room: one order, bounded."""

import asyncio

from server.rooms import inbox as bounds
from server.rooms.inbox import Command, Edit, Inbox
from tests.server.rooms.people import Listener

A, B = Listener("a"), Listener("b")


def test_items_are_taken_in_the_order_in_which_they_came() -> None:
    inbox = Inbox()
    loop = asyncio.new_event_loop()
    command = Command(lambda document, seq, at: None, loop.create_future())  # type: ignore[arg-type,return-value]
    items = [Edit(A, b"1", 1), Edit(B, b"2", 1), command, Edit(A, b"3", 2)]
    for item in items:
        if isinstance(item, Edit):
            assert inbox.put_edit(item)
        else:
            inbox.put_command(item)
    assert inbox.take() == items
    assert not inbox
    loop.close()


def test_a_batch_is_bounded_and_what_is_left_comes_next() -> None:
    inbox = Inbox()
    for number in range(bounds.BATCH_EDITS + 5):
        inbox.put_edit(Edit(A, b"x", number))
    assert len(inbox.take()) == bounds.BATCH_EDITS
    assert [item.number for item in inbox.take() if isinstance(item, Edit)] == list(
        range(bounds.BATCH_EDITS, bounds.BATCH_EDITS + 5)
    )


def test_a_large_edit_is_a_batch_of_its_own() -> None:
    inbox = Inbox()
    large = bytes(bounds.BATCH_BYTES + 1)
    for update in (b"x", large, b"y"):
        inbox.put_edit(Edit(A, update, 1))
    sizes = []
    while inbox:
        sizes.append([len(item.update) for item in inbox.take() if isinstance(item, Edit)])
    assert sizes == [[1], [len(large)], [1]]


def test_one_member_cannot_fill_it_and_taking_makes_room() -> None:
    inbox = Inbox()
    half = bytes(bounds.MAX_MEMBER_BYTES // 2)
    assert inbox.put_edit(Edit(A, half, 1))
    assert not inbox.put_edit(Edit(A, half, 2))
    assert inbox.put_edit(Edit(B, half, 1))
    while inbox:
        inbox.take()
    assert inbox.put_edit(Edit(A, half, 2))
    assert (inbox.waiting, list(inbox.by_member)) == (len(half) + bounds.OVERHEAD, [A])


def test_all_together_cannot_fill_it_beyond_its_bound() -> None:
    inbox = Inbox()
    update = bytes(1 << 20)
    taken = [inbox.put_edit(Edit(Listener(str(n)), update, 1)) for n in range(40)]
    assert 0 < taken.count(True) < 40
    assert inbox.waiting <= bounds.MAX_BYTES


def test_empty_edits_count_too() -> None:
    inbox = Inbox()
    count = 0
    while inbox.put_edit(Edit(A, b"", count)):
        count += 1
    assert count <= bounds.MAX_MEMBER_BYTES // bounds.OVERHEAD
    while inbox:
        inbox.take()
    assert (inbox.waiting, inbox.by_member) == (0, {})
