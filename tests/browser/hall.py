"""A meeting for people with browsers: what they need to be let in, and what the server holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.meetings import made
from tests.processes import ServerProcess

DELEGATIONS = [
    {"code": "KAZ", "name": "Kazakhstan", "kind": "member"},
    {"code": "IND", "name": "India", "kind": "member"},
    {"code": "JPN", "name": "Japan", "kind": "observer"},
]
DELEGATION = {"secretariat": None, "chair": None, "delegate": "KAZ", "observer": "JPN"}


@dataclass(frozen=True)
class Hall:
    """Made over REST with the admin token."""

    server: ServerProcess
    admin: httpx.Client
    id: str

    @classmethod
    def open(cls, server: ServerProcess, admin: httpx.Client) -> "Hall":
        meeting = {"title": "Working group", "body": "Second session", "delegations": DELEGATIONS}
        return cls(server, admin, made(admin.post("/api/meetings", json=meeting))["id"])

    def invite(self, role: str, delegation: str | None = None, **terms: Any) -> dict[str, Any]:
        """The answer with the token. Without a delegation: the one that goes with the role."""
        code = delegation or DELEGATION[role]
        body = {"role": role, **terms, **({} if code is None else {"delegation": code})}
        return made(self.admin.post(f"/api/meetings/{self.id}/invitations", json=body))

    def enter(self, token: str, name: str = "Somebody") -> None:
        """Joins without a browser."""
        with self.server.client() as nobody:
            made(nobody.post("/api/join", json={"token": token, "name": name}))

    def draft(self, text: str = "One.\n\nTwo.\n\nThree.", **more: Any) -> str:
        """A new document; its id."""
        body = {"title": "Draft decision", "symbol": "L.1", "text": text, **more}
        document: str = made(self.admin.post(f"/api/meetings/{self.id}/documents", json=body))["id"]
        return document

    def preside(self) -> httpx.Client:
        """A chair without a browser; to be closed."""
        with self.server.client() as nobody:
            joined = made(nobody.post("/api/join", json={"token": self.invite("chair")["token"], "name": "Chair"}))
        return self.server.client(joined["access_token"])

    def paragraphs(self, document: str) -> list[dict[str, Any]]:
        """As the server has them."""
        answer = self.admin.get(f"/api/documents/{document}/paragraphs")
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["paragraphs"]
        return items

    def lock(self, document: str, indices: Iterable[int], status: str = "agreed") -> None:
        """Agrees on paragraphs as they read, brackets or not."""
        known = self.paragraphs(document)
        with self.preside() as chair:
            for index in indices:
                path = f"/api/documents/{document}/paragraphs/{known[index]['id']}/lock"
                body = {"digest": known[index]["digest"], "status": status, "allow_brackets": True}
                answer = chair.put(path, json=body)
                assert answer.status_code == 200, answer.text

    def stored(self, document: str) -> list[str]:
        """What its paragraphs say."""
        return [paragraph["text"] for paragraph in self.paragraphs(document)]
