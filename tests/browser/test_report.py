"""A report in a real browser: from disk with the network off, by keyboard, narrow and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from glasshouse.session import open_run

from .conftest import NARROW, Axe, OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
WIDER = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def written(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of a report on disk."""
    place = tmp_path_factory.mktemp("report") / "report.html"
    return open_run(finished_run).report(place).as_uri()


def test_it_opens_from_disk_offline(page: Page, written: str) -> None:
    """Question, answer and figure stand on the first screen, and its own policy stops nothing."""
    page.goto(written)
    for words in (".question", ".says li", "figure.first svg"):
        box = page.locator(words).first.bounding_box()
        assert box is not None
        assert box["y"] < 900, words
    # The style is let through by its hash alone: where it were not, letters would be the default.
    assert "system-ui" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_axe_finds_nothing_folded_or_open(page: Page, written: str, axe: Axe) -> None:
    """Neither as it opens nor with every table unfolded."""
    page.goto(written)
    axe(page)
    page.evaluate(OPEN_ALL)
    axe(page)


def test_a_narrow_screen_never_scrolls_sideways(
    open_page: OpenPage, written: str, axe: Axe
) -> None:
    """At 390 pixels wide tables scroll within themselves, unfolded or not."""
    page = open_page(size=NARROW, motion="reduce")
    page.goto(written)
    assert page.evaluate(WIDER) <= 0
    page.evaluate(OPEN_ALL)
    assert page.evaluate(WIDER) <= 0
    axe(page)


def test_the_keyboard_reaches_everything(page: Page, written: str) -> None:
    """The first stop skips to the answer; a table unfolds by a key and can be scrolled by keys."""
    page.goto(written)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    summary = page.locator("figure.first summary").nth(1)
    summary.focus()
    page.keyboard.press("Enter")
    table = page.locator("figure.first details[open] .scroll")
    assert table.is_visible()
    assert table.get_attribute("tabindex") == "0"
    assert table.get_attribute("aria-label")


def test_it_prints(page: Page, written: str) -> None:
    """On paper there is no bar of links, and figures are not cut from their words."""
    page.goto(written)
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator(".onpaper").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.plate')).breakInside") in {
        "avoid", "avoid-page",
    }  # fmt: skip
    assert page.pdf(format="A4").startswith(b"%PDF")
