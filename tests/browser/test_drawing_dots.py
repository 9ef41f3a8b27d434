"""The dots: where they stand, and that both ways of drawing them draw the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.by_hand import open_drawing, scene_by_hand

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLACES = """async ([width, height]) => {
  const { Scene } = await import("./scene.js");
  const { layout } = await import("./layout.js");
  const scene = Scene.of(new Uint8Array(await (await fetch("scene.bin")).arrayBuffer()));
  const { people, header } = scene;
  const placed = layout(people, header.communities, width, height);
  const { x, y, pitch } = placed;
  let [outside, torn, together] = [0, 0, 0];
  const seen = new Set();
  for (let i = 0; i < people.n; i += 1) {
    if (!(x[i] >= 0 && x[i] <= width && y[i] >= 0 && y[i] <= height)) outside += 1;
    seen.add(`${Math.round(x[i] * 10)} ${Math.round(y[i] * 10)}`);
  }
  for (let row = 0; row < people.n; row += people.household[row]) {
    const last = row + people.household[row] - 1;
    if (Math.abs(y[last] - y[row]) > 0.01) torn += 1;
    else if (Math.abs(x[last] - x[row] - (people.household[row] - 1) * pitch) < 0.01) together += 1;
  }
  return { outside, torn, together, seen: seen.size, n: people.n, pitch };
}"""


def test_everybody_has_a_place_of_their_own_beside_their_household(page: Page) -> None:
    """Nobody stands outside or on another, and a household stands in one run of one line."""
    open_drawing(page, scene_by_hand(6000, 1), is_mounted=False)
    for size in ([700, 600], [360, 420], [1300, 500]):
        found = page.evaluate(PLACES, size)
        assert found["outside"] == 0
        assert found["torn"] == 0
        assert found["seen"] == found["n"] == 6000
        assert found["pitch"] > 3, "people would be too small to see"


BOTH = """async ([first, other]) => {
  const { Scene, FLAG, UNSCORED } = await import("./scene.js");
  const { layout } = await import("./layout.js");
  const { WebglDots } = await import("./dots.js");
  const { CanvasDots } = await import("./dots_canvas.js");
  const { RAMP, COLOUR, HALF, stepOf } = await import("./look.js");
  const scene = Scene.of(new Uint8Array(await (await fetch("scene.bin")).arrayBuffer()));
  const [width, height, ratio] = [700, 600, 2];
  const placed = layout(scene.people, scene.header.communities, width, height);
  const { score, flags } = scene.state(scene.steps - 1, 1);
  const scale = scene.instrument(1);
  const pictures = [WebglDots, CanvasDots].map((Dots) => {
    const canvas = document.createElement("canvas");
    const dots = new Dots(canvas);
    dots.resize(width, height, ratio);
    dots.place(placed);
    dots.setScale(scale);
    dots.draw(score, flags);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    dots.destroy();
    return copy.getImageData(0, 0, canvas.width, canvas.height);
  });
  const pixel = (picture, x, y) => {
    const at = (Math.round(y * ratio - 0.5) * picture.width + Math.round(x * ratio - 0.5)) * 4;
    return [...picture.data.slice(at, at + 3)];
  };
  const apart = (one, two) => Math.max(...one.map((value, k) => Math.abs(value - two[k])));
  const listed = FLAG.rightly | FLAG.wrongly;
  const found = { n: 0, wrong: 0, differ: 0, hollow: 0, hollowWrong: 0, pixels: 0 };
  for (let i = 0; i < flags.length; i += 1) {
    const [one, two] = pictures.map((picture) => pixel(picture, placed.x[i], placed.y[i]));
    if (apart(one, two) > 12) found.differ += 1;
    if (flags[i] & FLAG.refused) continue;
    if (flags[i] & listed) {
      found.hollow += 1;
      if (apart(two, COLOUR.field) > 12) found.hollowWrong += 1;
      continue;
    }
    const step = flags[i] & FLAG.out ? -1 : stepOf(score[i], scale);
    found.n += 1;
    if (apart(one, RAMP[step < 0 ? HALF : step]) > 12) found.wrong += 1;
  }
  const [one, two] = pictures.map((picture) => picture.data);
  for (let at = 0; at < one.length; at += 4) {
    if (Math.abs(one[at] - two[at]) > 64) found.pixels += 1;
  }
  found.share = found.pixels / (one.length / 4);
  return found;
}"""


def test_canvas_draws_the_same_dots_as_webgl(page: Page) -> None:
    """Every dot has the colour of its score in both, listed ones are hollow in both."""
    open_drawing(page, scene_by_hand(2500, 6), is_mounted=False)
    found = page.evaluate(BOTH, [0, 1])
    assert found["n"] > 1500
    assert found["hollow"] > 100
    # A mark of a neighbour may lie over somebody's middle.
    assert found["wrong"] <= 0.02 * found["n"]
    assert found["hollowWrong"] <= 0.02 * found["hollow"]
    assert found["differ"] <= 0.01 * 2500
    assert found["share"] < 0.01


def test_without_webgl_the_same_page_draws_with_canvas(page: Page) -> None:
    """A context that is lost is replaced by Canvas 2D, and the dots stay."""
    open_drawing(page, scene_by_hand(2500, 6), "webgl=1")
    lit = """async () => {
      const canvas = document.querySelector(".gh-arm:last-child canvas");
      window.view.setMonth(5);
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 2] > 120) count += 1;
      return [count, canvas.width, canvas.height, canvas.getContext("webgl2") === null];
    }"""
    page.evaluate("window.view.setMonth(4)")
    before = page.evaluate(lit)
    assert before[3] is False
    page.evaluate("""() => document.querySelectorAll("canvas").forEach((canvas) =>
      canvas.getContext("webgl2").getExtension("WEBGL_lose_context").loseContext())""")
    page.wait_for_timeout(200)
    page.evaluate("window.view.setMonth(4)")
    after = page.evaluate(lit)
    assert after[1:] == [before[1], before[2], True]
    assert abs(after[0] - before[0]) < 0.05 * before[0]
