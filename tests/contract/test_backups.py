"""A backup of a running server, by another process, while somebody writes (R4)."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.conftest import Launch
from tests.meetings import TestMeeting
from tests.processes import PROGRAM


def command(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([str(PROGRAM), *arguments, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.long
async def test_a_running_server_is_backed_up_and_comes_back_elsewhere(launch: Launch, tmp_path: Path) -> None:
    server = await asyncio.to_thread(launch)
    with server.admin() as admin:
        meeting = await asyncio.to_thread(TestMeeting.make, server, admin)
        person = await asyncio.to_thread(meeting.join)
        async with Client(meeting.url, person.token) as client:
            await client.until(lambda: client.synced)
            file, data = tmp_path / "backup.db", str(server.data_dir)
            backup = asyncio.create_task(asyncio.to_thread(command, "backup", str(file), "--data-dir", data))
            while not backup.done():
                client.type(f"{len(client.edits)} ")
                await client.saved()
                await asyncio.sleep(0.02)
            written = str(client.text)
        found = (await backup)["documents"][0]
        assert (found["failed"], found["document"]) == (None, meeting.document)
        at = {"at": found["entries"]}
        then = (
            await asyncio.to_thread(admin.get, path := f"/api/documents/{meeting.document}/paragraphs", params=at)
        ).json()
    await asyncio.to_thread(command, "restore", str(file), "--data-dir", str(tmp_path / "restored"))
    other = await asyncio.to_thread(launch, name="restored")
    with other.admin() as admin:
        restored = (await asyncio.to_thread(admin.get, path)).json()
    assert [each["digest"] for each in restored["paragraphs"]] == [each["digest"] for each in then["paragraphs"]]
    assert written.startswith("\n" + "\n".join(each["text"] for each in restored["paragraphs"]))
