"""The web client: one page for every address that people may open, and the files that it loads."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from server.errors import not_found

STATIC = Path(__file__).parent / "static"
ADDRESSES = (
    "/",
    "/join/{token}",
    "/meetings/{meeting}",
    "/documents/{document}",
    "/documents/{document}/projector",
    "/documents/{document}/history",
)

_FRESH = "no-cache"  # asked for again each time: it names the files of this version
_FOR_EVER = "public, max-age=31536000, immutable"  # their names change with their content
_COMPRESSED = frozenset({".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"})
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rolling Text</title>
<p>The web client is not built. Run <code>make setup</code> in the project's directory, then load this page again.</p>
"""

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the client, read and compressed once."""

    plain: bytes
    small: bytes | None  # by gzip
    media_type: str
    tag: str


async def page(request: Request) -> Response:
    """The client itself finds out what the address means; opening an invitation consumes nothing (P3)."""
    found = await run_in_threadpool(_index)
    if found is None:
        return HTMLResponse(_NOT_BUILT, 503)
    return _answer(request, found, _FRESH)


async def asset(request: Request) -> Response:
    return await _file(request, "assets/" + request.path_params["name"], _FOR_EVER)


async def other(request: Request) -> Response:
    """An icon or the like, beside the page."""
    return await _file(request, request.path_params["name"], _FRESH)


async def _file(request: Request, name: str, caching: str) -> Response:
    if name == "index.html" or name not in await run_in_threadpool(_names):
        raise not_found("path")
    return _answer(request, await run_in_threadpool(_read, name), caching)


def _answer(request: Request, file: StaticFile, caching: str) -> Response:
    headers = {"Cache-Control": caching, "ETag": file.tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    small = file.small is not None and "gzip" in request.headers.get("accept-encoding", "")
    content = file.small if small and file.small is not None else file.plain
    if small:
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=file.media_type)


def _index() -> StaticFile | None:
    """Read anew when it was built anew."""
    path = STATIC / "index.html"
    return _index_of(path.stat().st_mtime_ns) if path.is_file() else None


@cache
def _index_of(built_at: int) -> StaticFile:
    _names.cache_clear()
    _read.cache_clear()
    return _read("index.html")


@cache
def _names() -> frozenset[str]:
    """What there is to serve: no other name reaches the file system."""
    return frozenset(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())


@cache
def _read(name: str) -> StaticFile:
    path = STATIC / name
    plain = path.read_bytes()
    small = gzip.compress(plain, 9, mtime=0) if path.suffix in _COMPRESSED else None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return StaticFile(plain, small, media_type, f'"{sha256(plain).hexdigest()[:32]}"')


PATHS: tuple[Route, ...] = (
    *(Route(address, page) for address in ADDRESSES),
    Route("/assets/{name}", asset),
    Route("/{name}", other),
)
