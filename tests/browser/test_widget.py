"""The widget in a browser: a host as small as a cell mounts it, and takes it away again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import glasshouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

CELL = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A notebook</title><style id="css"></style></head>
<body><main><h1>A notebook</h1><h2>A cell</h2><div id="cell"></div></main></body></html>
"""

# What anywidget does: import the module, and call its render with a model and an element.
MOUNT = """async ([esm, css, scene, said]) => {
  document.getElementById("css").textContent = css;
  const address = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const { default: widget } = await import(address);
  const traits = { scene, said };
  const model = { get: (name) => traits[name], on() {}, off() {} };
  globalThis.takenAway = await widget.render({ model, el: document.getElementById("cell") });
}"""


@pytest.fixture
def cell(page: Page, finished_run: Path, tmp_path: Path) -> Page:
    """Give a page whose one cell shows a run's widget."""
    view = glasshouse.open(finished_run).view()
    host = tmp_path / "notebook.html"
    host.write_text(CELL, encoding="utf-8")
    page.goto(host.as_uri())
    page.evaluate(MOUNT, [str(view._esm), str(view._css), view.scene, view.said])
    return page


def test_the_widget_lives_in_a_cell(cell: Page, axe: Callable[[Page], None]) -> None:
    """Both arms are drawn, the slider moves, axe finds nothing, and it goes away again."""
    assert cell.locator("#cell canvas").count() >= 2
    assert cell.locator("#cell .gh-said").inner_text().endswith("MB of scene.")
    assert "December" in cell.locator("#cell .gh-caption").inner_text()
    slider = cell.locator("#cell input[type=range]").first
    slider.focus()
    cell.keyboard.press("Home")
    cell.wait_for_function("document.querySelector('.gh-caption').textContent.includes('January')")
    axe(cell)
    cell.evaluate("takenAway()")
    assert cell.locator("#cell canvas").count() == 0
