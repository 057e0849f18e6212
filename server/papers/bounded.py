"""Files that may be hostile, read in a process of their own: so much memory, so much time, and no more.

The process is this program's, but what it says is taken for data alone. Whatever becomes of it, the server goes on.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from typing import Final

from server import metrics
from server.errors import Code, Problem

SECONDS: Final = 8.0  # by the clock, where others are at work, too; what it may work itself stands in its own main
LONGEST: Final = 96 << 20  # bytes of an answer
CHUNK: Final = 256 << 10  # bytes that are handed over at once
AT_ONCE: Final = 2  # such processes; the others wait for their turn
KEPT: Final = 8 << 20  # bytes of the latest file and its answer: who was shown what comes of it sends it again
MODULE: Final = "server.papers.word"

log = logging.getLogger(__name__)


class Readers:
    """For one event loop."""

    def __init__(self, seconds: float = SECONDS, module: str = MODULE) -> None:
        self._seconds = seconds
        self._module = module
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._latest: tuple[object, bytes] | None = None  # what was asked, and the answer

    async def read(self, content: bytes, mode: str, parties: Sequence[tuple[str, str]]) -> bytes:
        """A packed source, or a packed refusal. Raises Problem when the process does not come to an end with one."""
        asked = (content, mode, tuple(parties))
        if self._latest is not None and self._latest[0] == asked:
            return self._latest[1]
        question = json.dumps({"mode": mode, "parties": parties}).encode() + b"\n"
        async with self._turns:
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
            )
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await _exchanged(process, question, content)
                    status = await process.wait()
            except TimeoutError:
                raise _refused(f"reading it takes longer than {self._seconds:g} seconds", "time") from None
            finally:
                await _ended(process)
        if status == 0 and answer:
            self._latest = (asked, answer) if len(content) + len(answer) <= KEPT else None
            return answer
        log.warning("reading a file failed", extra={"status": status})
        raise _refused("reading it takes more memory or time than is given to any file", "memory")


async def _exchanged(process: asyncio.subprocess.Process, question: bytes, content: bytes) -> bytes:
    """What the process answers."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  # both are pipes
    _, answer = await asyncio.gather(_handed(process.stdin, question, content), _answer(process.stdout))
    return answer


async def _handed(to: asyncio.StreamWriter, question: bytes, content: bytes) -> None:
    """What the process did not read before it ended, it did not need: its answer, or that there is none, says why."""
    try:
        to.write(question)
        for at in range(0, len(content), CHUNK):
            to.write(content[at : at + CHUNK])
            await to.drain()
        to.close()
    except (BrokenPipeError, ConnectionResetError):
        log.debug("a file was not read to its end")


async def _answer(output: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := await output.read(CHUNK):
        size += len(part)
        if size > LONGEST:
            raise _refused("there is no end to what it holds", "answer")
        parts.append(part)
    return b"".join(parts)


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def _refused(why: str, limit: str) -> Problem:
    metrics.FILES_ENDED.labels(limit).inc()
    return Problem(Code.FILE_REFUSED, f"The file is refused: {why}. Open it in Word and save it anew, or in parts.")
