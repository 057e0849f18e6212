"""The values that calls take and give, as pydantic types: from them come the checks and the OpenAPI document alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from server import times
from server.auth.policy import Principal
from server.tables import Participant, Role

T = TypeVar("T")

# Control characters, line separators, and what turns the direction of everything after it: such a name could make
# another's words look like its own.
_BANNED = r"\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_UNSEEN = r"\s\u200b-\u200f\u2060\ufeff"
_LINE = rf"^[^{_BANNED}]*[^{_BANNED}{_UNSEEN}][^{_BANNED}]*$"
CODE = r"^[A-Za-z0-9][A-Za-z0-9&+.\-]{0,15}$"
ID = r"^[0-9a-f]{16}$"
PARTICIPANT_ID = r"^([0-9a-f]{16}|admin)$"
TOKEN = r"^[A-Za-z0-9_\-]{20,200}$"  # noqa: S105  # what a token looks like


@dataclass(frozen=True)
class OneLine:
    """One line of at most `longest` code points with something to see in it; blanks are trimmed from its ends."""

    longest: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._trimmed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minLength": 1, "maxLength": self.longest, "pattern": _LINE}

    def _trimmed(self, value: str) -> str:
        if len(value) > self.longest or not re.fullmatch(_LINE, value):
            raise PydanticCustomError(
                "line", f"write one line of 1 to {self.longest} characters, none of them for control or direction"
            )
        return value.strip()


# What may stand in several lines: no control characters but tabs and ends of lines.
_UNPRINTABLE = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_PROSE = rf"^[^{_UNPRINTABLE}]*[^{_UNPRINTABLE}{_UNSEEN}][^{_UNPRINTABLE}]*$"


@dataclass(frozen=True)
class Prose:
    """Lines of at most `longest` code points with something to see in them; ends of lines are "\\n"."""

    longest: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._taken, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minLength": 1, "maxLength": self.longest, "pattern": _PROSE}

    def _taken(self, value: str) -> str:
        if len(value) > self.longest or not re.fullmatch(_PROSE, value):
            raise PydanticCustomError(
                "prose", f"write 1 to {self.longest:,} characters, none of them for control but tabs and ends of lines"
            )
        return value.replace("\r\n", "\n").replace("\r", "\n")


Name = Annotated[str, OneLine(120)]  # a person's (P4)
Line = Annotated[str, OneLine(300)]  # a title, a body
Symbol = Annotated[str, OneLine(60)]
DelegationCode = Annotated[str, StringConstraints(pattern=CODE)]
Id = Annotated[str, StringConstraints(pattern=ID)]
ParticipantId = Annotated[str, StringConstraints(pattern=PARTICIPANT_ID)]
Token = Annotated[str, StringConstraints(pattern=TOKEN)]

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _in_utc(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value) if _RFC3339.fullmatch(value) else None
        written = None if moment is None else times.written(moment)
    except (ValueError, OverflowError):
        written = None
    if written is None:
        raise PydanticCustomError("time", "write a time like 2026-11-25T22:12:42Z")
    return written


Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, description="UTC, ISO 8601")]
Moment = Annotated[Time, AfterValidator(_in_utc)]  # any offset is taken, and stands in UTC from then on


def _whole(value: object) -> object:
    """In JSON 3.0 is a whole number, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = BeforeValidator(_whole)  # behind the bounds of an int


class Body(BaseModel):
    """What a caller sends: types to the letter, nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """What a caller asks in the URL."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shape(BaseModel):
    """What a caller is given."""

    model_config = ConfigDict(frozen=True)


class ProgressShape(Shape):
    """Counts (B6); a word is a run of letters or digits."""

    pairs: int
    issues: int
    placeholders: int
    words: int
    words_bracketed: int
    paragraphs: int
    clean_paragraphs: int
    agreed_paragraphs: int
    lints: int


class List(Shape, Generic[T]):
    """A page of a list."""

    items: Sequence[T]
    next: str | None = Field(description="Give it as `after` to get the next page; null at the end")


class By(Shape):
    """Who did something."""

    id: ParticipantId
    name: str
    delegation: str | None


class ParticipantShape(Shape):
    """A person in a meeting (P1)."""

    id: ParticipantId
    name: str
    role: Role
    meeting: str | None = Field(description="Null for the secretariat that belongs to no meeting in particular")
    delegation: str | None = Field(description="The code of the delegation")


def participant(who: Principal) -> ParticipantShape:
    return ParticipantShape(
        id=who.participant_id, name=who.name, role=who.role, meeting=who.meeting_id, delegation=who.delegation
    )


def by(who: Participant) -> By:
    return By(id=who.id, name=who.name, delegation=who.delegation)
