"""The fan-out over Redis: hints by publish and subscribe, turns by two scripts.

Two connections: one that says things, many at once, in their order, and one that listens. Either is opened again
whenever it breaks. Nothing is kept for a Redis that is away: the database knows everything that must not be lost.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from server import metrics
from server.cancelling import ended
from server.fanout.hints import EVERYBODY, Hint, decode, encode, topic_of
from server.fanout.port import H, Hear
from server.fanout.turns import Command, Turns
from server.fanout.watchers import Watchers

log = logging.getLogger(__name__)

ANSWER_S = 1.0  # within which Redis answers, or is away
BEAT_S = 1.0  # between two signs of life, which every process hears, its sender too
SILENCE_S = 3.5  # without any, the line is dead
AGAIN_S = 0.25  # between two attempts to connect
MOST = 10_000  # words that wait to be said

TURN = b"t"
"""What a word about a turn begins with; a hint begins with its sender, a sign of life has nothing behind it."""

_ID = 16  # characters of a process's name
_AWAY = (RedisError, OSError, TimeoutError, EOFError)


@dataclass(frozen=True, slots=True)
class _Word:
    """One command, and who waits for what Redis answers: none when it is away."""

    command: Command
    answer: "asyncio.Future[int | None] | None" = None


class RedisFanout:
    """For one event loop. `name`: of this process, random."""

    def __init__(self, url: str) -> None:
        self.name = secrets.token_hex(_ID // 2)
        no_retry = Retry(NoBackoff(), 0)
        # No socket_timeout: redis-py waits for each part of a message with a timer of its own, which is a twentieth of
        # what a process that shares a document does. The timers here are for many messages.
        self._pool = ConnectionPool.from_url(url, protocol=2, retry=no_retry, socket_timeout=None)
        self._prefix = f"rollingtext:{self._pool.connection_kwargs.get('db') or 0}:"
        self._watchers = Watchers()
        self._turns = Turns(self.name, self._prefix)
        self._words: list[_Word] = []
        self._said = asyncio.Event()  # something waits to be said
        self._topics_changed = asyncio.Event()
        self._up: set[str] = set()  # which of the two lines stand
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> bool:
        return len(self._up) == 2

    def start(self) -> None:
        """Returns at once, whether Redis is there or not."""
        for name, serve in (("speaking", self._speak), ("listening", self._listen)):
            self._tasks.append(asyncio.create_task(self._keep(name, serve)))
        self._tasks.append(asyncio.create_task(self._beat()))
        for task in self._tasks:
            task.add_done_callback(lambda task: task.cancelled() or task.result())  # a bug is not kept secret

    async def close(self) -> None:
        """What was told before is still said, if Redis is there."""
        if self.connected:
            done = asyncio.get_running_loop().create_future()
            self._say(_Word(("PING",), done))
            await asyncio.wait([done], timeout=ANSWER_S)
        await ended(self._tasks)
        self._watchers.clear()

    # -- the port

    def tell(self, hint: Hint) -> None:
        if len(self._words) >= MOST or "speaking" not in self._up:
            metrics.HINTS_LOST.labels("not_told").inc()
            return
        self._say(_Word(("PUBLISH", self._channel(topic_of(hint)), self.name.encode() + encode(hint))))

    def watch(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        self._watchers.add(kind, topic, hear)
        self._topics_changed.set()

    def unwatch(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        self._watchers.remove(kind, topic, hear)
        self._topics_changed.set()

    async def take_turn(self, document: str) -> int:
        if not self.connected:
            metrics.TURNS.labels("none").inc()
            return 0
        handed = self._turns.expect(document)
        answer: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._say(_Word(self._turns.taking(document), answer))
        reached = await answer
        if reached == -1:
            return await self._turns.wait(document, handed)
        self._turns.forget(document)
        metrics.TURNS.labels("none" if reached is None else "free").inc()
        return reached or 0

    def give_turn(self, document: str, seq: int) -> None:
        if self.connected:
            self._say(_Word(self._turns.giving(document, seq, self._channel(document), TURN)))

    # -- saying

    def _channel(self, topic: str) -> str:
        return self._prefix + topic

    def _say(self, word: _Word) -> None:
        self._words.append(word)
        self._said.set()

    async def _speak(self, line: AbstractConnection) -> None:
        """All that waits goes out at once."""
        while True:
            await self._said.wait()
            self._said.clear()
            words, self._words = self._words, []
            commands = line.pack_commands([word.command for word in words])
            try:
                async with asyncio.timeout(ANSWER_S):
                    await line.send_packed_command(commands, check_health=False)
                    for word in words:
                        _answer(word, await self._answered(line))
            finally:
                for word in words:
                    _answer(word, None)

    async def _answered(self, line: AbstractConnection) -> Any:
        try:
            return await line.read_response()
        except ResponseError as error:  # it is there, and does not do as it is told
            metrics.HINTS_LOST.labels("refused").inc()
            log.warning("Redis refuses a command", extra={"cause": str(error)})
            return None

    async def _beat(self) -> None:
        while True:
            if "speaking" in self._up:
                self._say(_Word(("PUBLISH", self._channel(EVERYBODY), self.name)))
            await asyncio.sleep(BEAT_S)

    # -- listening

    async def _listen(self, line: AbstractConnection) -> None:
        """Topics are changed by a task of their own, for reading and writing of one line may go on at once."""
        subscribing = asyncio.create_task(self._subscribe(line))
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(SILENCE_S) as silence:  # not even our own signs of life
                while not subscribing.done():
                    message = await line.read_response()
                    silence.reschedule(loop.time() + SILENCE_S)
                    if message[0] == b"message":
                        self._hear(message[1].decode().removeprefix(self._prefix), message[2])
        finally:
            subscribing.cancel()
            await asyncio.gather(subscribing, return_exceptions=True)  # both may find the line broken
        subscribing.result()

    async def _subscribe(self, line: AbstractConnection) -> None:
        subscribed: set[str] = set()
        while True:
            self._topics_changed.clear()
            wanted = {EVERYBODY, *self._watchers.topics}
            for verb, topics in (("SUBSCRIBE", wanted - subscribed), ("UNSUBSCRIBE", subscribed - wanted)):
                if topics:
                    command = (verb, *(self._channel(topic) for topic in topics))
                    await line.send_packed_command(line.pack_commands([command]), check_health=False)
            subscribed = wanted
            await self._topics_changed.wait()

    def _hear(self, topic: str, said: bytes) -> None:
        if said.startswith(TURN):
            to, _, seq = said[len(TURN) :].decode().partition(" ")
            if not self._turns.handed(topic, to, int(seq)):
                self.give_turn(topic, int(seq))
        elif not said.startswith(self.name.encode()) and len(said) > _ID:
            hint = decode(said[_ID:])
            if hint is not None:
                self._watchers.hear(hint)

    # -- either line

    async def _keep(self, name: str, serve: Callable[[AbstractConnection], Awaitable[None]]) -> None:
        while True:
            line: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py's
            try:
                async with asyncio.timeout(ANSWER_S):
                    await line.connect()  # type: ignore[no-untyped-call]  # redis-py's
                    await line.send_packed_command(line.pack_commands([("PING",)]), check_health=False)
                    await line.read_response()  # one that is stopped takes connections, too
                self._stand(name, up=True)
                await serve(line)
            except _AWAY as error:
                self._stand(name, up=False, cause=error)
            finally:
                await line.disconnect(nowait=True)
            await asyncio.sleep(AGAIN_S)

    def _stand(self, name: str, *, up: bool, cause: Exception | None = None) -> None:
        before = self.connected
        (self._up.add if up else self._up.discard)(name)
        if not up:
            words, self._words = self._words, []
            metrics.HINTS_LOST.labels("not_told").inc(len(words))
            for word in words:
                _answer(word, None)
        if self.connected != before:
            metrics.REDIS_CONNECTED.set(self.connected)
            if self.connected:
                log.info("Redis is there")
            else:
                log.warning("Redis is away; other processes hear late", extra={"cause": str(cause)})


def _answer(word: _Word, said: Any) -> None:
    if word.answer is not None and not word.answer.done():
        word.answer.set_result(said)
