"""What the fixtures of this folder promise: an unwatched test would prove little."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import Axe, OpenPage, Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PLAIN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Plain</title></head>
<body><main><h1>Plain</h1><p>Nothing else.</p>BODY</main></body></html>"""
HAS_WEBGL = "() => document.createElement('canvas').getContext('webgl2') !== null"


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Give a page on disk without a fault."""
    path = tmp_path / "plain.html"
    path.write_text(PLAIN.replace("BODY", ""), encoding="utf-8")
    return path


def test_a_page_on_disk_opens_with_the_network_off_and_is_clean(
    page: Page, plain: Path, axe: Axe
) -> None:
    """A faultless page opens offline, passes axe and draws with WebGL2."""
    from playwright.sync_api import Error

    page.goto(plain.as_uri())
    assert page.evaluate(HAS_WEBGL)
    axe(page)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("http://127.0.0.1:9/")


def test_without_webgl_there_is_none(
    open_page: OpenPage, browser_without_webgl: Browser, plain: Path
) -> None:
    """The variant without WebGL has none, so what is drawn there is drawn on a plain canvas."""
    page = open_page(within=browser_without_webgl)
    page.goto(plain.as_uri())
    assert not page.evaluate(HAS_WEBGL)


def test_a_request_that_leaves_the_machine_is_heard(
    page: Page, tmp_path: Path, watched: Watched
) -> None:
    """An address elsewhere is refused by the browser and noted by the fixture."""
    path = tmp_path / "stranger.html"
    elsewhere = "http://glasshouse.invalid/a.png"
    path.write_text(PLAIN.replace("BODY", f'<img alt="" src="{elsewhere}">'), encoding="utf-8")
    page.goto(path.as_uri())
    assert watched.strangers == [elsewhere]
    watched.strangers.clear()
    watched.complaints.clear()


def test_errors_of_a_page_are_heard(page: Page, tmp_path: Path, watched: Watched) -> None:
    """An exception and a line on the console both count, unless a test expects them."""
    path = tmp_path / "faulty.html"
    script = "<script>console.error('said aloud'); throw new Error('thrown')</script>"
    path.write_text(PLAIN.replace("BODY", script), encoding="utf-8")
    page.goto(path.as_uri())
    assert len(watched.unexpected()) == 2
    watched.expect("said aloud")
    watched.expect("thrown")
    assert not watched.unexpected()


def test_axe_says_which_element_and_why(page: Page, tmp_path: Path, axe: Axe) -> None:
    """A violation is told with the element and what is wrong, not as a count."""
    path = tmp_path / "nameless.html"
    path.write_text(PLAIN.replace("BODY", '<input id="nameless">'), encoding="utf-8")
    page.goto(path.as_uri())
    with pytest.raises(AssertionError, match=r"label.*(\n.*)*#nameless"):
        axe(page)
