"""A meeting in the running server, with a document and people in it; for tests that come by the front door."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.processes import ServerProcess

TEXT = "First.\n\nSecond.\n\nThird."


@dataclass(frozen=True)
class Person:
    """Somebody who has joined."""

    id: str
    token: str
    name: str
    role: str
    delegation: str | None
    invitation: str


@dataclass
class TestMeeting:
    """Made over REST with the admin token. `url`: of the socket of its document."""

    __test__ = False

    server: ServerProcess
    admin: httpx.Client
    id: str
    document: str
    people: list[Person] = field(default_factory=list)

    @classmethod
    def make(
        cls, server: ServerProcess, admin: httpx.Client, text: str = "First.\n\nSecond.\n\nThird."
    ) -> "TestMeeting":
        delegations = [
            {"code": "KAZ", "name": "Kazakhstan", "kind": "member"},
            {"code": "UZB", "name": "Uzbekistan", "kind": "member"},
            {"code": "UNDP", "name": "Development Programme", "kind": "observer"},
        ]
        meeting = made(admin.post("/api/meetings", json={"title": "Working group", "delegations": delegations}))
        document = made(admin.post(f"/api/meetings/{meeting['id']}/documents", json={"title": "Draft", "text": text}))
        return cls(server, admin, meeting["id"], document["id"])

    @property
    def url(self) -> str:
        return f"{self.server.ws_url}/ws/documents/{self.document}"

    def join(self, role: str = "delegate", delegation: str | None = "KAZ", name: str = "Aru") -> Person:
        body = {"role": role} | ({"delegation": delegation} if delegation else {})
        invitation = made(self.admin.post(f"/api/meetings/{self.id}/invitations", json=body))
        with self.server.client() as client:
            joined = made(client.post("/api/join", json={"token": invitation["token"], "name": name}))
        person = Person(joined["participant"]["id"], joined["access_token"], name, role, delegation, invitation["id"])
        self.people.append(person)
        return person

    def paragraphs(self) -> dict[str, Any]:
        answer = self.admin.get(f"/api/documents/{self.document}/paragraphs")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def text(self) -> list[str]:
        return [paragraph["text"] for paragraph in self.paragraphs()["paragraphs"]]


def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body
