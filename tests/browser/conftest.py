"""A real browser for the tests: offline, silent, and looking at nothing but this machine.

Where no Chromium is found these tests are skipped with one line; where `CI` or
`GLASSHOUSE_BROWSER=required` is set they fail instead. A page that asks for anything but `file:` or
127.0.0.1, or that writes an error on its console, fails the test that opened it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

NO_CHROMIUM = "no Chromium found"
HERE = Path(__file__).parent
WIDE = (1440, 900)
NARROW = (390, 844)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
QUIET = ("--no-sandbox", "--disable-dev-shm-usage", "--no-first-run", NOWHERE)
WITH_WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
WITHOUT_WEBGL = ("--disable-gpu", "--disable-3d-apis")
SCHEMES_OF_THE_PAGE_ITSELF = {"file", "data", "blob", "about"}
AXE_ASKS_FOR = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

OpenPage = Callable[..., "Page"]
Axe = Callable[..., None]
Motion = Literal["reduce", "no-preference"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder, and keep it together on one worker of pytest-xdist."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lay the tests skipped for want of a browser at one door, so that one line tells of them."""
    report = yield
    if isinstance(report.longrepr, tuple) and NO_CHROMIUM in report.longrepr[2]:
        report.longrepr = (str(Path(__file__)), 0, report.longrepr[2])
    return report


def asked_for() -> bool:
    """Tell whether a missing browser is a failure and not a reason to skip."""
    return bool(os.environ.get("CI")) or os.environ.get("GLASSHOUSE_BROWSER") == "required"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the machine's Chromium, or skip, or fail where it must not be missing."""
    named = os.environ.get("GLASSHOUSE_CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    said = f"{NO_CHROMIUM} ({named or ', '.join(NAMES)}); on Debian: apt install chromium"
    if asked_for():
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def playwright(chromium: str) -> Iterator[Playwright]:
    """Give the driver, once a worker process, where there is a browser to drive."""
    assert chromium
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Give one Chromium for all tests of a worker process, with WebGL drawn in software."""
    with playwright.chromium.launch(
        executable_path=chromium, args=[*QUIET, *WITH_WEBGL]
    ) as launched:
        yield launched


@pytest.fixture
def browser_without_webgl(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Give a Chromium that has no WebGL at all, as an old machine or a strict school has none."""
    with playwright.chromium.launch(
        executable_path=chromium, args=[*QUIET, *WITHOUT_WEBGL]
    ) as launched:
        yield launched


@dataclass
class Watched:
    """What the pages of one test asked for and complained of, and what was to be expected."""

    contexts: list[BrowserContext] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Let pass what the console says of a refusal that the test asked for on purpose."""
        self.expected.append(pattern)

    def asked(self, address: str) -> None:
        """Note a request that leaves this machine."""
        parts = urlsplit(address)
        if parts.scheme not in SCHEMES_OF_THE_PAGE_ITSELF and parts.hostname != "127.0.0.1":
            self.strangers.append(address)

    def complained(self, said: str) -> None:
        """Note an error of a page."""
        self.complaints.append(said)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        self.contexts.append(context)
        context.on("request", lambda request: self.asked(request.url))
        context.on("weberror", lambda error: self.complained(f"page error: {error.error}"))
        context.on(
            "console",
            lambda told: (
                self.complained(f"console: {told.text} ({told.location.get('url', '')})")
                if told.type == "error"
                else None
            ),
        )

    def unexpected(self) -> list[str]:
        """Give the complaints that no test asked for."""
        return [
            said
            for said in self.complaints
            if not any(re.search(pattern, said) for pattern in self.expected)
        ]


@pytest.fixture
def watched() -> Iterator[Watched]:
    """Give what listens to the pages, and fail the test for what it has heard."""
    here = Watched()
    yield here
    for context in here.contexts:
        context.close()
    assert not here.strangers, f"the page asked for what is not on this machine: {here.strangers}"
    assert not here.unexpected(), "the page complained:\n" + "\n".join(here.unexpected())


@pytest.fixture
def open_page(browser: Browser, watched: Watched) -> OpenPage:
    """Give a way to open pages: `open_page(size=NARROW, motion="reduce", online=True)`.

    Offline, which is the rule, reaches `file:` alone; online reaches 127.0.0.1 as well.
    """

    def opened(
        *,
        size: tuple[int, int] = WIDE,
        motion: Motion = "no-preference",
        online: bool = False,
        within: Browser | None = None,
        **more: Any,
    ) -> Page:
        context = (within or browser).new_context(
            viewport={"width": size[0], "height": size[1]},
            reduced_motion=motion,
            offline=not online,
            accept_downloads=True,
            **more,
        )
        context.set_default_timeout(20_000)
        watched.watch(context)
        return context.new_page()

    return opened


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Give a wide page with the network off: what it shows, it shows from disk."""
    return open_page()


@pytest.fixture
def local_page(open_page: OpenPage) -> Page:
    """Give a wide page that reaches 127.0.0.1 and nothing else."""
    return open_page(online=True)


def told(violation: dict[str, Any]) -> str:
    """Tell a violation in lines that say which element, and what is wrong with it."""
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"][:5]:
        lines.append(f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}")
        lines += [f"        {line.strip()}" for line in node["failureSummary"].splitlines()[1:]]
    if len(violation["nodes"]) > 5:
        lines.append(f"    and {len(violation['nodes']) - 5} more")
    return "\n".join(lines)


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Give a check by axe-core: `axe(page)` fails with readable violations, and is silent else."""

    def checked(page: Page, within: str | None = None) -> None:
        from axe_playwright_python.sync_playwright import Axe as Driver

        options = {"resultTypes": ["violations"], **AXE_ASKS_FOR}
        found = Driver().run(page, context=within, options=options).response["violations"]
        assert not found, f"axe on {page.url}:\n" + "\n".join(map(told, found))

    return checked


def type_in_a_shell(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does, and give what it said."""
    return subprocess.run(
        [sys.executable, "-m", "glasshouse", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="session")
def finished_run(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of a finished run of Pellucid: two communities, one year, two arms."""
    assert chromium
    folder = tmp_path_factory.mktemp("browser")
    ended = type_in_a_shell(*"run pellucid --people 4096 --years 1 --out run".split(), cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return folder / "run"


@pytest.fixture(scope="session")
def live(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running `glasshouse serve`, stopped when the tests are over."""
    assert chromium
    folder = tmp_path_factory.mktemp("serve")
    said_aside = folder / "stderr.txt"
    with (
        said_aside.open("w", encoding="utf-8") as aside,
        subprocess.Popen(
            [sys.executable, "-u", "-m", "glasshouse", "serve", "--port", "0"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=aside,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                found = re.search(r"http://127\.0\.0\.1:\d+", line)
                if found:
                    yield found.group()
                    break
            else:
                pytest.fail(f"glasshouse serve gave no address:\n{said_aside.read_text()}")
        finally:
            process.terminate()
            process.wait(timeout=20)
