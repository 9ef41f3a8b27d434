"""The page of one file by hand: offline, by keyboard, without WebGL, clean by axe on both sizes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import NARROW, WIDE, Axe, OpenPage, type_in_a_shell
from tests.browser.page import focus_by_tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def file(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a page as a user makes it."""
    folder = tmp_path_factory.mktemp("offline")
    made = type_in_a_shell("playable", str(finished_run), "-o", "page.html", cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder / "page.html"


def drawn(page: Page, file: Path) -> Page:
    """Open the page from the disk and wait until there are dots."""
    page.goto(file.as_uri())
    page.locator(".gh-field canvas").first.wait_for()
    return page


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_it_is_clean_by_axe(
    open_page: OpenPage, file: Path, axe: Axe, size: tuple[int, int]
) -> None:
    """Offline, wide and narrow: no request, no complaint, no violation, nothing out of the page."""
    page = drawn(open_page(size=size), file)
    assert page.locator("h1").count() == 1
    axe(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_it_is_played_and_a_life_followed_by_keyboard(page: Page, file: Path) -> None:
    """The slider moves the month, a position typed follows a life, and no pointer is needed."""
    drawn(page, file)
    focus_by_tab(page, "Month")
    page.keyboard.press("End")
    assert page.locator(".gh-date").inner_text() == "December 2020"
    page.keyboard.press("ArrowLeft")
    assert page.locator(".gh-date").inner_text() == "November 2020"
    focus_by_tab(page, "Figures")
    page.keyboard.press("ArrowRight")
    focus_by_tab(page, "Number")
    page.keyboard.type("1276")
    focus_by_tab(page, "Community", back=True)
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    assert "Community 0, number 1276" in page.locator("[role=tabpanel]:visible").inner_text()


def test_it_is_drawn_without_webgl(
    open_page: OpenPage, browser_without_webgl: Browser, file: Path
) -> None:
    """A school's old machine sees the dots, too."""
    page = drawn(open_page(within=browser_without_webgl), file)
    assert page.evaluate(
        "() => [...document.querySelectorAll('.gh-field canvas')]"
        ".every((canvas) => canvas.getContext('2d') !== null)"
    )
