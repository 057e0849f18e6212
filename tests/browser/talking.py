"""People who comment without a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.browser.hall import Hall
from tests.meetings import made


@dataclass(frozen=True)
class Speaker:
    """Somebody of the meeting, on one document."""

    hall: Hall
    document: str
    client: httpx.Client

    def begin(self, index: int, body: str, **terms: Any) -> dict[str, Any]:
        """A thread on a paragraph."""
        paragraph = self.hall.paragraphs(self.document)[index]["id"]
        path = f"/api/documents/{self.document}/paragraphs/{paragraph}/threads"
        return made(self.client.post(path, json={"body": body, "visibility": "all", **terms}))

    def reply(self, thread: dict[str, Any], body: str) -> dict[str, Any]:
        return made(self.client.post(f"/api/threads/{thread['id']}/comments", json={"body": body}))

    def threads(self) -> list[dict[str, Any]]:
        answer = self.client.get(f"/api/documents/{self.document}/threads", params={"limit": 200})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def bodies(self) -> list[list[str | None]]:
        """What is said in each thread."""
        return [[comment["body"] for comment in thread["comments"]] for thread in self.threads()]


@contextmanager
def speaker(
    hall: Hall, document: str, role: str = "delegate", delegation: str | None = None, name: str = "Ravi"
) -> Iterator[Speaker]:
    with hall.server.client() as nobody:
        token = hall.invite(role, delegation)["token"]
        joined = made(nobody.post("/api/join", json={"token": token, "name": name}))
    with hall.server.client(joined["access_token"]) as client:
        yield Speaker(hall, document, client)
