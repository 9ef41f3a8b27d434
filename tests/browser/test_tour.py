"""The guided tour: a chapter a page, by keyboard, clean by axe; what it asks has an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import NARROW, WIDE, Axe, OpenPage
from tests.browser.page import LONGEST_MS, focus_by_tab

if TYPE_CHECKING:
    from playwright.sync_api import Page

UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true })"
MINUS = "\N{MINUS SIGN}"


def numbers(page: Page) -> list[str]:
    """Give the numbers that the chapter shows, once its run is finished."""
    page.locator(".tour-numbers td strong").first.wait_for(timeout=LONGEST_MS)
    return page.locator(".tour-numbers td strong").all_inner_texts()


def added_up(page: Page) -> int:
    """Add up the file as a reader does: every line at what the page of the law says of it."""
    worth = {}
    for row in page.locator(".tour-law tbody tr").all():
        points = row.locator("td").first.inner_text()
        for act in row.locator("li").all_inner_texts():
            worth[act.lower()] = points
    start = page.locator(".tour-law td").first.inner_text()
    lines = page.locator(".tour-lines tbody td").all_inner_texts()
    return int(re.findall(r"\d+", start)[0]) + sum(
        int(worth[line.lower()].replace(MINUS, "-")) for line in lines
    )


def test_a_score_is_added_up_by_hand(local_page: Page, live: str, axe: Axe) -> None:
    """The sum of the lines is what the run says, which nothing on the page tells beforehand."""
    page = local_page
    page.goto(f"{live}/tour")
    page.locator(".tour-lines").wait_for(timeout=LONGEST_MS)
    total = added_up(page)
    assert f"score {total}" not in page.locator("main").inner_text()
    page.get_by_label("Your sum").fill(str(total + 7))
    page.get_by_role("button", name="Check").click()
    assert "7 too high" in page.locator(".tour-verdict").inner_text()
    page.get_by_label("Your sum").fill(str(total))
    page.keyboard.press("Enter")
    assert f"The run says {total}, too." in page.locator(".tour-verdict").inner_text()
    axe(page)


def test_a_slider_runs_the_chapter_again_beside_the_first_run(local_page: Page, live: str) -> None:
    """The watcher errs four times as often: four times the wrong lines, beside those before."""
    page = local_page
    page.goto(f"{live}/tour#watcher")
    before = numbers(page)
    page.get_by_role("tab", name="Results").click()
    focus_by_tab(page, "Taken for somebody else")
    page.keyboard.press("End")
    page.get_by_role("columnheader", name="as you set it").wait_for(timeout=LONGEST_MS)
    after = numbers(page)
    assert after[::2] == before
    assert page.get_by_role("tab", name="Results").get_attribute("aria-selected") == "true"
    first, second = (float(text.split()[0]) for text in after[:2])
    assert 3 < second / first < 5
    page.get_by_text("When you have looked").click()
    assert page.locator(".tour-answer p").is_visible()


def test_the_tour_is_turned_by_keyboard(local_page: Page, live: str) -> None:
    """Shift and an arrow turn the page, the heading has the focus, and a link stands for each."""
    page = local_page
    page.goto(f"{live}/tour")
    page.get_by_role("heading", level=1, name="Add up one person").wait_for()
    for title in ("The watcher errs", "A list", "The counter"):
        page.keyboard.press("Shift+ArrowRight")
        page.get_by_role("heading", level=1, name=title).wait_for()
        assert page.evaluate("() => document.activeElement.tagName") == "H1"
    page.keyboard.press("Shift+ArrowLeft")
    page.get_by_role("heading", level=1, name="A list").wait_for()
    assert page.url.endswith("#list")
    focus_by_tab(page, re.compile("Next"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="The counter").wait_for()
    page.go_back()
    page.get_by_role("heading", level=1, name="A list").wait_for()


@pytest.mark.parametrize(
    ("chapter", "size"),
    [("list", WIDE), ("list", NARROW), ("sandbox", NARROW), ("twin", WIDE)],
)
def test_a_chapter_is_clean_by_axe(
    open_page: OpenPage, live: str, axe: Axe, chapter: str, size: tuple[int, int]
) -> None:
    """On both sizes, with everything unfolded; and nothing runs out of the page."""
    page = open_page(online=True, size=size)
    page.goto(f"{live}/tour#{chapter}")
    numbers(page)
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((one) => { one.open = true })"
    )
    axe(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
