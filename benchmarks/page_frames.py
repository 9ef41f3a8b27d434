"""How long the page takes to show a month: `python benchmarks/page_frames.py [people] [months]`.

Chromium on a machine without a graphics card, 1440 x 900. Every frame goes to another month and
moves the dots of both arms, the line over the figures and the bars of scores. `work` is the
script's time, with a pixel read back from WebGL2 so that the picture is finished; `frame` is the
time from one frame that the browser shows to the next, which is never less than its 16.7 ms.
Where there is no graphics card the page draws with Canvas 2D; WebGL2 in software is measured
beside it because it says what a slow card would do.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import sync_playwright
from tests.browser.by_hand import open_drawing, scene_by_hand

SOFTWARE_GL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WAYS = (
    ("Canvas 2D, no graphics card", ["--disable-gpu"], "", 200),
    ("WebGL2 in software", SOFTWARE_GL, "webgl=1", 40),
)
MEASURE = """async (frames) => {
  const last = window.scene.steps - 1;
  const pixel = new Uint8Array(4);
  const contexts = [...document.querySelectorAll(".gh-field canvas")]
    .map((canvas) => canvas.getContext("webgl2")).filter(Boolean);
  await new Promise((done) => { setTimeout(done, 1000); });
  const [work, frame] = [[], []];
  let before = await new Promise(requestAnimationFrame);
  for (let k = 0; k < frames; k += 1) {
    const month = (k * 47 + 13) % (last + 1);
    const from = performance.now();
    window.view.setMonth(month);
    contexts.forEach((gl) => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel));
    work.push(performance.now() - from);
    const now = await new Promise(requestAnimationFrame);
    frame.push(now - before);
    before = now;
  }
  return [work, frame];
}"""


def main() -> None:
    """Print median and 95th percentile of the time of a frame, by way of drawing."""
    people, months = (int(word) for word in (*sys.argv[1:], "10000", "120")[:2])
    stream = scene_by_hand(people, months)
    print(f"{people:,} people x {months} months x 2 arms, {len(stream) / 1e6:.1f} MB of messages")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with sync_playwright() as driver:
        for name, arguments, query, frames in WAYS:
            browser = driver.chromium.launch(
                executable_path=os.environ.get("GLASSHOUSE_CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox", *arguments],
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            open_drawing(page, stream, query)
            took = page.evaluate("window.took")
            print(f"{name}, Chromium {browser.version}: read and drawn in {took:.0f} ms")
            for said, times in zip(("work", "frame"), page.evaluate(MEASURE, frames), strict=True):
                middle, high = np.percentile(times, (50, 95))
                print(f"  {said:<6} median {middle:5.1f} ms   95th percentile {high:5.1f} ms")
            browser.close()


if __name__ == "__main__":
    main()
