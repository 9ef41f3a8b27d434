"""Progress: bars on a terminal only, plain lines now and then otherwise, nothing with --json."""

from __future__ import annotations

import io
import sys

import pytest

from glasshouse.cli import progress, talk


def test_plain_lines_are_seldom_and_say_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    """A line in ten seconds, and one at the end; each on stderr."""
    now = 0.0
    lines = progress.Lines("as-told", lambda: now)
    for done in range(37):
        lines(done, 36)
        now += 1.0
    said = capsys.readouterr()
    assert said.out == ""
    told = said.err.splitlines()
    assert len(told) == 4
    assert told[0] == "as-told: step 10 of 36 after 10 s, about 26 s left"
    assert told[-1] == "as-told: step 36 of 36 after 36 s"


def test_a_resumed_run_counts_its_own_steps_only(capsys: pytest.CaptureFixture[str]) -> None:
    """What an earlier process did says nothing about the time that is left."""
    now = 0.0
    lines = progress.Lines("resume", lambda: now)
    lines(30, 40)
    now = 20.0
    lines(35, 40)
    assert "about 20 s left" in capsys.readouterr().err


def test_the_pace_is_that_of_the_last_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """What was only read again when a run went on soon says nothing about what is left."""
    now, done = 0.0, 0
    lines = progress.Lines("resume", lambda: now)
    lines(0, 2000)
    for quick in range(10):
        now, done = now + 10.0, done + (100 if quick < 3 else 10)
        lines(done, 2000)
    assert capsys.readouterr().err.splitlines()[-1].endswith("about 27 min left")


def test_bars_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a bar moves; in a file there are lines; silence is silence."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.shown("as-told") as told:
        assert not isinstance(told, progress.Lines)
        told(1, 2)
        told(2, 2)
    assert "as-told" in terminal.getvalue()
    monkeypatch.setattr(sys, "stderr", file)
    with progress.shown("as-told") as told:
        assert isinstance(told, progress.Lines)
    with progress.shown("as-told", silent=True) as told:
        told(1, 1)
    assert file.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "less than a second"), (59.6, "60 s"), (600.0, "10 min"), (36_000.0, "10.0 h")],
)
def test_durations_are_said_as_people_do(seconds: float, said: str) -> None:
    """Seconds, minutes, hours."""
    assert progress.duration(seconds) == said


def test_sizes_are_said_as_people_do() -> None:
    """Bytes, kilobytes, megabytes, gigabytes."""
    assert [progress.size(n) for n in (0, 999, 1500, 24_000_000, 3_200_000_000)] == [
        "0 bytes", "999 bytes", "1.5 kB", "24 MB", "3.2 GB",
    ]  # fmt: skip


def test_a_table_lines_up() -> None:
    """Columns begin below one another."""
    text = talk.table(("a", "b"), [("long", "x"), ("s", "y")])
    assert text.splitlines() == ["a     b", "-     -", "long  x", "s     y"]


def test_what_is_over_in_a_moment_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A short piece of work stays quiet; a long one speaks like any other."""
    told = progress.patient("life")
    told(1, 120)
    told(120, 120)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "SECONDS_OF_A_MOMENT", 0.0)
    told(120, 120)
    assert "life: step 120 of 120" in capsys.readouterr().err
    progress.patient("life", silent=True)(120, 120)
    assert capsys.readouterr().err == ""
