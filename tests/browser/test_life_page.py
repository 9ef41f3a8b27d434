"""A life as a page in a real browser: from the disk, the network off, on a telephone, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import NARROW, WIDE, Axe, OpenPage, type_in_a_shell

from glasshouse.session import open_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def file(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of somebody to whom something happened, as a user makes it."""
    folder = tmp_path_factory.mktemp("life")
    person = str(open_run(finished_run).worth_following())
    made = type_in_a_shell("life", str(finished_run), person, "-o", "life.html", cwd=folder)
    assert made.returncode == 0, made.stderr
    assert made.stdout.strip() == "life.html"
    return folder / "life.html"


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_page_opens_from_the_disk_and_passes_axe(
    open_page: OpenPage, axe: Axe, file: Path, size: tuple[int, int]
) -> None:
    """Nothing is fetched, the picture has a text instead, and no page is wider than its screen."""
    page = open_page(size=size)
    page.goto(file.as_uri())
    picture = page.get_by_role("img")
    assert "in 2 lanes" in (picture.get_attribute("aria-label") or "")
    box = picture.bounding_box()
    assert box is not None
    assert 300 < box["width"] <= size[0]
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    page.locator("summary").click()
    assert page.locator(".days tbody tr").count() > 10
    axe(page)


def test_letters_of_the_picture_can_be_read_on_a_telephone(open_page: OpenPage, file: Path) -> None:
    """Drawn as wide as the screen, no letter is smaller than seven and a half points."""
    page = open_page(size=NARROW)
    page.goto(file.as_uri())
    least = page.evaluate(
        "() => { const svg = document.querySelector('figure svg');"
        " const part = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;"
        " return Math.min(...[...svg.querySelectorAll('text')]"
        ".map((text) => part * Number(text.getAttribute('font-size')))); }"
    )
    assert least >= 7.5


def test_every_event_is_opened_by_the_keyboard(open_page: OpenPage, file: Path) -> None:
    """The one control of the page is reached and opened without a pointer, its focus seen."""
    page = open_page()
    page.goto(file.as_uri())
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.tagName")
    assert focused == "SUMMARY"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    assert page.locator("details").get_attribute("open") is not None
