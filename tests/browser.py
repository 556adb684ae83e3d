"""A real browser: ``page`` is a phone, ``desk`` a desk; ``picture`` keeps what is seen."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "var" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 30_000
"""For every wait, since a busy machine may be many times slower; what comes early is seen early."""

WITHOUT = [
    # The address bar's suggestions: two hidden pages, drawn anew for each context.
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    # Only the last list that Chromium is given counts, so this is Playwright's own too.
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
]  # fmt: skip
"""What Chromium is not to do in these tests."""

FLAGS = [
    # Maps draw with WebGL; these machines have no graphics card.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # All else is drawn by the processor directly: through WebGL's stand-in it takes twice as long.
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(WITHOUT)}",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; a missing one fails, for a browser test that skips proves nothing."""
    named = os.environ.get("WARDWISE_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("No Chromium: run scripts/setup --browser, or set WARDWISE_CHROMIUM.")
    # Playwright keeps an event loop in this thread to the session's end, and Django then refuses
    # its ORM there, although nothing here is concurrent.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        asyncio._set_running_loop(None)
        yield browser
        asyncio._set_running_loop(browser._loop)
        browser.close()


@pytest.fixture(autouse=True)
def _loop_of_browsers_alone(request) -> Iterator[None]:
    """Show Playwright's loop to tests with a browser alone: what asks for one acts otherwise.

    Beside a loop Django opens another connection. What a module's fixture lays in a transaction
    there, no test without a browser would find.
    """
    if "chromium" in request.fixturenames:
        asyncio._set_running_loop(request.getfixturevalue("chromium")._loop)
    yield
    asyncio._set_running_loop(None)


@pytest.fixture
def page(chromium) -> Iterator[Page]:
    """A phone in Vietnamese; fails on an uncaught error or a breach of the content policy."""
    shape = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
    with _opened(chromium, **shape, is_mobile=True, has_touch=True) as opened:
        yield opened


@pytest.fixture
def desk(chromium) -> Iterator[Page]:
    """An operator's screen, under the same conditions as ``page``."""
    with _opened(chromium, viewport={"width": 1440, "height": 900}) as opened:
        yield opened


@contextmanager
def _opened(browser: Browser, **options) -> Iterator[Page]:
    faults: list[str] = []
    # A test that asks for a screen only while it runs began with the loop hidden.
    asyncio._set_running_loop(browser._loop)
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.extend(_breach(message)))
    yield page
    # Gone before the live server is, so that nothing asks it while it stops.
    context.close()
    assert not faults, faults


def _breach(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


@pytest.fixture
def picture(request) -> Callable[[Page, str], Path]:
    """``picture(page, "receipt")`` keeps what is seen, to be looked at, in var/screenshots."""

    def keep(page: Page, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{request.node.name}-{name}.png"
        page.screenshot(path=path)
        return path

    return keep


def hold(page: Page, address: str) -> Callable[[], Route]:
    """Keep the next request to ``address`` waiting; what is returned waits for it, and gives it."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(address, keep, times=1)

    def first() -> Route:
        for _ in range(PATIENCE_MS // 50):
            if held:
                return held[0]
            page.wait_for_timeout(50)
        pytest.fail(f"{address} was not asked for")

    return first
