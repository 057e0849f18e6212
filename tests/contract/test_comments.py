"""What is said about paragraphs to everybody (section 4, R2, B3); what is said to one delegation is in test_private."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.client import Client, Line
from tests.meetings import Person, made
from tests.people import Gathering, refused


@pytest.fixture
def author(gathering: Gathering) -> Person:
    return gathering.come("delegate")


@pytest.fixture
def speaking(gathering: Gathering, author: Person) -> httpx.Client:
    return gathering.client(author)


@pytest.fixture
def uzbek(gathering: Gathering) -> httpx.Client:
    return gathering.client(gathering.enter(gathering.invite("delegate", delegation="UZB"), "Dilnoza"))


def paragraph(gathering: Gathering, index: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = gathering.paragraphs()["paragraphs"][index]
    return found


def place(gathering: Gathering, index: int = 1) -> str:
    return f"/api/documents/{gathering.document}/paragraphs/{paragraph(gathering, index)['id']}/threads"


def opened(gathering: Gathering, client: httpx.Client, index: int = 1, **terms: Any) -> dict[str, Any]:
    return made(client.post(place(gathering, index), json={"body": "Why so?", "visibility": "all", **terms}))


def threads(gathering: Gathering, client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/documents/{gathering.document}/threads", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def inbox(gathering: Gathering, client: httpx.Client, filter_: str) -> list[str]:
    answer = client.get(f"/api/documents/{gathering.document}/inbox", params={"filter": filter_})
    assert answer.status_code == 200, answer.text
    return [thread["id"] for thread in answer.json()["items"]]


def summaries(gathering: Gathering) -> list[str]:
    items = gathering.admin.get(f"/api/documents/{gathering.document}/record").json()["items"]
    return [entry["summary"] for entry in items if entry["kind"] == "comment"]


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


def test_replies_edits_and_withdrawal(gathering: Gathering, speaking: httpx.Client, uzbek: httpx.Client) -> None:
    thread = opened(gathering, speaking)
    reply = made(uzbek.post(f"/api/threads/{thread['id']}/comments", json={"body": "Because."}))
    path = f"/api/comments/{reply['id']}"
    for stranger in (speaking, gathering.admin):  # only its author, whatever else one may do
        refused(stranger.patch(path, json={"body": "Never"}), 403, "forbidden")
        refused(stranger.delete(path), 403, "forbidden")
    edited = uzbek.patch(path, json={"body": "Because of Article 4."}).json()
    assert edited["edited_at"] > edited["at"]
    shown = threads(gathering, speaking)[0]["comments"]
    assert [each["body"] for each in shown] == ["Why so?", "Because of Article 4."]
    assert shown[1] == edited
    for _ in range(2):
        assert uzbek.delete(path).status_code == 204
    gone = threads(gathering, speaking)[0]["comments"][1]
    assert (gone["withdrawn"], gone["body"], gone["mentions"]) == (True, None, [])
    refused(uzbek.patch(path, json={"body": "Again"}), 409, "withdrawn")
    assert [words.split(" ", 1)[0] for words in summaries(gathering)] == ["thread"] + ["comment"] * 3
    assert summaries(gathering)[-1].endswith("withdrawn")


def test_a_reply_to_what_was_resolved_or_withdrawn_is_refused(gathering: Gathering, speaking: httpx.Client) -> None:
    thread = opened(gathering, speaking)
    replies, resolved = f"/api/threads/{thread['id']}/comments", f"/api/threads/{thread['id']}/resolved"
    for _ in range(2):
        assert speaking.put(resolved).json()["resolved"]["by"]["delegation"] == "KAZ"
    refused(speaking.post(replies, json={"body": "But"}), 409, "thread_resolved")
    for _ in range(2):
        assert speaking.delete(resolved).status_code == 204
    assert threads(gathering, speaking)[0]["resolved"] is None
    speaking.delete(f"/api/comments/{thread['comments'][0]['id']}")
    refused(speaking.post(replies, json={"body": "But"}), 409, "withdrawn")
    assert len(summaries(gathering)) == 4


def test_p2_who_resolves(gathering: Gathering, speaking: httpx.Client, uzbek: httpx.Client) -> None:
    path = f"/api/threads/{opened(gathering, speaking)['id']}/resolved"
    refused(uzbek.put(path), 403, "forbidden")
    refused(uzbek.delete(path), 403, "forbidden")
    for who in (gathering.client(gathering.come("chair")), gathering.admin, speaking):
        assert who.put(path).status_code == 200
        assert who.delete(path).status_code == 204


def test_p2_observers_comment_if_the_meeting_allows_it(gathering: Gathering) -> None:
    observer = gathering.client(gathering.come("observer"))
    body = {"body": "We would", "visibility": "all"}
    refused(observer.post(place(gathering), json=body), 403, "forbidden")
    settings = {"settings": {"observers_may_comment": True}}
    assert gathering.admin.patch(f"/api/meetings/{gathering.id}", json=settings).is_success
    assert made(observer.post(place(gathering), json=body))["delegation"] == "UNDP"


@pytest.mark.parametrize(
    "body",
    ["", "   \n ", "\u200b", "x" * 10_001, "a\0b", "bell\a", "\x7f", "\x85", 7, None],
    ids=["empty", "blank", "unseen", "too long", "nul", "bell", "delete", "c1", "number", "null"],
)
def test_bodies_that_are_none(gathering: Gathering, speaking: httpx.Client, body: Any) -> None:
    target = place(gathering)
    refused(speaking.post(target, json={"body": body, "visibility": "all"}), 422, "invalid")
    thread = opened(gathering, speaking)
    refused(speaking.post(f"/api/threads/{thread['id']}/comments", json={"body": body}), 422, "invalid")
    refused(speaking.patch(f"/api/comments/{thread['comments'][0]['id']}", json={"body": body}), 422, "invalid")


def test_half_a_character_is_no_json(gathering: Gathering, speaking: httpx.Client) -> None:
    answer = speaking.post(
        place(gathering),
        content=rb'{"body": "\ud83d", "visibility": "all"}',
        headers={"Content-Type": "application/json"},
    )
    refused(answer, 400, "malformed")


@pytest.mark.parametrize(
    "body", ["x" * 10_000, "😀" * 10_000, "<script>alert(1)</script>", "line\n\tand line", "‏عربي 中文 ё", "@nobody"]
)
def test_bodies_are_kept_to_the_letter(gathering: Gathering, speaking: httpx.Client, body: str) -> None:
    opened(gathering, speaking, body=body)
    assert threads(gathering, speaking)[0]["comments"][0]["body"] == body


def test_ends_of_lines_are_one(gathering: Gathering, speaking: httpx.Client) -> None:
    assert opened(gathering, speaking, body="a\r\nb\rc")["comments"][0]["body"] == "a\nb\nc"


@pytest.mark.parametrize(
    ("body", "mentions"),
    [
        ("@KAZ and @UZB.", ["KAZ", "UZB"]),
        ("(@UNDP), @UNDP", ["UNDP"]),
        ("@XXX @kaz @ KAZ a@KAZ @@KAZ @KAZX", []),
        ("@UZB-", ["UZB"]),
    ],
)
def test_mentions_are_of_delegations_of_the_meeting(
    gathering: Gathering, speaking: httpx.Client, body: str, mentions: list[str]
) -> None:
    assert opened(gathering, speaking, body=body)["comments"][0]["mentions"] == mentions


def test_the_inbox(gathering: Gathering, speaking: httpx.Client, uzbek: httpx.Client) -> None:
    calling = opened(gathering, speaking, body="@UZB, can you accept this?")["id"]
    other = opened(gathering, speaking)["id"]
    assert inbox(gathering, uzbek, "for_us") == [calling]
    assert inbox(gathering, uzbek, "unread") == [calling, other]
    assert inbox(gathering, uzbek, "mine") == []
    assert inbox(gathering, speaking, "unread") == []  # one's own words are no news
    assert inbox(gathering, speaking, "mine") == [calling, other]
    seen, seq = f"/api/documents/{gathering.document}/seen", gathering.paragraphs()["seq"]
    assert uzbek.put(seen, json={"seq": seq}).json() == {"seq": seq}
    assert inbox(gathering, uzbek, "unread") == []
    assert uzbek.put(seen, json={"seq": 1}).json() == {"seq": seq}  # nobody unsees
    assert uzbek.put(seen, json={"seq": seq + 9}).json() == {"seq": seq}  # nor sees what is not there yet
    made(uzbek.post(f"/api/threads/{other}/comments", json={"body": "Yes."}))
    assert inbox(gathering, uzbek, "unread") == []
    assert inbox(gathering, uzbek, "mine") == [other]
    assert inbox(gathering, speaking, "unread") == [other]
    assert [each["unread"] for each in threads(gathering, speaking)] == [False, True]
    refused(uzbek.get(f"/api/documents/{gathering.document}/inbox?filter=all"), 422, "invalid")


async def test_what_changed_since_one_was_here(gathering: Gathering, author: Person) -> None:
    chair, reader = gathering.client(gathering.come("chair")), gathering.client(gathering.come("observer"))
    document, first = f"/api/documents/{gathering.document}", paragraph(gathering, 0)
    nothing = (await asyncio.to_thread(reader.get, f"{document}/since")).json()
    assert (nothing["since"], nothing["paragraphs"], nothing["comments"]) == (None, [], [])
    before = gathering.paragraphs()["seq"]
    await asyncio.to_thread(reader.put, f"{document}/seen", json={"seq": before})
    lock = {"digest": first["digest"], "status": "agreed"}
    await asyncio.to_thread(chair.put, f"{document}/paragraphs/{first['id']}/lock", json=lock)
    thread = await asyncio.to_thread(opened, gathering, chair)
    async with Client(gathering.url, author.token) as client:
        await client.until(lambda: client.synced)
        client.type(" And on.\nFourth.")
        await client.saved()
    since = (await asyncio.to_thread(reader.get, f"{document}/since")).json()
    now = gathering.paragraphs()
    ids = [each["id"] for each in now["paragraphs"]]
    assert (since["since"], since["seq"]) == (before, now["seq"])
    assert since["paragraphs"] == [{"id": ids[2], "status": "changed"}, {"id": ids[3], "status": "added"}]
    assert [(each["kind"], each["paragraph"]) for each in since["locks"]] == [("lock", first["id"])]
    assert [(each["id"], each["unread"]) for each in since["comments"]] == [(thread["id"], True)]
    assert since["brackets"] == []


def test_lists_come_in_pages(gathering: Gathering, speaking: httpx.Client) -> None:
    expected = [opened(gathering, speaking)["id"] for _ in range(5)]
    found: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while query.get("after", "") is not None:
        page = speaking.get(f"/api/documents/{gathering.document}/threads", params=query).json()
        assert len(page["items"]) <= 2
        found += [thread["id"] for thread in page["items"]]
        query["after"] = page["next"]
    assert found == expected


def test_paragraphs_that_are_not_there(gathering: Gathering, speaking: httpx.Client) -> None:
    path = f"/api/documents/{gathering.document}/paragraphs/1-1/threads"
    refused(speaking.post(path, json={"body": "Why?", "visibility": "all"}), 404, "not_found")


def test_locked_paragraphs_and_frozen_documents_can_be_commented_on(
    gathering: Gathering, speaking: httpx.Client
) -> None:
    chair, target = gathering.client(gathering.come("chair")), paragraph(gathering)
    document = f"/api/documents/{gathering.document}"
    lock = {"digest": target["digest"], "status": "agreed"}
    assert chair.put(f"{document}/paragraphs/{target['id']}/lock", json=lock).is_success
    assert chair.put(f"{document}/frozen", json={"frozen": True}).is_success
    assert opened(gathering, speaking)["paragraph"] == target["id"]


async def test_w2_everybody_is_told_at_once(gathering: Gathering, author: Person, speaking: httpx.Client) -> None:
    reader, target = gathering.come("observer"), paragraph(gathering)
    async with Line.open(f"{gathering.url}?v=1", reader.token) as line:
        await line.until("welcome")
        thread = await asyncio.to_thread(opened, gathering, speaking)
        event = await line.until("event")
        assert (event["kind"], event["by"]["id"], event["seq"]) == ("comment", author.id, gathering.paragraphs()["seq"])
        data = event["data"]
        assert (data["action"], data["paragraph"]) == ("thread", target["id"])
        assert data["comment"] == thread["comments"][0]["id"]
        assert data["thread"] == {**thread, "unread": True}
        comment = thread["comments"][0]["id"]
        for action, call in (
            ("comment", lambda: speaking.post(f"/api/threads/{thread['id']}/comments", json={"body": "And"})),
            ("edited", lambda: speaking.patch(f"/api/comments/{comment}", json={"body": "Why, then?"})),
            ("withdrawn", lambda: speaking.delete(f"/api/comments/{comment}")),
            ("resolved", lambda: speaking.put(f"/api/threads/{thread['id']}/resolved")),
            ("reopened", lambda: speaking.delete(f"/api/threads/{thread['id']}/resolved")),
        ):
            await asyncio.to_thread(call)
            data = (await line.until("event"))["data"]
            assert data["action"] == action
            assert data["thread"] == {**threads(gathering, gathering.admin)[0], "unread": True}


def test_one_key_one_comment_however_often_it_comes_at_once(gathering: Gathering, author: Person) -> None:
    """The room outlives it, too."""
    target = place(gathering)
    body = {"body": "Once", "visibility": "all"}

    def post(_: int) -> httpx.Response:
        with gathering.server.client(author.token) as client:
            return client.post(target, json=body, headers={"Idempotency-Key": "said-once"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert len(threads(gathering, gathering.admin)) == 1
    assert "rollingtext_room_diverged_total 0.0" in gathering.admin.get("/metrics").text


async def test_threads_follow_their_paragraphs(gathering: Gathering, author: Person, speaking: httpx.Client) -> None:
    """Split, joined, deleted, brought back by an undo (B3)."""
    plain = await asyncio.to_thread(opened, gathering, speaking)
    quoting = await asyncio.to_thread(lambda: opened(gathering, speaking, quote="cond"))
    first, second, _ = (each["id"] for each in gathering.paragraphs()["paragraphs"])

    def standing() -> list[tuple[str, bool]]:
        found = {each["id"]: each for each in threads(gathering, speaking)}
        return [(found[each["id"]]["paragraph"], found[each["id"]]["detached"]) for each in (plain, quoting)]

    async with Client(gathering.url, author.token) as client:
        await client.until(lambda: client.synced)
        client.type("\n", at=len("\nFirst.\nSe"))
        await client.saved()
        half = gathering.paragraphs()["paragraphs"][2]["id"]
        assert standing() == [(second, False), (half, False)]
        with client.edit():
            del client.text[len("\nFirst.")]  # joined to the first
        await client.saved()
        assert standing() == [(first, False), (half, False)]
        with client.edit():
            del client.text[len("\nFirst.Se") : len("\nFirst.Se\ncond.")]
        await client.saved()
        assert standing()[1] == (half, True)
        lost = threads(gathering, speaking)[1]
        assert (lost["quote"], lost["paragraph_text"]) == ("cond", "cond.")
        client.type("\ncond.", at=len("\nFirst.Se"))
        await client.saved()
        back = gathering.paragraphs()["paragraphs"][1]
        assert (back["text"], standing()[1]) == ("cond.", (back["id"], False))
