"""What processes tell each other: a closed set of frozen hints, and how each is written.

A hint is one line of JSON (an object with its kind and its fields) and, behind the newline, the bytes that its one
field of bytes holds. Whoever gets a hint of a newer version does without it.
"""

import json
from dataclasses import dataclass, fields
from typing import Any

from server import metrics

EVERYBODY = ""
"""The topic of what concerns no single document."""


@dataclass(frozen=True, slots=True)
class Advance:
    """The record of `document` has reached entry `seq`, and that entry is on disk.

    `carried`: the entries themselves, as `rooms.hearsay` writes them, which spares those who hear a look at the
    database; may be missing. `led`: no other process's called it forth, and whoever writes, too, now does so behind it.
    """

    document: str
    seq: int
    carried: bytes = b""
    led: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """`process` wants to write `document` and knows that others do: they are to take turns, too."""

    document: str
    process: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody has opened `document` in `process`: whoever has it open says what can be read nowhere else."""

    document: str
    process: str


@dataclass(frozen=True, slots=True)
class Focus:
    """The chair points at `paragraph` (none: nowhere any more) since `at`. `by`: id, name, delegation."""

    document: str
    paragraph: str | None
    bracket: str | None
    by: tuple[str, str, str | None]
    at: str


@dataclass(frozen=True, slots=True)
class Here:
    """Everybody who has `document` open in `process`, until its next word or until that is overdue.

    `people`: id, name, role and delegation of each.
    """

    document: str
    process: str
    people: tuple[tuple[str, str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Carets:
    """Awareness of sockets of `process` in `document`, stamped already: an awareness update of y-protocols (W6)."""

    document: str
    process: str
    states: bytes


@dataclass(frozen=True, slots=True)
class Roll:
    """Ids of participants who have come to or gone from `process`; with `whole`, `came` are all who are there."""

    process: str
    came: tuple[str, ...]
    gone: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """The rows of these participants are others: whoever has their sockets reads them again."""

    participants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The sockets of these participants are to be closed (P5)."""

    participants: tuple[str, ...]
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """`network` has presented to `process` what is no invitation."""

    process: str
    network: str


Hint = Advance | Writing | Asking | Focus | Here | Carets | Roll | Changed | Ended | Missed

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Advance, Writing, Asking, Focus, Here, Carets, Roll, Changed, Ended, Missed)
}
_BYTES = {name: next((each.name for each in fields(kind) if each.type is bytes), None) for name, kind in _KINDS.items()}


def topic_of(hint: Hint) -> str:
    """The document that it is about, or EVERYBODY."""
    document: str = getattr(hint, "document", EVERYBODY)
    return document


def encode(hint: Hint) -> bytes:
    name = type(hint).__name__
    said: dict[str, Any] = {each.name: getattr(hint, each.name) for each in fields(hint)}
    place = _BYTES[name]
    blob = b"" if place is None else said.pop(place)
    said["kind"] = name
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" + blob


def decode(data: bytes) -> Hint | None:
    """None: nothing that this version understands, which is counted."""
    line, _, blob = data.partition(b"\n")
    try:
        said = json.loads(line)
        name = said.pop("kind")
        place = _BYTES[name]
        if place is not None:
            said[place] = blob
        hint: Hint = _KINDS[name](**{key: _frozen(value) for key, value in said.items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        metrics.HINTS_LOST.labels("not_understood").inc()
        return None
    return hint


def _frozen(value: object) -> object:
    """Lists of JSON are tuples here."""
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
