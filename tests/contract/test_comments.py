"""What is said about paragraphs: threads and comments for all (issue of private ones: test_private) (section 4, R2)."""

from typing import Any

import httpx
import pytest

from tests.meetings import Person, made
from tests.people import Gathering


@pytest.fixture
def author(gathering: Gathering) -> Person:
    return gathering.come("delegate")


@pytest.fixture
def speaking(gathering: Gathering, author: Person) -> httpx.Client:
    return gathering.client(author)


def paragraph(gathering: Gathering, index: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = gathering.paragraphs()["paragraphs"][index]
    return found


def opened(gathering: Gathering, client: httpx.Client, index: int = 1, **terms: Any) -> dict[str, Any]:
    body = {"body": "Why so?", "visibility": "all", **terms}
    path = f"/api/documents/{gathering.document}/paragraphs/{paragraph(gathering, index)['id']}/threads"
    return made(client.post(path, json=body))


def threads(gathering: Gathering, client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/documents/{gathering.document}/threads", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_thread_is_answered_listed_counted_and_recorded(
    gathering: Gathering, author: Person, speaking: httpx.Client
) -> None:
    target = paragraph(gathering)
    thread = opened(gathering, speaking, quote="Second")
    by = {"id": author.id, "name": author.name, "delegation": "KAZ"}
    comment = thread["comments"][0]
    assert (thread["paragraph"], thread["detached"], thread["paragraph_text"]) == (target["id"], False, None)
    assert (thread["quote"], thread["visibility"], thread["delegation"]) == ("Second", "all", "KAZ")
    assert (thread["by"], thread["resolved"], thread["unread"]) == (by, None, False)
    assert (comment["body"], comment["by"], comment["edited_at"]) == ("Why so?", by, None)
    assert (comment["withdrawn"], comment["mentions"]) == (False, [])
    assert threads(gathering, speaking) == [thread]
    assert [each["threads"] for each in gathering.paragraphs()["paragraphs"]] == [0, 1, 0]
    entry = speaking.get(f"/api/documents/{gathering.document}/record").json()["items"][-1]
    assert (entry["kind"], entry["by"]) == ("comment", by)
    assert gathering.text() == ["First.", "Second.", "Third."]
