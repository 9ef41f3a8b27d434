"""The page takes no name, no file and no text, and reaches nothing but the server it came from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SVG = "http://www.w3.org/2000/svg"
KINDS_OF_INPUT = {"number", "range", "checkbox", "radio"}
KINDS_OF_BUTTON = {"button", "submit"}
NEVER = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|WebSocket"
    r"|XMLHttpRequest|EventSource|sendBeacon|importScripts|RTCPeer|localStorage|sessionStorage"
    r"|indexedDB|document\.cookie|FileReader|FormData|contenteditable|showOpenFilePicker"
    r"|getUserMedia|geolocation|navigator\.(?:usb|bluetooth|serial|hid)"
)


@pytest.fixture(scope="module")
def texts(package: Path) -> dict[str, str]:
    """Give the page's own files by name; the libraries it carries lie in a folder of theirs."""
    root = package / "app" / "static"
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(root.iterdir())
        if path.suffix in {".js", ".html", ".css"}
    }


def test_a_field_takes_a_number_or_a_choice(texts: dict[str, str]) -> None:
    """No field could take a name or a document's number, and none takes a file."""
    for name, text in texts.items():
        made = re.findall(r"(?:\btype: |<input[^>]*\btype=)\"(\w+)\"", text)
        words = {kind for kind in made if kind not in KINDS_OF_BUTTON | {"utc"}}
        # A picture in memory has a type, too.
        words -= {"image"}
        assert words <= KINDS_OF_INPUT, (name, words)
        inputs = len(re.findall(r'make\("input"|<input\b', text))
        assert len([kind for kind in made if kind in KINDS_OF_INPUT]) >= inputs, name
        # The one area of text is filled by the page, out of sight, to be copied from.
        assert not re.search(r'<textarea|make\("textarea", (?!\{ class: "gh-aside")', text), name


def test_the_page_asks_its_own_server_alone(texts: dict[str, str]) -> None:
    """No address stands in any file but the name of SVG; what is fetched begins with a slash."""
    for name, text in texts.items():
        assert not re.search(r"https?://|wss?://|//[a-z]+\.", text.replace(SVG, "")), name
        for asked in re.findall(r"\bfetch\(([^,)]+)", text):
            assert asked == "path" or asked.startswith(("`/api/", '"/api/')), (name, asked)
        for asked in re.findall(r'\bask(?:ed)?\("[A-Z]+", ([`"][^`"]*)', text):
            assert asked[1:].startswith("/api/"), (name, asked)


def test_the_page_runs_and_keeps_nothing_that_it_is_given(texts: dict[str, str]) -> None:
    """Data is text and never markup or program; nothing is stored, watched or sent aside."""
    for name, text in texts.items():
        assert not NEVER.search(text), (name, NEVER.search(text))
        if name.endswith(".html"):
            assert not re.search(r"\son\w+=|\sstyle=|javascript:", text), name
