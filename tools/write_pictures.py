"""Takes the pictures of docs/figures: what a user sees, of runs made for it.

Usage: write_pictures.py. Needs Chromium and the lock of the tests; takes two minutes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

import glasshouse as gh

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIGURES = Path(__file__).parents[1] / "docs" / "figures"
WIDE, NARROW = (1440, 900), (390, 1500)
COLOURS = 128
"""Enough for what is drawn here; a picture of every colour would be three times as long."""

LIFE = 1735
"""Of the run of ten years: listed, refused, and off again."""


def main() -> None:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no Chromium found; on Debian: apt install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        from_disk(browser, Path(folder))
        live(browser)
        browser.close()


def from_disk(browser: Browser, folder: Path) -> None:
    """Take the report's first screen, a life and the playable page."""
    demo = gh.run("as-told", people=50_000, out=folder / "demo")
    page = opened(browser, WIDE, demo.report(folder / "report.html").as_uri())
    take(page, "report")
    long = gh.run("as-told", people=10_000, years=10, out=folder / "long")
    page = opened(browser, (1100, 900), long.draw_life(LIFE, folder / "life.html").as_uri())
    take(page, "life")
    long.playable(folder / "page.html")
    address = (folder / "page.html").as_uri()
    page = opened(browser, WIDE, f"{address}#month=80&life={LIFE // 2048}.{LIFE % 2048}")
    page.get_by_role("slider").first.wait_for()
    page.wait_for_timeout(2000)
    take(page, "playable")


def live(browser: Browser) -> None:
    """Take the live page, wide and narrow, when its first run has come to its end."""
    with served() as address:
        for size, name in ((WIDE, "live-wide"), (NARROW, "live-narrow")):
            page = opened(browser, size, address)
            page.get_by_text(re.compile("^Finished")).wait_for(timeout=120_000)
            take(page, name)


@contextmanager
def served() -> Iterator[str]:
    """Give the address of a page that is served for as long as it is needed."""
    command = [sys.executable, "-m", "glasshouse", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            yield re.findall(r"http://127\.0\.0\.1:[0-9]+", said)[0]
        finally:
            process.terminate()


def opened(browser: Browser, size: tuple[int, int], address: str) -> Page:
    """Open an address in a window of a size."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    return page


def take(page: Page, name: str) -> None:
    """Take what the window shows, in few colours, and close it."""
    place = FIGURES / f"{name}.png"
    page.screenshot(path=place)
    page.close()
    with Image.open(place) as picture:
        picture.convert("RGB").quantize(COLOURS).save(place, optimize=True)
    sys.stdout.write(f"{place.name}: {place.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
