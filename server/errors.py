"""What the server refuses, in words: problems of REST (RFC 9457) and close codes of sockets (W7).

Every refusal has a stable `Code`; its status and title stand in one table. `docs/api.md` lists them all.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any


class CloseCode(IntEnum):
    """Why a socket was closed. 44xx are final: do not reconnect; the others: retry with back-off (W7)."""

    RESTARTING = 1012
    OVERLOADED = 1013
    MALFORMED = 4400
    SIGN_IN = 4401
    NOT_ALLOWED = 4403
    NO_SUCH_DOCUMENT = 4404
    REBUILD = 4409
    TOO_FAST = 4529


class Code(StrEnum):
    """The stable codes of problems. A code never changes its meaning; new ones may come."""

    MALFORMED = "malformed"
    NOT_SIGNED_IN = "not_signed_in"
    FORBIDDEN = "forbidden"
    FOREIGN_ORIGIN = "foreign_origin"
    NOT_FOUND = "not_found"
    NO_SUCH_INVITATION = "no_such_invitation"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CONTRADICTION = "contradiction"
    IN_USE = "in_use"
    KEY_REUSED = "key_reused"
    NO_SUCH_DELEGATION = "no_such_delegation"
    TEXT_CHANGED = "text_changed"
    OPEN_BRACKETS = "open_brackets"
    NOT_LOCKED = "not_locked"
    THREAD_RESOLVED = "thread_resolved"
    WITHDRAWN = "withdrawn"
    BRACKET_RESOLVED = "bracket_resolved"
    LOCKED = "locked"
    FROZEN = "frozen"
    INVITATION_EXPIRED = "invitation_expired"
    INVITATION_REVOKED = "invitation_revoked"
    INVITATION_USED_UP = "invitation_used_up"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    FILE_REFUSED = "file_refused"
    INVALID = "invalid"
    TOO_MANY_REQUESTS = "too_many_requests"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


PROBLEMS: Mapping[Code, tuple[int, str]] = {
    Code.MALFORMED: (400, "The request cannot be read"),
    Code.NOT_SIGNED_IN: (401, "Sign in first"),
    Code.FORBIDDEN: (403, "Not allowed"),
    Code.FOREIGN_ORIGIN: (403, "The request comes from another site"),
    Code.NOT_FOUND: (404, "Not found"),
    Code.NO_SUCH_INVITATION: (404, "No such invitation"),
    Code.METHOD_NOT_ALLOWED: (405, "Method not allowed"),
    Code.CONTRADICTION: (409, "What is asked for contradicts itself"),
    Code.IN_USE: (409, "Still in use"),
    Code.KEY_REUSED: (409, "The idempotency key was used for another request"),
    Code.NO_SUCH_DELEGATION: (409, "The meeting has no such delegation"),
    Code.TEXT_CHANGED: (409, "The text has changed since it was read"),
    Code.OPEN_BRACKETS: (409, "Brackets are still open"),
    Code.NOT_LOCKED: (409, "The paragraph is not locked"),
    Code.THREAD_RESOLVED: (409, "The thread is resolved"),
    Code.WITHDRAWN: (409, "The comment was withdrawn"),
    Code.BRACKET_RESOLVED: (409, "The bracket is resolved"),
    Code.LOCKED: (409, "A locked paragraph would change"),
    Code.FROZEN: (409, "The document is frozen"),
    Code.INVITATION_EXPIRED: (410, "The invitation has expired"),
    Code.INVITATION_REVOKED: (410, "The invitation was withdrawn"),
    Code.INVITATION_USED_UP: (410, "The invitation has been used up"),
    Code.TOO_LARGE: (413, "Too large"),
    Code.UNSUPPORTED_TYPE: (415, "This kind of content is not understood"),
    Code.FILE_REFUSED: (422, "The file cannot be taken"),
    Code.INVALID: (422, "The request does not hold what it should"),
    Code.TOO_MANY_REQUESTS: (429, "Too many requests"),
    Code.INTERNAL: (500, "The server failed"),
    Code.UNAVAILABLE: (503, "For the moment this cannot be done"),
}

_CLOSES: Mapping[int, CloseCode] = {
    401: CloseCode.SIGN_IN,
    403: CloseCode.NOT_ALLOWED,
    404: CloseCode.NO_SUCH_DOCUMENT,
    429: CloseCode.TOO_FAST,
    500: CloseCode.OVERLOADED,
    503: CloseCode.OVERLOADED,
}


class Problem(Exception):
    """A refusal that the edge turns into an answer of `application/problem+json` or into a close code.

    `detail` says what to do about it. `members` are further members of the problem object (RFC 9457, 3.2).
    """

    def __init__(self, code: Code, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.status, self.title = PROBLEMS[code]
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def __reduce__(self) -> tuple[Any, ...]:
        """It is raised in the process beside, too, and pickled on its way here."""
        return _pickled, (self.code, self.detail, self.headers, self.members)

    @property
    def close_code(self) -> CloseCode:
        """The code that closes a socket for the same reason."""
        return _CLOSES.get(self.status, CloseCode.MALFORMED)

    def body(self) -> dict[str, Any]:
        """The problem object."""
        return {
            "type": f"urn:rollingtext:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": str(self.code),
            **self.members,
        }


def _pickled(code: Code, detail: str, headers: Mapping[str, str], members: Mapping[str, Any]) -> Problem:
    return Problem(code, detail, headers=headers, **members)


def not_signed_in(detail: str = "Sign in with an invitation link, or send a bearer token.") -> Problem:
    return Problem(Code.NOT_SIGNED_IN, detail, headers={"WWW-Authenticate": "Bearer"})


def forbidden(act: str) -> Problem:
    """`act` in words, as in "create documents"."""
    return Problem(Code.FORBIDDEN, f"Your role does not allow you to {act}.")


def not_found(what: str) -> Problem:
    """Also for what lies in another meeting: its existence is nobody else's business. `what`: "document" …"""
    return Problem(Code.NOT_FOUND, f"There is no such {what} here.")


def method_not_allowed(allow: str) -> Problem:
    """`allow`: the methods that are, as in the header."""
    return Problem(Code.METHOD_NOT_ALLOWED, f"Here one can use {allow}.", headers={"Allow": allow})


def malformed(detail: str) -> Problem:
    return Problem(Code.MALFORMED, detail)


def invalid(detail: str, *, pointer: str | None = None) -> Problem:
    """`pointer`: where in the request, as "body/title" or "query/limit"."""
    return Problem(Code.INVALID, detail, errors=[{"at": pointer or "", "detail": detail}])


def too_large(limit: int) -> Problem:
    """`limit` in bytes."""
    return Problem(Code.TOO_LARGE, f"The body is larger than the {limit:,} bytes that are taken here.")


def unavailable(detail: str, *, retry_after: int = 2) -> Problem:
    """`retry_after` in seconds."""
    return Problem(Code.UNAVAILABLE, detail, headers={"Retry-After": str(retry_after)})
