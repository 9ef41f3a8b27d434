"""The page of one file in a real browser: from the disk, the network off, every number right."""

from __future__ import annotations

import base64
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, Axe, OpenPage, type_in_a_shell

from glasshouse.app.bundle import bundled
from glasshouse.app.columns import lettered
from glasshouse.app.messages import Kind, read
from glasshouse.app.packing import packed
from glasshouse.app.playable import boxed, scene_pieces
from glasshouse.app.scene import scene_of
from glasshouse.cli import main
from glasshouse.report.measured import metric_rows
from glasshouse.report.metric_table import printed
from glasshouse.session import open_run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

READY = ".gh-player"


@pytest.fixture(scope="module")
def file(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a page as a user makes it."""
    folder = tmp_path_factory.mktemp("playable")
    made = type_in_a_shell("playable", str(finished_run), "-o", "page.html", cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder / "page.html"


def opened(page: Page, file: Path, behind: str = "") -> Page:
    """Open the page and wait until it is drawn."""
    page.goto(file.as_uri() + behind)
    page.wait_for_selector(READY)
    return page


def test_the_page_opens_from_the_disk_with_the_network_off(
    page: Page, file: Path, axe: Axe
) -> None:
    """It draws people, time and figures, asks nothing of anybody, and passes axe."""
    opened(page, file)
    assert page.locator("canvas").count() >= 2
    assert page.locator("figure svg, .gh-figures svg").count() >= 2
    assert "4,096" in page.locator(".gh-sub").inner_text()
    axe(page)


def test_numbers_on_the_page_are_those_of_metrics(
    page: Page, file: Path, finished_run: Path
) -> None:
    """Every value and interval that the page shows is the one that `glasshouse metrics` prints."""
    opened(page, file)
    page.get_by_role("tab", name="Results").click()
    shown = page.eval_on_selector_all(
        "table.gh-metrics tbody tr",
        "rows => rows.map((row) => [...row.querySelectorAll('td')].slice(0, 2)"
        ".map((cell) => cell.textContent))",
    )
    rows = metric_rows(open_run(finished_run).archive)
    assert [tuple(pair) for pair in shown] == [
        (said["value"], said["interval"]) for said in map(printed, rows)
    ]
    typed = CliRunner().invoke(main, ["metrics", str(finished_run)], catch_exceptions=False).stdout
    for value, interval in shown:
        assert value in typed
        assert interval in typed
    assert open_run(finished_run).digest in page.content()


def test_counts_on_the_page_are_those_of_the_months(
    page: Page, file: Path, finished_run: Path
) -> None:
    """The scene in the browser holds the table of months: listed, refused, by step and arm."""
    opened(page, file)
    page.get_by_role("tab", name="Numbers").click()
    last = max(row["step"] for row in open_run(finished_run).months().rows())
    page.get_by_role("slider").first.fill(str(last))
    expect(page.get_by_role("heading", name="everybody in the run")).to_contain_text("December")
    words = page.get_by_role("tabpanel").inner_text()
    for row in open_run(finished_run).months().rows():
        if row["step"] == last:
            assert f"{row['refusals']:,}" in words
            assert f"{row['acts']:,}" in words


@pytest.mark.parametrize("carry", ["all", "parting"])
def test_the_browser_unpacks_what_was_packed(page: Page, finished_run: Path, carry: Any) -> None:
    """Event by event, what the page has is what the replay told."""
    run = open_run(finished_run)
    stream = scene_of(run.archive, run.experiment, 1)
    messages = list(read(stream))
    header = messages[0].said
    events = [one.said[1] for one in messages if one.kind is Kind.STEP]
    box = boxed(scene_pieces(b"", packed(header, events, carry)))
    page.goto("about:blank")
    script = bundled("packed.js", also='globalThis.packed = module["packed.js"];')
    page.evaluate(f"() => {{ {script} }}")
    given = page.evaluate(
        """async (text) => {
          const [, head, ...pieces] = await packed.opened(text);
          const steps = packed.stepsOf(JSON.parse(new TextDecoder().decode(head)), pieces);
          const all = new Uint8Array(steps.reduce((sum, one) => sum + one.length, 0));
          let at = 0;
          for (const one of steps) { all.set(one, at); at += one.length; }
          let letters = "";
          for (const byte of all) letters += String.fromCharCode(byte);
          return btoa(letters);
        }""",
        lettered(box),
    )
    for (step, here), there in zip(
        (one.said for one in read(base64.b64decode(given))), events, strict=True
    ):
        mine, theirs = Counter(zip(*map(list, here), strict=True)), told(there, header, carry)
        assert mine == theirs, step


def told(events: Any, header: Any, carry: str) -> Counter[Any]:
    """The events of a step as a page carries them."""
    every = Counter(zip(*(column.tolist() for column in events), strict=True))
    if carry == "all":
        return every
    acts = Counter({one: n for one, n in every.items() if one[3] == 1})
    rest = every - acts
    arms = len(header["arms"])
    by_act: dict[Any, list[Counter[int]]] = {}
    for (row, arm, day, _, act, seen), times in acts.items():
        lanes = by_act.setdefault((row, day, act), [Counter() for _ in range(arms)])
        lanes[arm][seen] += times
    for (row, _, act), lanes in by_act.items():
        seen = [[1] * lane[1] + [0] * lane[0] for lane in lanes]
        for copy in range(max(map(len, seen))):
            here = [lane[copy] if copy < len(lane) else None for lane in seen]
            if any(here) or None in here:
                for arm, sight in enumerate(here):
                    if sight is not None:
                        rest[row, arm, 255, 1, act, sight] += 1
    return rest


def test_the_address_brings_back_month_and_life(page: Page, file: Path) -> None:
    """A bookmark of a month and a position opens there, and moving on changes the address."""
    opened(page, file, "#month=7&life=1.40")
    assert page.get_by_role("slider").first.input_value() == "7"
    page.get_by_role("tab", name="One life").click()
    assert "Community 1, number 40" in page.locator(".gh-life").inner_text()
    page.get_by_role("slider").first.fill("3")
    page.wait_for_url(re.compile(r"#month=3&life=1\.40$"))


def test_a_hostile_address_is_ignored(page: Page, file: Path) -> None:
    """What the address says is a month and a position, or nothing."""
    opened(page, file, "#month=7&life=1.40<img src=x onerror=alert(1)>")
    assert page.get_by_role("slider").first.input_value() == "0"
    assert page.locator("img").count() == 0
    opened(page, file, "#month=99999999999&life=9999999.1")
    page.wait_for_selector(READY)


def test_the_page_holds_together_on_a_narrow_screen(open_page: OpenPage, file: Path) -> None:
    """At 390 pixels nothing has to be scrolled sideways."""
    page = opened(open_page(size=NARROW, motion="reduce"), file)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW[0]


def test_a_page_that_is_cut_off_says_so(
    page: Page, file: Path, tmp_path: Path, watched: Any
) -> None:
    """A file that was not copied whole is no silent black page."""
    text = file.read_text(encoding="utf-8")
    at = text.index('id="scene">') + 2000
    broken = tmp_path / "broken.html"
    broken.write_text(text[:at] + text[text.index("</script>", at) :], encoding="utf-8")
    watched.expect(".*")
    page.goto(broken.as_uri())
    page.wait_for_selector('[role="alert"]')
    assert "cannot be opened" in page.locator('[role="alert"]').inner_text()


@pytest.fixture(scope="module")
def with_map(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run with enough communities for every province, and of its page."""
    assert chromium
    folder = tmp_path_factory.mktemp("map")
    words = "run pellucid --people 3072 --years 1 --set community_size=32 --out run"
    for asked in (words, "playable run -o page.html --communities 4"):
        ended = type_in_a_shell(*asked.split(), cwd=folder)
        assert ended.returncode == 0, ended.stderr
    return folder


def test_the_map_has_the_numbers_of_the_whole_run(page: Page, with_map: Path, axe: Axe) -> None:
    """Four communities are shown, and a tile says who is listed of everybody in its province."""
    run = open_run(with_map / "run")
    opened(page, with_map / "page.html", "#month=11")
    assert "first 4 communities of 96" in page.locator(".gh-sub").inner_text()
    found = run.counts().filter("count = 'listed_persons' AND step = 11 AND arm = 'scored'").rows()
    listed = {row["province"]: f"{row['value']:,}" for row in found}
    tiles = page.locator(".gh-map g")
    assert tiles.count() == 3
    for tile in tiles.all():
        name, count = tile.locator("text").all_text_contents()
        assert count == listed.get(name, "0")
    axe(page, ".gh-map")
