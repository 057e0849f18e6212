"""Logs: one JSON object a line on standard error, without any text of a document and without any token (P4).

Tracebacks carry places and types only: the words of an exception often quote what somebody wrote. Paths lose their
query, where tickets are, what follows `/join/`, and the ids of threads and comments, which may be private.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from server import times

_SECRETS = re.compile(r"(/join/|[?&](?:ticket|token)=|[Bb]earer )[^\s\"'&?#]+")
_PRIVATE = re.compile(r"(/api/(?:threads|comments)/)[^\s\"'&?#/]+")
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
_SPEAKING: tuple[type[BaseException], ...] = (OSError,)
"""Exceptions whose words quote nobody."""

_MAX_FRAMES = 30


class JsonFormatter(logging.Formatter):
    """`extra` becomes members of the object."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": times.written(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= (
            _request(record) if record.name == "uvicorn.access" else {"message": scrubbed(record.getMessage().strip())}
        )
        for name, value in vars(record).items():
            if name not in _ORDINARY:
                line[name] = value if isinstance(value, int | float | None) else scrubbed(str(value))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def scrubbed(text: str) -> str:
    """`text` without secrets."""
    return _PRIVATE.sub(r"\1…", _SECRETS.sub(r"\1…", text))


def configure(level: str) -> None:
    """Once, before anything is logged."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("sqlalchemy", "aiosqlite", "alembic", "asyncio", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)  # their lower levels quote values


def _request(record: logging.LogRecord) -> dict[str, Any]:
    """uvicorn's record of an answered request."""
    client, method, path, _, status = record.args if isinstance(record.args, tuple) else (None,) * 5
    return {
        "message": "request",
        "client": str(client).rpartition(":")[0],
        "method": method,
        "path": scrubbed(str(path).partition("?")[0]),
        "status": status,
    }


def _error(error: BaseException) -> dict[str, Any]:
    """Its type, its words if they quote nobody, where it was raised, and what caused it."""
    said: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    if isinstance(error, _SPEAKING):
        said["words"] = scrubbed(str(error))
    said["trace"] = _trace(error.__traceback__)
    if isinstance(error, BaseExceptionGroup):
        said["of"] = [_error(part) for part in error.exceptions]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        said["cause"] = _error(cause)
    return said


def _trace(trace: TracebackType | None) -> list[str]:
    """The innermost frames, the innermost last."""
    frames = traceback.extract_tb(trace, limit=-_MAX_FRAMES)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
