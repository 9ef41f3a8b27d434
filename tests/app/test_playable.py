"""The page of one file: closed, the same on every build, honest about what it leaves out."""

from __future__ import annotations

import json
import re
import struct
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from tests.app.unpacked import bytes_of, inflated

from glasshouse.app import playable as making
from glasshouse.app.bundle import hash_of
from glasshouse.app.messages import Kind, read
from glasshouse.app.playable import MOST_PEOPLE, Playable, expected, playable_of
from glasshouse.app.scene import events_by_step
from glasshouse.cli import main
from glasshouse.cli.playable import plain
from glasshouse.errors import BadUsage, OtherVersion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from glasshouse.app.messages import Events
    from glasshouse.session import Run


@pytest.fixture(scope="module")
def page(small: Run) -> Playable:
    """Give the page of the small run."""
    return playable_of(small.archive, small.experiment, communities=8, device="python")


def part(text: str, name: str) -> str:
    """What stands in a script of the page."""
    found = re.search(rf'<script type="text/plain" id="{name}">(.*?)</script>', text, re.DOTALL)
    assert found
    return found.group(1)


def pieces(letters: str) -> list[bytes]:
    """The pieces of a box."""
    content, found, at = bytes_of(letters), [], 0
    while at + 4 <= len(content):
        (length,) = struct.unpack_from("<I", content, at)
        found.append(inflated(content[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def test_the_same_run_gives_the_same_bytes(small: Run, page: Playable) -> None:
    """A page that is made twice is the same page."""
    again = playable_of(small.archive, small.experiment, communities=8, device="python")
    assert again.html == page.html


def test_the_page_asks_nothing_of_anybody(page: Playable) -> None:
    """No address, no script or style but its own, each known by its hash."""
    text = page.html.decode()
    assert "default-src 'none'" in text
    assert "unsafe" not in text.split("<style>")[0]
    assert not re.search(
        r"<(?:link|img|iframe|object|embed|base|form)\b", text.split("<noscript>")[0]
    )
    assert not re.search(r"\b(?:src|href)=", text.split("<style>")[0])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    for tag in ('script type="module"', "style"):
        inside = re.search(rf"<{tag}>(.*?)</{tag.split()[0]}>", text, re.DOTALL)
        assert inside
        assert hash_of(inside.group(1)) in policy.group(1)
    for library in pieces(part(text, "libraries")):
        assert hash_of(library.decode()) in policy.group(1)


def test_the_page_holds_the_metrics_of_the_run(small: Run, page: Playable) -> None:
    """The numbers inside are those of `glasshouse metrics --json`, row by row."""
    typed = CliRunner().invoke(main, ["metrics", str(small.path), "--json"], catch_exceptions=False)
    stream = pieces(part(page.html.decode(), "scene"))[0]
    (finish,) = (one.said for one in read(stream) if one.kind is Kind.FINISH)
    assert finish["metrics"] == json.loads(typed.stdout)["rows"]
    assert finish["reproduce"]["command"] in page.html.decode()


def test_whoever_is_not_shown_is_told_of(page: Playable) -> None:
    """Some communities are shown whole, and the page and its maker say so."""
    assert page.people == 128
    assert "first 8 communities of 40" in page.cap_words
    stream = pieces(part(page.html.decode(), "scene"))[0]
    header = next(iter(read(stream))).said
    assert header["cap_words"] == page.cap_words


def test_acts_that_stay_out_are_told_of(small: Run, page: Playable) -> None:
    """A page without the common acts is smaller and says what it lacks and who tells it."""
    fewer = playable_of(
        small.archive, small.experiment, communities=8, carry="parting", device="python"
    )
    assert page.left_out_words == ""
    assert "glasshouse life" in fewer.left_out_words
    assert len(fewer.html) < len(page.html)
    assert fewer.events < page.events


def test_a_size_is_said_beforehand(
    small: Run, page: Playable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is expected is about what comes out; a large page leaves the common acts out."""
    before = expected(small.archive, 8)
    assert before.carry == page.carry == "all"
    assert 0.6 < before.bytes / len(page.html) < 1.5
    monkeypatch.setattr(making, "MOST_BYTES", 1000)
    assert expected(small.archive, 8).carry == "parting"
    assert expected(small.archive, 8, "all").carry == "all"


def test_more_people_than_a_page_shows_are_refused(
    small: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how many there may be."""
    monkeypatch.setattr(making, "MOST_PEOPLE", 50)
    with pytest.raises(BadUsage, match=r"shows 64 people; a page shows at most 50, here 3 comm"):
        expected(small.archive, 4)
    assert making.expected(small.archive, 3).people < MOST_PEOPLE


def test_a_run_that_cannot_be_replayed_is_refused(
    small: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where other lives come out than the run kept, nothing is drawn."""

    def other(*asked: Any) -> Iterator[tuple[int, Events]]:
        return ((step, one._replace(row=one.row[::-1])) for step, one in events_by_step(*asked))

    monkeypatch.setattr(making, "events_by_step", other)
    with pytest.raises(OtherVersion, match="cannot be replayed"):
        playable_of(small.archive, small.experiment, communities=4, device="python")


def test_the_verb_writes_the_page_and_says_what_it_holds(
    small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file, its size, how many are shown; nothing is written over unasked."""
    monkeypatch.setattr(making, "compiled_or_plain", lambda: "python")
    out = tmp_path / "page.html"
    asked = ["playable", str(small.path), "-o", str(out), "--communities", "2"]
    done = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert out.read_bytes().startswith(b"<!doctype html>")
    assert "32 of 640 people" in done.stdout
    assert "the page takes about" in done.stderr
    assert "glasshouse life" in done.stderr
    again = CliRunner().invoke(main, asked)
    assert again.exit_code == 3
    assert "already there" in again.stderr


def test_a_program_is_told_everything_but_the_page(page: Playable) -> None:
    """What stands in the JSON document of the verb is what can be said of the page."""
    said = plain(page)
    assert "html" not in said
    assert said["events"] == page.events
    assert json.loads(json.dumps(said)) == said
