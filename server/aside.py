"""Work that would keep the event loop busy for long, done in a process beside: Python runs one thread at a time.

The process starts when it is first needed, yields to every other, does one thing after the other, and ends
when the server does, however that ends: its input is then at its end.

Either side writes pickles: a function of a module and its arguments there, `(True, result)` or `(False, exception)`
back, each after its length in four bytes.
"""

import asyncio
import ctypes
import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

R = TypeVar("R")

LENGTH = 4  # bytes
PATIENCE_S = 2.0  # for the process to end by itself
RARELY = (100_000, 20, 20)  # how often garbage is looked for: long texts are many objects, and a fifth of the time


class AsideDied(Exception):
    """The process ended before it had answered: try again later."""


class Aside:
    """For one event loop. `nice`: how far the process yields, from 0 to 19."""

    def __init__(self, nice: int = 10) -> None:
        self._nice = nice
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def run(self, function: Callable[..., R], *arguments: Any) -> R:
        """What `function` returns or raises there; AsideDied."""
        question = pickle.dumps((function, arguments))
        async with self._turn:
            try:
                done, answer = pickle.loads(await self._exchange(question))  # noqa: S301  # our own child's
            except (OSError, asyncio.IncompleteReadError) as error:
                self._kill()
                raise AsideDied("the process beside ended") from error
            except asyncio.CancelledError:
                self._kill()  # its answer would be taken for that to the next question
                raise
        if not done:
            raise answer
        result: R = answer
        return result

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _exchange(self, question: bytes) -> bytes:
        process = await self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  # both are pipes
        process.stdin.write(len(question).to_bytes(LENGTH) + question)
        await process.stdin.drain()
        return await process.stdout.readexactly(int.from_bytes(await process.stdout.readexactly(LENGTH)))

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "server.aside", str(self._nice), stdin=pipe, stdout=pipe
            )
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answers until the questions end."""
    while length := questions.read(LENGTH):
        function, arguments = pickle.loads(questions.read(int.from_bytes(length)))  # noqa: S301  # our own parent's
        answer = _answer(function, arguments)
        answers.write(len(answer).to_bytes(LENGTH) + answer)
        answers.flush()
        del function, arguments, answer
        give_back()


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps((True, function(*arguments)))
    except Exception as error:  # noqa: BLE001  # it goes to who asked
        return pickle.dumps((False, error))


def give_back() -> None:
    """What is free goes to the system: glibc keeps what lies below anything in use, a gigabyte after long papers."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have no such habit
    if trim is not None:
        trim(0)


def main() -> None:
    os.nice(int(sys.argv[1]))
    gc.set_threshold(*RARELY)
    for number in (signal.SIGINT, signal.SIGTERM):  # for the server, which finishes first and then ends this
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints does not disturb the answers
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
