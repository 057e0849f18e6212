"""From bytes to checked values: JSON, forms with a file, and the query string. Whatever does not fit raises Problem."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, PlainSerializer, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from server.errors import Code, Problem, invalid, malformed, too_large

M = TypeVar("M", bound=BaseModel)

JSON_LIMIT = 1024 * 1024  # bytes
UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes of a file, or of a text within JSON
FORM_ROOM = 64 * 1024  # bytes of a form beside its file
_FORM_FIELDS = 16
_TOLD = 20  # faults that one answer names
_SENTENCES = {"missing": "is missing", "extra_forbidden": "is not known here"}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form. `digest`: SHA-256 of its content, in hexadecimal."""

    name: str
    content: bytes
    digest: str


class _Form(MultiPartParser):
    """One that knows whether it has seen the end: half a file is not to be taken for a file."""

    whole = False

    def on_end(self) -> None:
        self.whole = True


File = Annotated[
    SentFile,
    WithJsonSchema({"type": "string", "format": "binary"}),
    PlainSerializer(lambda file: [file.name, file.digest]),
]


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_json(request: Request, model: type[M], limit: int) -> M:
    """The body as `model`."""
    data = await _read(request, limit)
    kind = media_type(request)
    if kind != "application/json":
        if not data and not kind:
            raise malformed("Send a JSON object as the body.")
        raise Problem(Code.UNSUPPORTED_TYPE, "Send JSON, with the header Content-Type: application/json.")
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise refusal(error, "body") from None


async def read_form(request: Request, model: type[M], limit: int) -> M:
    """The fields and the one file of a multipart form as `model`; `limit` in bytes, of the file."""
    parser = _Form(
        request.headers,
        _bounded(request, limit + FORM_ROOM),
        max_files=1,
        max_fields=_FORM_FIELDS,
        max_part_size=FORM_ROOM,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise malformed(f"The form cannot be read: {error.message}") from None
    try:
        if not parser.whole:
            raise malformed("The form breaks off before its last boundary.")
        return model.model_validate(await _fields(form, limit))
    except ValidationError as error:
        raise refusal(error, "body") from None
    finally:
        await form.close()


def read_query(request: Request, model: type[M]) -> M:
    """The query string as `model`."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise invalid(f"{name} is given twice.", pointer=f"query/{name}")
        given[name] = value
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise refusal(error, "query") from None


def refusal(error: ValidationError, part: str) -> Problem:
    """What pydantic found, as a problem; `part` of the request: body or query."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        return malformed(f"The body is not JSON: {faults[0]['msg'].removeprefix('Invalid JSON: ')}.")
    errors = [{"at": _place(fault, part), "detail": _sentence(fault)} for fault in faults[:_TOLD]]
    detail = "; ".join(f"{each['at']}: {each['detail']}" for each in errors[:3])
    return Problem(Code.INVALID, detail, errors=errors)


def _sentence(fault: ErrorDetails) -> str:
    return _SENTENCES.get(fault["type"]) or fault["msg"][:1].lower() + fault["msg"][1:]


def _place(fault: ErrorDetails, part: str) -> str:
    return "/".join([part, *map(str, fault["loc"])])[:200]


async def _fields(form: FormData, limit: int) -> Mapping[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in form.multi_items():
        if name in fields:
            raise invalid(f"{name} is given twice.", pointer=f"body/{name}")
        fields[name] = await _file(value, limit) if isinstance(value, UploadFile) else value
    return fields


async def _file(upload: UploadFile, limit: int) -> SentFile:
    content = await upload.read()
    if len(content) > limit:
        raise too_large(limit)
    digest = await asyncio.to_thread(sha256, content)  # of 20 MB it takes longer than the loop may stand still
    return SentFile(upload.filename or "", content, digest.hexdigest())


async def _read(request: Request, limit: int) -> bytes:
    return b"".join([chunk async for chunk in _bounded(request, limit)])


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The body's chunks; stops with a problem where they become too much, or at once when they say so."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large(limit)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        yield chunk
