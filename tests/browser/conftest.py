"""Chromium and people who sit before it. The pages come from the server under test: `make setup` builds them."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from server.pages import STATIC
from tests.browser.chromium import launch_options
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting
from tests.processes import ServerProcess

STARTED_WITHIN = 120_000  # milliseconds, for the browser on a busy machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last of all: Playwright's loop stays in this thread once it runs, and tests of asyncio could not begin theirs."""
    items.sort(key=lambda item: "tests/browser/" in item.nodeid)
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_options(), "timeout": STARTED_WITHIN}


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    assert (STATIC / "index.html").is_file(), "the web client is not built: run make setup"


@pytest.fixture
def hall(server: ServerProcess, admin: httpx.Client) -> Hall:
    return Hall.open(server, admin)


Sit = Callable[..., Sitting]


@pytest.fixture
def sit(browser: Browser, hall: Hall) -> Iterator[Sit]:
    """`sit("delegate", "KAZ", locale="ru-RU", width=390, theme="dark")`: somebody signed in, in a browser of their own.

    Whoever sits down must leave without an error in the console or a breach of the content security policy behind.
    """
    seated: list[Sitting] = []

    def take_place(role: str | None = "delegate", delegation: str | None = None, **options: Any) -> Sitting:
        sitting = Sitting.begin(browser, options.pop("hall", hall), role, delegation, **options)
        seated.append(sitting)
        return sitting

    yield take_place
    for sitting in seated:
        sitting.leave()
    faults = [fault for sitting in seated for fault in sitting.faults]
    assert not faults, faults


@pytest.fixture
def page() -> Page:
    raise AssertionError("take a place with `sit`")
