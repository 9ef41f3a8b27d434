"""Files that open from the disk with the network off: the report, the page to play with, a life."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import NARROW, WIDE, Axe, OpenPage, type_in_a_shell
from tests.browser.page import focus_by_tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def files(finished_run: Path) -> dict[str, Path]:
    """Give the files that the program makes of one run."""
    folder = finished_run.parent
    typed = {
        "report": ["report", "run", "-o", "report.html"],
        "playable": ["playable", "run", "-o", "playable.html"],
        "life": ["life", "run", "1276", "-o", "life.html"],
    }
    for words in typed.values():
        ended = type_in_a_shell(*words, cwd=folder)
        assert ended.returncode == 0, ended.stderr
    return {name: folder / f"{name}.html" for name in typed}


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["report", "playable", "life"])
def test_a_file_opens_from_the_disk_and_is_clean_by_axe(
    open_page: OpenPage, files: dict[str, Path], axe: Axe, name: str, size: tuple[int, int]
) -> None:
    """Offline, wide and narrow: no request, no complaint, no violation, nothing out of the page."""
    page = open_page(size=size)
    page.goto(files[name].as_uri())
    if name == "playable":
        page.locator(".gh-field canvas").first.wait_for()
    assert page.locator("h1").count() == 1
    axe(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_report_has_no_script(open_page: OpenPage, files: dict[str, Path]) -> None:
    """With JavaScript off it is the same page: figures, words and tables are all there."""
    page = open_page(java_script_enabled=False)
    page.goto(files["report"].as_uri())
    assert page.locator("svg[role=img]").count() >= 3
    assert page.locator("script").count() == 0
    page.locator("summary", has_text="Numbers").first.click()
    assert page.locator("figure table").first.is_visible()


def test_a_file_is_played_and_a_life_followed_by_keyboard(
    page: Page, files: dict[str, Path]
) -> None:
    """The slider moves the month, an arrow in the dots follows a life, and both stay together."""
    page.goto(files["playable"].as_uri())
    page.locator(".gh-field canvas").first.wait_for()
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


def test_a_file_is_drawn_without_webgl(
    open_page: OpenPage, browser_without_webgl: Browser, files: dict[str, Path]
) -> None:
    """A school's old machine sees the dots, too."""
    page = open_page(within=browser_without_webgl)
    page.goto(files["playable"].as_uri())
    page.locator(".gh-field canvas").first.wait_for()
    assert page.evaluate(
        "() => [...document.querySelectorAll('.gh-field canvas')]"
        ".every((canvas) => canvas.getContext('2d') !== null)"
    )
