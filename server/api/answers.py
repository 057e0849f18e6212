"""What a call is answered."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of success, already in bytes: it can be kept and given again."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def packed(self) -> bytes:
        """As one run of bytes."""
        return json.dumps([self.status, dict(self.headers), b64encode(self.content).decode("ascii")]).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> "Answer":
        status, headers, content = json.loads(data)
        return cls(status, b64decode(content), headers)


def ok(shape: BaseModel, *, sparse: bool = False) -> Answer:
    """`sparse`: without the members that nobody has set."""
    return Answer(200, shape.model_dump_json(exclude_unset=sparse).encode())


def file(content: bytes, media_type: str, name: str) -> Answer:
    """To be saved under a name, of which those who know no better get the letters that ASCII has."""
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "_", name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Answer(200, content, {"Content-Type": media_type, "Content-Disposition": disposition})


def created(shape: BaseModel, at: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """`at`: the path of the new thing."""
    location = {} if at is None else {"Location": at}
    return Answer(201, shape.model_dump_json().encode(), {**location, **(headers or {})})


NOTHING = Answer(204)
