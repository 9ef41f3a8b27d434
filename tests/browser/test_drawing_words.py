"""A life on the page is told in the words of `glasshouse life`, event by event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser.by_hand import open_drawing, scene_by_hand

from glasshouse import session
from glasshouse.app.scene import scene_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

TOLD = """async (rows) => {
  const { Scene } = await import("./scene.js");
  const { told } = await import("./words.js");
  const { rowsOf } = await import("./follow.js");
  const scene = Scene.of(new Uint8Array(await (await fetch("scene.bin")).arrayBuffer()));
  return rows.map((row) => [
    scene.events(row).map((event) => [
      scene.date(event.day), scene.header.arms[event.arm].arm, told(event, scene.header)]),
    rowsOf(scene.events(row), scene.header).map((line) => [scene.date(line.day), line.cells]),
  ]);
}"""
SOME = 6


@pytest.fixture(scope="module")
def run(finished_run: Path) -> session.Run:
    """Give the finished run, opened."""
    return session.open_run(finished_run)


def test_events_and_lines_are_those_of_glasshouse_life(page: Page, run: session.Run) -> None:
    """Whoever is listed or refused, and a few others: the same events, days, words and lines."""
    stream = scene_of(run.archive, run.experiment)
    found = run.outcomes().order("listings DESC, refusals DESC, person").project("person")
    addresses = list(dict.fromkeys(int(row[0]) for row in found.limit(2 * SOME).fetchall()))
    lives = [run.life(address) for address in addresses]
    open_drawing(page, stream, is_mounted=False)
    for life, (events, lines) in zip(lives, page.evaluate(TOLD, addresses), strict=True):
        wanted = [[e["day"], e["arm"], e["text"]] for e in life.plain()["events"]]
        assert sorted(events) == sorted(wanted)
        assert lines == [[day.isoformat(), list(cells)] for day, cells in life.rows()]
    assert any(line for life in lives for line in life.rows()), "nothing was tested"


def test_a_count_is_named_as_a_reader_would_say_it(page: Page) -> None:
    """A wrong listing for a lawful act is not called a lawful listing."""
    open_drawing(page, scene_by_hand(64, 1))
    words = page.evaluate(
        """async (names) => {
      const { countWords } = await import("./counts.js");
      return names.map(countWords);
    }""",
        ["listings_open_lawful", "listings_begun_could_not", "entries_lawful", "acts_culpable"],
    )
    assert words == ["In force, for a lawful act", "Begun, could not comply",
                     "Entries, for a lawful act", "Culpable acts"]  # fmt: skip
