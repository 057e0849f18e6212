"""The web client, as files: one page for every address, and what it loads."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from server import pages
from server.api import problems

SCRIPT = b"let words = 1;\n" * 100


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the built client is."""
    forget()
    monkeypatch.setattr(pages, "STATIC", tmp_path / "static")
    yield tmp_path / "static"
    forget()


def forget() -> None:
    for kept in (pages._names, pages._read, pages._index_of):
        kept.cache_clear()


def build(static: Path, page: str = "<!doctype html>") -> None:
    (static / "assets").mkdir(parents=True, exist_ok=True)
    (static / "index.html").write_text(page, encoding="utf-8")
    (static / "icon.svg").write_text("<svg/>", encoding="utf-8")
    (static / "assets" / "index-abc.js").write_bytes(SCRIPT)


def client() -> httpx.AsyncClient:
    app = Starlette(routes=pages.PATHS, exception_handlers=problems.HANDLERS)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://draft.example")


ADDRESSES = ("/", "/join/abc", "/meetings/0a", "/documents/0a", "/documents/0a/projector")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_every_address_is_the_same_page_and_asked_for_anew(static: Path, address: str) -> None:
    build(static)
    async with client() as browser:
        answer = await browser.get(address)
        assert (answer.status_code, answer.text) == (200, "<!doctype html>")
        assert answer.headers["cache-control"] == "no-cache"
        unchanged = await browser.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_a_client_that_is_not_built_is_said_to_be_so(static: Path) -> None:
    async with client() as browser:
        answer = await browser.get("/")
        assert answer.status_code == 503
        assert "make setup" in answer.text
        build(static)
        assert (await browser.get("/")).status_code == 200


async def test_a_page_that_was_built_anew_is_the_one_that_is_served(static: Path) -> None:
    build(static)
    async with client() as browser:
        await browser.get("/")
        build(static, "<!doctype html><title>New</title>")
        assert "New" in (await browser.get("/")).text


async def test_assets_are_kept_for_ever_and_sent_small(static: Path) -> None:
    build(static)
    async with client() as browser:
        answer = await browser.get("/assets/index-abc.js")
        assert answer.content == SCRIPT
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPT, 9, mtime=0))
        assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
        assert "immutable" in answer.headers["cache-control"]
        plain = await browser.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
        assert (plain.content, plain.headers.get("content-encoding")) == (SCRIPT, None)
        assert (await browser.get("/icon.svg")).headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/index.html", "/none.svg", "/assets/..%2findex.html", "/..%2f..%2fetc%2fpasswd", "/%00"],
)
async def test_no_other_name_reaches_the_file_system(static: Path, path: str) -> None:
    build(static)
    async with client() as browser:
        assert (await browser.get(path)).status_code == 404
