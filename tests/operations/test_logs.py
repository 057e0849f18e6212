"""P4: after a day's work the logs of servers and proxy are lines of JSON that hold no token, no name and no word."""

import json

import httpx

from tests.client import Client, Line
from tests.meetings import TestMeeting, made
from tests.operations.conftest import Topology
from tests.processes import ADMIN_TOKEN

WORDS = ("unspeakable", "confidential", "whispered", "Zhanar", "Untold")


async def test_p4_logs_hold_no_token_no_name_and_no_word(topology: Topology) -> None:
    proxy = topology.proxy
    with proxy.admin() as admin:
        meeting = TestMeeting.make(proxy, admin, "An unspeakable draft.")  # type: ignore[arg-type]  # asked like a server
        body = {"role": "delegate", "delegation": "KAZ", "name": "Zhanar"}
        invitation = made(admin.post(f"/api/meetings/{meeting.id}/invitations", json=body))["token"]
        person = meeting.join(name="Zhanar")
        with proxy.client(person.token) as delegate:
            assert delegate.get(f"/join/{invitation}").status_code == 200
            ticket = made(delegate.post(f"/api/documents/{meeting.document}/ticket"))["ticket"]
            paragraph = meeting.paragraphs()["paragraphs"][0]["id"]
            path = f"/api/documents/{meeting.document}/paragraphs/{paragraph}/threads"
            made(delegate.post(path, json={"body": "whispered", "visibility": "delegation"}))
            assert delegate.post(path, json={"body": "whispered", "visibility": "Untold"}).status_code == 422
            assert delegate.post("/api/meetings", json={"title": "Untold"}).status_code == 403
            assert delegate.post("/api/join", content=b'{"token": "confidential').is_client_error
        async with Line.open(f"{meeting.url}?v=1&ticket={ticket}") as line:
            await line.until("welcome")
            await line.send(b"\x00\x02\x7fconfidential")  # less than it says it holds
            assert (await line.closed()).code == 4400
        async with Client(meeting.url, person.token) as client:
            await client.until(lambda: client.synced)
            client.type(" confidential")
            await client.saved()
        with proxy.browser() as browser:
            joined = browser.post("/api/join", json={"token": invitation, "name": "Zhanar"})
            secrets = {ADMIN_TOKEN, invitation, ticket, person.token, *tokens_of(joined)}
        admin.delete(f"/api/participants/{person.id}")
    written = [server.output() for server in topology.servers] + [proxy.output()]
    assert any(meeting.document in output for output in written)
    for output in written:
        assert not [word for word in (*WORDS, *secrets) if word in output]
        whole = output[: output.rfind("\n") + 1]  # another may be being written
        lines = [line for line in whole.splitlines() if not line.startswith("Rolling Text:")]
        assert all(isinstance(json.loads(line), dict) for line in lines)


def tokens_of(joined: httpx.Response) -> set[str]:
    """What was handed out at joining: the access token and the cookie."""
    return {made(joined)["access_token"], *joined.cookies.values()}
