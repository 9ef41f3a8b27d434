"""The drawing as somebody uses it: by keyboard, by pointer, on narrow screens, in big letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.by_hand import FINISH, header, open_drawing, scene_by_hand
from tests.browser.conftest import NARROW, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Axe, OpenPage

STATE = "() => window.view.state()"
TABS = ("Figures", "One life", "Numbers", "Results", "About")
SCENE = scene_by_hand(2600, 6)


def test_keys_alone_move_time_and_follow_a_life(page: Page) -> None:
    """From the field of dots: arrows follow, comma and full stop step, space plays, b is big."""
    open_drawing(page, SCENE)
    field = page.get_by_role("application").nth(1)
    field.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    row = page.evaluate(STATE)["row"]
    assert row > 2, "down is a line of dots further"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(STATE)["row"] < row
    for key in (".", ".", ","):
        page.keyboard.press(key)
    assert page.evaluate(STATE)["month"] == 1
    page.keyboard.press("End")
    assert page.evaluate(STATE)["month"] == 5
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press(" ")
    page.keyboard.press("b")
    assert page.evaluate(STATE)["big"] is True
    page.keyboard.press("Escape")
    assert page.evaluate(STATE)["row"] == -1


def test_every_control_is_reached_by_tab_and_has_a_name(page: Page) -> None:
    """Tab visits everything that can be used, each has a name and a focus that is seen."""
    open_drawing(page, SCENE)
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        told = page.evaluate("""() => {
          const here = document.activeElement;
          if (here === document.body) return null;
          return [here.tagName, here.getAttribute("aria-label") || here.textContent,
                  getComputedStyle(here).outlineStyle];
        }""")
        if told is None:
            break
        seen.append(told)
    names = [name for _, name, _ in seen]
    assert all(name.strip() for name in names)
    assert all(outline != "none" for _, _, outline in seen)
    assert {"Play", "Month", "Speed", "One month back", "One month on"} <= set(names)
    assert sum("arrow keys follow a life" in name for name in names) == 2


def test_a_position_is_typed_and_a_wrong_one_is_said(page: Page) -> None:
    """Community and number lead to a life; where nobody stands, the page says who is shown."""
    open_drawing(page, SCENE)
    page.get_by_role("tab", name="One life").click()
    page.get_by_role("spinbutton", name="Community").fill("1")
    page.get_by_role("spinbutton", name="Number").fill("7")
    page.get_by_role("button", name="Follow").click()
    assert page.evaluate(STATE)["row"] == 2055
    expect(page.get_by_text("Community 1, number 7")).to_be_visible()
    page.get_by_role("spinbutton", name="Community").fill("9")
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("alert")).to_contain_text("Communities shown: 0, 1")
    inputs = page.locator("input")
    kinds = {inputs.nth(k).get_attribute("type") for k in range(inputs.count())}
    assert kinds == {"number", "range"}, "nothing else can be typed"


def test_a_dot_is_clicked_and_its_lanes_part_where_the_page_says(page: Page) -> None:
    """A click follows the nearest dot; the sentence names the first line that both do not have."""
    open_drawing(page, SCENE, "month=3")
    page.locator(".gh-field").nth(1).click(position={"x": 60, "y": 60})
    row = page.evaluate(STATE)["row"]
    assert row >= 0
    busy = page.evaluate("""() => {
      const many = (row) => window.scene.events(row).filter((e) => e.what === 4).length;
      return [...Array(2600).keys()].find((row) => many(row) > 1);
    }""")
    page.evaluate(f"window.view.select({busy})")
    said = page.locator(".gh-part").inner_text()
    day = re.search(r"They part on (\S+), arm-1: (.+?)\. What", said)
    assert day is not None, said
    marked = page.locator("tr.gh-parts-here td").nth(1)
    assert marked.inner_text() == day[2]
    expect(page.locator(".gh-lanes .gh-parts")).to_have_count(1)


def test_the_caption_says_the_month_in_words(page: Page) -> None:
    """One sentence, read aloud when the month rests, with the counts as they came."""
    open_drawing(page, SCENE, "month=4")
    counts = page.evaluate("() => window.scene.counts[4].arms[1]")
    caption = page.locator(".gh-caption")
    wrong = counts["listings_open"] - counts["listings_open_rightly"]
    expect(caption).to_have_text(re.compile(
        rf"^May 2018\. nothing: nobody is on a list and nobody is refused; "
        rf"arm-1: {counts['listings_open']} listings in force, {wrong} of them wrong; "
    ))  # fmt: skip
    assert caption.get_attribute("aria-live") == "polite"


def test_metrics_stand_as_given(page: Page) -> None:
    """A value is the one of the run, what is unknown says so, and copying is a button."""
    open_drawing(page, SCENE)
    page.get_by_role("tab", name="Results").click()
    rows = page.locator("[data-metric]")
    expect(rows).to_have_count(2)
    assert float(rows.nth(0).get_attribute("data-value") or "") == FINISH["metrics"][0]["value"]
    expect(rows.nth(0)).to_contain_text("0.333")
    expect(rows.nth(0)).to_contain_text("0.250 to 0.400")
    expect(rows.nth(1)).to_contain_text("unknown")
    expect(rows.nth(1)).to_contain_text("fewer than half were off")
    page.get_by_role("tab", name="About").click()
    expect(page.get_by_role("button", name="Copy command")).to_be_visible()
    expect(page.get_by_text(FINISH["reproduce"]["command"])).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_axe_finds_nothing_on_any_tab(open_page: OpenPage, axe: Axe, size: tuple[int, int]) -> None:
    """Every tab is clean on a wide and a narrow screen, and nothing is cut off at the side."""
    page = open_page(size=size, motion="reduce")
    open_drawing(page, scene_by_hand(2600, 6, arms=3), "row=3&month=2")
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        axe(page)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{tab} is wider than the screen by {over} pixels"


def test_another_score_and_another_arm_are_chosen(page: Page) -> None:
    """With several scores and arms there is a choice of each, and the dots follow it."""
    open_drawing(page, scene_by_hand(2600, 6, arms=3))
    page.locator(".gh-legend select").select_option("other")
    assert page.evaluate(STATE)["rulebook"] == "other"
    assert page.evaluate("() => window.scene.instrument(1).start") == 50
    page.get_by_label("Arm on the left").select_option("2")
    expect(page.locator("figcaption strong").first).to_have_text("arm-2")


def test_what_arrives_in_pieces_is_drawn_as_it_comes(page: Page) -> None:
    """A live scene shows its months as they come, and moves on with them until it is touched."""
    open_drawing(page, SCENE, is_mounted=False)
    told = page.evaluate("""async () => {
      const { mount } = await import("./view.js");
      const { Scene } = await import("./scene.js");
      const bytes = new Uint8Array(await (await fetch("scene.bin")).arrayBuffer());
      const scene = new Scene();
      const view = mount(document.getElementById("root"), scene);
      const seen = [view.state().month];
      for (let at = 0; at < bytes.length; at += 30000) {
        scene.push(bytes.subarray(at, at + 30000));
        seen.push(view.state().month);
      }
      const end = view.state().month;
      view.setMonth(2);
      const moved = view.state().month;
      view.destroy();
      return [seen, end, moved, document.getElementById("root").childElementCount];
    }""")
    assert told[0] == sorted(told[0])
    assert told[1:] == [5, 2, 0]


def test_a_map_is_drawn_where_there_is_one_and_its_reason_is_told_where_not(
    page: Page, axe: Axe
) -> None:
    """Tiles and table have the counts of the month; a province of too few communities is empty."""
    open_drawing(page, scene_by_hand(600, 4, with_map=True), "month=2")
    picture = page.locator(".gh-map")
    expect(picture).to_have_count(1)
    texts = [text for text in picture.locator("text").all_text_contents() if text]
    assert texts == ["Aland", "180", "Beyond the river", "7", "Coast"]
    assert "Aland 180" in (picture.get_attribute("aria-label") or "")
    axe(page)
    page.get_by_role("tab", name="Numbers").click()
    row = page.get_by_role("row", name="Coast")
    expect(row).to_contain_text("too few communities")
    open_drawing(page, SCENE)
    expect(page.locator(".gh-map")).to_have_count(0)
    page.get_by_role("tab", name="About").click()
    expect(page.get_by_text("There is no map of provinces")).to_be_visible()


def test_many_arms_and_long_names_keep_within_a_narrow_screen(page: Page) -> None:
    """The choice of a score and a table of many arms never push the page to the side."""
    head = header(600, 3, 7)
    for arm in head["arms"]:
        arm["instruments"] = [
            {**one, "title": f"{one['title']}, as the longest title of any rulebook tells it"}
            for one in arm["instruments"]
        ]
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    open_drawing(page, scene_by_hand(600, 3, 7, said={"arms": head["arms"]}))
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], name


def test_a_run_by_the_week_is_told_in_weeks(page: Page) -> None:
    """No sentence, figure or name of a control calls a week a month."""
    labels = [{"label": f"2018-01-{1 + 7 * k:02}", "days": 7} for k in range(4)]
    open_drawing(page, scene_by_hand(600, 4, said={"step": "week", "steps": labels}))
    expect(page.get_by_text("4 steps of a week at most")).to_be_visible()
    expect(page.get_by_label("Week", exact=True)).to_be_visible()
    for name in TABS[:4]:
        page.get_by_role("tab", name=name).click()
        assert "month" not in page.locator("body").inner_text().casefold(), name
    names = "[...document.querySelectorAll('[aria-label]')].map(one => one.ariaLabel).join()"
    assert "month" not in page.evaluate(names).casefold()


def test_a_row_that_is_not_shown_is_followed_by_nobody(page: Page) -> None:
    """A link to a row beyond the last one draws the run all the same."""
    open_drawing(page, SCENE, "row=4000000000")
    assert page.evaluate(STATE)["row"] == -1
    expect(page.get_by_role("application").first).to_be_visible()
