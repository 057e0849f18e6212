"""People of every role, for tests of what one may do and of how one comes in."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.meetings import Person, TestMeeting, made

ROLES = ("secretariat", "chair", "delegate", "observer")
DELEGATION = {"secretariat": None, "chair": None, "delegate": "KAZ", "observer": "UNDP"}


@dataclass
class Gathering(TestMeeting):
    """A meeting, and a client for each who comes to it."""

    clients: list[httpx.Client] = field(default_factory=list)

    def invite(self, role: str, **terms: Any) -> dict[str, Any]:
        """The answer with the token; of the delegation that goes with the role unless the terms say otherwise."""
        code = DELEGATION[role]
        body = {"role": role, **({} if code is None else {"delegation": code}), **terms}
        return made(self.admin.post(f"/api/meetings/{self.id}/invitations", json=body))

    def enter(self, invitation: dict[str, Any], name: str = "Aru") -> Person:
        with self.server.client() as client:
            joined = made(client.post("/api/join", json={"token": invitation["token"], "name": name}))
        who = joined["participant"]
        token = joined["access_token"]
        return Person(who["id"], token, who["name"], who["role"], who["delegation"], invitation["id"])

    def come(self, role: str) -> Person:
        return self.enter(self.invite(role))

    def client(self, person: Person) -> httpx.Client:
        client = self.server.client(person.token)
        self.clients.append(client)
        return client

    def close(self) -> None:
        for client in self.clients:
            client.close()


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem that was answered (RFC 9457), with this status and code, and a sentence."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert (problem["status"], problem["code"]) == (status, code), problem
    assert all(problem[member] for member in ("type", "title", "detail")), problem
    return problem
