"""The live page as somebody uses it: choosing, running, stopping, linking, and taking along."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import NARROW, WIDE, Axe, OpenPage, type_in_a_shell
from tests.browser.page import LONGEST_MS, ask_for, finished, focus_by_tab, link_to

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TABS = 8

COLOURS = """() => [...document.querySelectorAll('.gh-field canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
})"""


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_finished_run_is_clean_by_axe(
    open_page: OpenPage, live: str, axe: Axe, size: tuple[int, int]
) -> None:
    """On a wide and on a narrow screen, whatever stands beside the dots, and nothing overflows."""
    page = open_page(size=size, online=True)
    page.goto(f"{live}/#{link_to(live, people=512)}")
    finished(page)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # What stands behind the tabs is the same on both; once is enough.
    for name in ("One life", "Numbers", "Results", "About") if size == WIDE else ():
        page.get_by_role("tab", name=name).click()
        axe(page, "#picture")


def test_a_whole_session_goes_by_keyboard(local_page: Page, live: str) -> None:
    """Choose a scenario, move a slider, run, play, follow a life: without a pointer."""
    page = local_page
    page.goto(f"{live}/#{link_to(live, people=512)}")
    finished(page)
    first = page.locator("#said").inner_text()
    focus_by_tab(page, "run when something is moved")
    page.keyboard.press("Space")
    focus_by_tab(page, "Scenario")
    page.keyboard.type("A small country")
    focus_by_tab(page, "Taken for somebody else")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.value") == "4"
    focus_by_tab(page, "Run", back=True)
    page.keyboard.press("Enter")
    finished(page, other_than=first)
    focus_by_tab(page, "Play")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("Space")
    focus_by_tab(page, re.compile("Dots of arm scored"), back=True)
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="One life").get_attribute("aria-selected") == "true"
    assert "Community 0, number 0" in page.locator("[role=tabpanel]:visible").inner_text()


def test_a_link_restores_the_view_exactly(open_page: OpenPage, live: str) -> None:
    """Month, life, chosen score and every setting come back, and the same run: the same digest."""
    page = open_page(online=True)
    link = link_to(live, people=512, controls={"detection-error": 4, "notice-for-all": True})
    page.goto(f"{live}/#{link}")
    finished(page)
    page.get_by_role("application").nth(1).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_label("Month", exact=True).fill("5")
    page.locator(".gh-choice select").select_option(index=1)
    page.wait_for_timeout(700)
    other = open_page(online=True)
    other.goto(page.url)
    finished(other)
    other.wait_for_timeout(700)
    assert other.url == page.url
    for what in ("#said", "#picture .gh-caption", ".gh-date", ".gh-who"):
        assert other.locator(what).first.inner_text() == page.locator(what).first.inner_text()
    for label in ("Taken for somebody else", "People", "Years", "Seed"):
        value = other.get_by_label(label, exact=True).input_value()
        assert value == page.get_by_label(label, exact=True).input_value()
    assert other.get_by_role("checkbox", name="Everybody listed is told").is_checked()
    assert other.locator(".gh-choice select").input_value() == (
        page.locator(".gh-choice select").input_value()
    )


def test_the_printed_command_reproduces_the_digest(
    local_page: Page, live: str, tmp_path: Path
) -> None:
    """What the page says to type gives the very digest that the page shows."""
    page = local_page
    controls = {"detection-error": 2, "aware": 0.5, "ability-test": True}
    page.goto(f"{live}/#{link_to(live, people=700, seed=3, controls=controls)}")
    finished(page)
    page.get_by_role("tab", name="About").click()
    command = page.get_by_label("command", exact=True).first.inner_text()
    digest = page.locator(".gh-hash").first.inner_text()
    program, *words = shlex.split(command)
    assert program == "glasshouse"
    ended = type_in_a_shell(*words, "--out", "again", "--json", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert json.loads((tmp_path / "again" / "run.json").read_text())["digest"] == digest


def test_a_run_can_be_stopped_and_another_begun(local_page: Page, live: str) -> None:
    """Stop ends a run that has begun, and the page takes the next as if nothing had been."""
    page = local_page
    page.goto(f"{live}/#{link_to(live, people=20_000, years=10)}")
    page.get_by_text("of 120 months have come").first.wait_for(timeout=LONGEST_MS)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.", exact=True).wait_for()
    page.wait_for_timeout(500)
    assert page.locator("#said").inner_text() == "Stopped."
    page.evaluate("link => { location.hash = link }", link_to(live, people=300))
    finished(page)


def test_eight_tabs_at_once_get_a_run_each(open_page: OpenPage, live: str) -> None:
    """Eight tabs ask together; they wait for one another and each gets its own run."""
    pages = [open_page(online=True, size=(700, 500)) for _ in range(TABS)]
    for seed, page in enumerate(pages, start=1):
        page.goto(f"{live}/#{link_to(live, people=256, seed=seed)}", wait_until="commit")
    digests = set()
    for page in pages:
        finished(page)
        digests.add(page.locator("#said").inner_text())
    assert len(digests) == TABS


def test_nothing_moves_by_itself_where_motion_is_unwanted(open_page: OpenPage, live: str) -> None:
    """With prefers-reduced-motion no animation or transition runs, and nothing plays unasked."""
    page = open_page(online=True, motion="reduce")
    page.goto(f"{live}/#{link_to(live, people=256)}")
    finished(page)
    before = page.locator(".gh-date").inner_text()
    page.get_by_role("application").nth(1).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.getAnimations().length") == 0
    page.wait_for_timeout(400)
    assert page.locator(".gh-date").inner_text() == before


def test_without_webgl_the_dots_are_drawn_on_a_plain_canvas(
    open_page: OpenPage, browser_without_webgl: Browser, live: str
) -> None:
    """An old machine sees the same people: the fallback draws, and no error is written."""
    page = open_page(online=True, within=browser_without_webgl)
    page.goto(f"{live}/#{link_to(live, people=256)}")
    finished(page)
    drawn = page.evaluate(COLOURS)
    assert len(drawn) == 2
    assert min(drawn) > 2


def test_two_rulebooks_over_the_same_people(local_page: Page, live: str) -> None:
    """Other rulebooks in the place of the scenario's own are told in the command."""
    page = local_page
    link = link_to(
        live, scenario="two-rulebooks", people=512, rulebooks=["rongcheng-2013", "suining-2010"]
    )
    page.goto(f"{live}/#{link}")
    finished(page)
    page.get_by_role("tab", name="About").click()
    said = page.get_by_label("command", exact=True).first.inner_text()
    assert "rongcheng-2013" in said
    assert "suining-2010" in said


def test_an_order_without_a_listener_begins_nothing(live: str) -> None:
    """A run begins when somebody listens: what is only ordered costs nothing."""
    assert ask_for(live, people=20_000, years=10)["link"]
