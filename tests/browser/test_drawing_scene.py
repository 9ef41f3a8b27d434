"""The scene as the page reads it is the scene as Python wrote it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.browser.by_hand import open_drawing, scene_by_hand, states_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

READ_IN_PIECES = """async ([size, book]) => {
  const { Scene } = await import("./scene.js");
  const bytes = new Uint8Array(await (await fetch("scene.bin")).arrayBuffer());
  const scene = new Scene();
  for (let at = 0; at < bytes.length; at += size) scene.push(bytes.subarray(at, at + size));
  scene.choose(book);
  const text = (array) => {
    const all = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let made = "";
    for (let at = 0; at < all.length; at += 8192) {
      made += String.fromCharCode(...all.subarray(at, at + 8192));
    }
    return btoa(made);
  };
  const months = [];
  for (let month = 0; month < scene.steps; month += 1) {
    months.push(scene.header.arms.map((_, arm) => {
      const { score, flags } = scene.state(month, arm);
      return [text(score), text(flags)];
    }));
  }
  return months;
}"""


def array(text: str, kind: str) -> Any:
    """Give the numbers that came out of the page."""
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.mark.parametrize(("size", "book"), [(70_001, "one"), (10**9, "other")])
def test_every_month_is_what_the_events_say(page: Page, size: int, book: str) -> None:
    """Score and flags of everybody in every month equal those derived in Python, however cut."""
    stream = scene_by_hand()
    open_drawing(page, stream, is_mounted=False)
    found = page.evaluate(READ_IN_PIECES, [size, book])
    wanted = states_of(stream, book)
    assert len(found) == len(wanted) == 8
    for month, arms in enumerate(wanted):
        for arm, (score, flags) in enumerate(arms):
            np.testing.assert_array_equal(array(found[month][arm][0], "<i4"), score)
            np.testing.assert_array_equal(array(found[month][arm][1], "u1"), flags)
    some = np.concatenate([flags for arms in wanted for _, flags in arms])
    assert all((some & bit).any() for bit in (1, 2, 4, 16)), "nothing was tested"


LIFE = """async () => {
  const { Scene } = await import("./scene.js");
  const { rowsOf, parting } = await import("./follow.js");
  const scene = Scene.of(new Uint8Array(await (await fetch("scene.bin")).arrayBuffer()));
  const many = (row) => scene.events(row).length;
  const thirds = [...Array(300).keys()].map((k) => 3 * k);
  const busy = thirds.reduce((one, k) => (many(k) > many(one) ? k : one), 0);
  const rows = scene.events(busy);
  const told = rowsOf(rows, scene.header);
  return { events: rows.length, sorted: rows.every((e, k) => !k || rows[k - 1].day <= e.day), told,
           first: parting(told).first, date: scene.date(31), found: scene.find(1, 4),
           nobody: scene.find(7, 4), position: scene.position(2052) };
}"""


def test_a_life_is_read_by_day_and_the_first_difference_is_found(page: Page) -> None:
    """What every arm has stands on one line; the lanes part at the first that not all have."""
    open_drawing(page, scene_by_hand(), is_mounted=False)
    life = page.evaluate(LIFE)
    assert life["events"] > 4
    assert life["sorted"]
    act = next(line for line in life["told"] if line["what"] == 1)
    assert act["cells"] in (
        ["Crosses on red", "Crosses on red (seen)"],
        ["Signs a petition", "Signs a petition (seen)"],
        ["Gives blood", "Gives blood (seen)"],
    )
    assert not act["differs"]
    assert life["first"]["cells"][0] == ""
    assert life["first"] == next(line for line in life["told"] if "" in line["cells"])
    assert life["date"] == "2018-02-01"
    assert (life["found"], life["nobody"]) == (2052, -1)
    assert life["position"] == {"community": 1, "number": 4}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("bytes[0] = 77", "kind 77"),
        ("bytes.set(new TextEncoder().encode('{\"format\":9'), 5)", "format 9"),
    ],
)
def test_a_stream_that_this_page_does_not_know_is_refused(
    page: Page, spoil: str, said: str
) -> None:
    """Another format and an unknown message are said, not drawn."""
    open_drawing(page, scene_by_hand(40, 1), is_mounted=False)
    told = page.evaluate(f"""async () => {{
      const {{ Scene }} = await import("./scene.js");
      const bytes = new Uint8Array(await (await fetch("scene.bin")).arrayBuffer());
      {spoil};
      try {{ Scene.of(bytes); }} catch (error) {{ return error.message; }}
      return "";
    }}""")
    assert said in told
