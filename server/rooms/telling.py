"""Threads as those who may read them are told of them."""

from collections.abc import Mapping
from typing import Any

from server.rooms.following import Placed
from server.rooms.threads import ALL, DELEGATION, Comment


def told(document: str, placed: Placed, *, unread: bool) -> dict[str, Any]:
    """A thread as those who may read it are told."""
    thread = placed.thread
    detached = thread.detached
    return {
        "id": thread.id,
        "document": document,
        "paragraph": placed.paragraph,
        "detached": detached is not None,
        "paragraph_text": None if detached is None else detached.text or thread.text,
        "quote": thread.quote,
        "visibility": ALL if thread.readers is None else DELEGATION,
        "delegation": thread.delegation,
        "by": thread.by.told(),
        "at": thread.at,
        "resolved": None if thread.resolved is None else {"by": thread.resolved[0].told(), "at": thread.resolved[1]},
        "unread": unread,
        "comments": [told_comment(each) for each in thread.comments],
    }


def told_comment(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "body": comment.body,
        "by": comment.by.told(),
        "at": comment.at,
        "edited_at": comment.edited_at,
        "withdrawn": comment.body is None,
        "mentions": list(comment.mentions),
    }


def event(document: str, said: Mapping[str, Any], placed: Placed) -> dict[str, Any]:
    """What those who may read a thread are told of an entry about it (W2)."""
    data: dict[str, Any] = {
        "thread": told(document, placed, unread=True),
        "action": said["action"],
        "paragraph": placed.paragraph,
    }
    return {**data, "comment": said["comment"]} if "comment" in said else data
