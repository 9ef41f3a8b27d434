"""The documentation site: it builds without a warning, runs its tutorials, and asks nobody."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
FETCHED = {
    "audio": "src", "embed": "src", "iframe": "src", "img": "src", "input": "src",
    "link": "href", "object": "data", "script": "src", "source": "src", "track": "src",
    "video": "src",
}  # fmt: skip
OF_A_STYLE = re.compile(r"url\(\s*['\"]?([^)'\"]+)|@import\s+['\"]([^'\"]+)")
ELSEWHERE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
LOOKED_AT = (
    "docs/index", "docs/api", "docs/formulas", "docs/looking", "docs/metrics",
    "docs/tutorials/first-answer", "docs/tutorials/which-safeguard", "README",
)  # fmt: skip


class Fetches(HTMLParser):
    """What a page makes a browser fetch by itself; a link that a reader may follow is none."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of whatever is loaded with the page."""
        said = {name: value or "" for name, value in attrs}
        if tag == "link" and said.get("rel") in {"next", "prev", "search", "index", "canonical"}:
            return
        self.addresses += filter(None, [said.get(FETCHED.get(tag, ""), "")])
        self.addresses += [part.split()[0] for part in said.get("srcset", "").split(",") if part]
        self.addresses += of_a_style(said.get("style", ""))

    def handle_data(self, data: str) -> None:
        """Note what a style within the page loads."""
        if "{" in data:
            self.addresses += of_a_style(data)


def of_a_style(text: str) -> list[str]:
    """Give the addresses that a style sheet fetches."""
    return [one or other for one, other in OF_A_STYLE.findall(text)]


def fetched(text: str) -> list[str]:
    """Give everything that a page fetches."""
    found = Fetches()
    found.feed(text)
    return found.addresses


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site, built as `make site` builds it, tutorials and all."""
    out = tmp_path_factory.mktemp("site") / "site"
    program = [sys.executable, str(ROOT / "tools" / "write_site.py"), str(out)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def test_every_page_of_docs_stands_on_the_site(site: Path) -> None:
    """No page is left out, and the first address leads to the list of all."""
    for path in (ROOT / "docs").rglob("*.md"):
        assert (site / path.relative_to(ROOT)).with_suffix(".html").is_file(), path
    assert "docs/index.html" in (site / "index.html").read_text(encoding="utf-8")


def test_no_page_asks_for_anything_from_outside(site: Path) -> None:
    """Whatever a page or a style loads lies beside it on the disk."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        for address in fetched(page.read_text(encoding="utf-8")):
            assert not ELSEWHERE.match(address), f"{page.relative_to(site)}: {address}"
            if not address.startswith(("data:", "#")):
                inside = page.parent / re.split(r"[?#]", address)[0]
                assert inside.exists(), f"{page.relative_to(site)}: {address}"
    for style in site.rglob("*.css"):
        for address in of_a_style(style.read_text(encoding="utf-8")):
            assert not ELSEWHERE.match(address), f"{style.relative_to(site)}: {address}"


def test_the_net_catches_what_is_fetched() -> None:
    """A script, a picture, a style and a frame from elsewhere are seen; a link is let be."""
    outside = "https://example.org/x"
    for text in (
        f'<script src="{outside}"></script>', f'<img src="{outside}">',
        f'<link rel="stylesheet" href="{outside}">', f'<img srcset="{outside} 2x">',
        f'<p style="background: url({outside})">', f"<style>@import '{outside}'; a {{}}</style>",
    ):  # fmt: skip
        assert any(ELSEWHERE.match(found) for found in fetched(text)), text
    assert fetched(f'<a href="{outside}">a source</a>') == []


def test_the_tutorials_were_run(site: Path) -> None:
    """Their tables, figures and digests come from this build; no cell ended in an error."""
    for name in ("first-answer", "which-safeguard"):
        text = (site / "docs" / "tutorials" / f"{name}.html").read_text(encoding="utf-8")
        assert "cell_output" in text, name
        assert "dataframe" in text, name
        assert re.search(r'<img [^>]*src="[^"]+\.(?:png|svg)"', text), name
        assert "Traceback" not in text, name
    first = (site / "docs" / "tutorials" / "first-answer.html").read_text(encoding="utf-8")
    assert re.search(r"\b[0-9a-f]{64}\b", first)


def test_the_public_face_stands_on_its_page(site: Path) -> None:
    """Every public name is there with its sentence."""
    import glasshouse

    text = (site / "docs" / "api.html").read_text(encoding="utf-8")
    for name in set(glasshouse.__all__) - {"__version__"}:
        assert f'id="glasshouse.{name}"' in text, name
    assert "Run.metrics" in text


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_opens_from_disk(page: Page, site: Path, name: str) -> None:
    """With the network off, wide and narrow, nothing is missing and nothing sticks out."""
    page.goto((site / f"{name}.html").as_uri())
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("h1").first.is_visible()


@pytest.mark.parametrize("name", ["docs/index", "docs/formulas", "docs/looking", "README"])
def test_a_page_is_for_everybody(
    page: Page, site: Path, axe: Callable[[Page], None], watched: Any, name: str
) -> None:
    """Axe finds nothing, wide and narrow."""
    # Axe asks for the style sheets once more, which a browser does not give to a page from disk.
    watched.expect("blocked by CORS policy|net::ERR_FAILED")
    page.goto((site / f"{name}.html").as_uri())
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    axe(page)


def test_the_first_address_leads_to_the_index(page: Page, site: Path) -> None:
    """Who opens the folder's `index.html` comes to the list of pages."""
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/docs/index.html")


def test_formulas_are_drawn_and_said(page: Page, site: Path) -> None:
    """Each formula is a picture with its own text for a label."""
    page.goto((site / "docs" / "formulas.html").as_uri())
    page.wait_for_selector("mjx-container[aria-label] svg")
    assert page.locator("mjx-container").count() > 20
    assert page.locator("mjx-container:not([aria-label])").count() == 0
