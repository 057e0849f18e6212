"""P4: logs are one JSON object a line, and hold neither tokens nor anything that somebody wrote."""

import json
import logging
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from server.logs import JsonFormatter, scrubbed

TOKEN = "u3Yk0m6PhfQ9x_Jt4-aaZZ0123456789abcdefghijk"


def line(
    name: str = "server.test", level: int = logging.INFO, message: str = "said", *args: object, **extra: object
) -> dict[str, object]:
    record = logging.getLogger(name).makeRecord(name, level, "file.py", 1, message, args, None, extra=extra)
    written = JsonFormatter().format(record)
    assert "\n" not in written
    assert TOKEN not in written
    read: dict[str, object] = json.loads(written)
    return read


def failing(work: Callable[[], object]) -> dict[str, Any]:
    """What is written of the error that `work` raises."""
    with pytest.raises(BaseException) as raised:  # noqa: PT011  # whichever it is
        work()
    record = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "failed", (), raised._excinfo)
    written: dict[str, Any] = json.loads(JsonFormatter().format(record))["error"]
    return written


def fail(error: BaseException, cause: BaseException | None = None) -> NoReturn:
    raise error from cause


def test_extra_values_become_members() -> None:
    written = line(message="closed", document="d1", code=4401)
    assert written.keys() == {"at", "level", "logger", "message", "document", "code"}
    assert (written["level"], written["message"], written["document"], written["code"]) == (
        "info",
        "closed",
        "d1",
        4401,
    )


@pytest.mark.parametrize(
    "words",
    [
        f"/join/{TOKEN}",
        f"http://host/join/{TOKEN}?name=x",
        f"/ws/documents/d?v=1&ticket={TOKEN}",
        f"/ws/documents/d?ticket={TOKEN}&v=1",
        f"Authorization: Bearer {TOKEN}",
        f"/x?token={TOKEN}",
    ],
)
def test_p4_tokens_are_taken_out_wherever_they_stand(words: str) -> None:
    assert TOKEN not in scrubbed(words)
    line("server.test", logging.INFO, "%s", words)
    line(message="said", path=words)


def test_p4_requests_lose_their_query_and_their_token() -> None:
    format_, where = '%s - "%s %s HTTP/%s" %d', f"/join/{TOKEN}?name=Aru"
    written = line("uvicorn.access", logging.INFO, format_, "10.0.0.1:50000", "GET", where, "1.1", 200)
    assert (written["client"], written["method"], written["path"], written["status"]) == (
        "10.0.0.1",
        "GET",
        "/join/…",
        200,
    )


def test_p4_an_exception_says_where_and_what_but_quotes_nobody() -> None:
    error = failing(lambda: fail(ValueError("the words of a delegate")))
    assert error["type"] == "builtins.ValueError"
    assert error["trace"][-1].endswith(" fail")
    assert "delegate" not in json.dumps(error)


def test_an_error_of_the_system_keeps_its_words_and_causes_are_told() -> None:
    error = failing(lambda: fail(RuntimeError("secret words"), OSError(28, "No space left on device")))
    assert error["cause"]["words"] == "[Errno 28] No space left on device"
    assert "secret" not in json.dumps(error)


def test_all_of_a_group_are_told() -> None:
    error = failing(lambda: fail(BaseExceptionGroup("both", [ValueError("x"), KeyError("y")])))
    assert [part["type"] for part in error["of"]] == ["builtins.ValueError", "builtins.KeyError"]
