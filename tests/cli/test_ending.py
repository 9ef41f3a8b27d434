"""How commands end: exit codes, messages, what was meant; nobody meets a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

from glasshouse.cli import main
from glasshouse.errors import FinishedInPart, Interrupted, Overflowed

from .conftest import Typed


def fails_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let `bench` end with this error."""

    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(main.commands["bench"], "callback", fail)


def test_help_imports_nothing_heavy() -> None:
    """`--help` needs click alone: no compiler, no tables, no bars, no validation."""
    program = (
        "import sys\n"
        "from glasshouse.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "heavy = {'numba', 'llvmlite', 'numpy', 'pydantic', 'duckdb', 'rich', 'yaml', 'mesa',\n"
        "         'pandas', 'polars', 'glasshouse.session', 'glasshouse.law'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Usage: glasshouse" in done.stdout or b"Usage:" in done.stdout


def test_the_module_is_the_program() -> None:
    """`python -m glasshouse` does what `glasshouse` does, and says its version."""
    done = subprocess.run(
        [sys.executable, "-m", "glasshouse", "--version"], capture_output=True, check=True
    )
    assert done.stdout.decode().startswith("glasshouse, version 0.1.0")


def test_an_unknown_verb_is_usage_and_says_what_was_meant(typed: Typed) -> None:
    """A slip of the finger gets the nearest verb and exit code 2, on stderr."""
    ended = typed("rnu", "as-told")
    assert ended.code == 2
    assert "did you mean `run`?" in ended.err
    assert ended.out == ""
    ended = typed("rulebook", "shwo")
    assert ended.code == 2
    assert "no verb of `rulebook` `shwo`" in ended.err
    assert "did you mean `show`?" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["run", "as-told", "--people", "many"],
        ["run", "as-told", "--step", "year"],
        ["run", "as-told", "--threads", "0"],
        ["run", "as-told", "--set", "people"],
        ["run", "as-told", "--set", "=3"],
        ["run", "as-told", "--set", "process.notice_reaches="],
        ["run", "as-told", "--set", "seed=1", "--set", "seed=2"],
        ["run", "as-told", "--seed", "1", "--set", "seed=2"],
        ["run", "as-told", "--nonsense"],
        ["life", "somewhere", "seven"],
        ["scenario"],
    ],
)
def test_wrong_usage_ends_with_2(typed: Typed, words: list[str]) -> None:
    """What was typed wrongly is said on stderr with the usage, and ends with 2."""
    ended = typed(*words)
    assert ended.code == 2, ended.err
    assert ended.out == ""
    assert ended.err


def test_usage_can_be_told_as_json(typed: Typed) -> None:
    """With --json an error is one line of JSON on stderr."""
    ended = typed("run", "as-told", "--people", "many", "--json")
    said = json.loads(ended.err)["error"]
    assert said["exit_code"] == ended.code == 2
    assert "many" in said["message"]
    assert ended.out == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Overflowed("the pool of entries", "community_size"), 1),
        (FinishedInPart("two of three"), 4),
        (Interrupted("kept; glasshouse resume x"), 130),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (ZeroDivisionError("division by zero"), 1),
    ],
)
def test_every_ending_has_its_code(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    """Interrupted, in part, a bug: each has its exit code, a message, and no traceback."""
    fails_with(monkeypatch, error)
    ended = typed("bench")
    assert ended.code == code
    assert ended.err.strip()
    assert "Traceback" not in ended.err
    ended = typed("bench", "--json")
    assert json.loads(ended.err.strip().splitlines()[-1])["error"]["exit_code"] == code


def test_a_bug_shows_where_only_when_asked(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """GLASSHOUSE_DEBUG=1 adds the traceback; without it the message says how to get one."""
    fails_with(monkeypatch, ZeroDivisionError("division by zero"))
    assert "GLASSHOUSE_DEBUG=1" in typed("bench").err
    monkeypatch.setenv("GLASSHOUSE_DEBUG", "1")
    assert "Traceback" in typed("bench").err


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`glasshouse rulebook show ... | head` ends quietly."""
    script = f"{sys.executable} -m glasshouse rulebook show national-score-as-told 2>&1 | head -1"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"Traceback" not in done.stdout + done.stderr
    assert b"Broken" not in done.stdout + done.stderr


def test_a_program_whose_reader_goes_away_ends_with_0() -> None:
    """Not only the pipe: the program itself says that nothing went wrong, for --help too."""
    for words in (["rulebook", "show", "national-score-as-told"], ["run", "--help"]):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [sys.executable, "-m", "glasshouse", *words],
            stdout=writer, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        os.close(writer)
        assert done.returncode == 0, done.stderr
        assert b"Broken" not in done.stderr
        assert b"Traceback" not in done.stderr


def test_an_early_stop_is_quiet() -> None:
    """Ctrl-C while the program still loads ends with 130 and without a traceback."""
    program = (
        "import os, signal, sys\n"
        "import glasshouse.__main__ as program\n"
        "class Early:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'glasshouse.cli':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Early())\n"
        "program.start()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 130
    assert done.stderr == b"stopped before it began\n"


def test_any_letter_can_be_said_anywhere() -> None:
    """A terminal without the letters, or a name that is no text, never ends in a traceback."""
    for name in ("national-score-as-told", b"\xff\xfe"):
        done = subprocess.run(
            [sys.executable, "-m", "glasshouse", "rulebook", "show", name],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        )
        assert done.returncode in {0, 3}
        assert b"Traceback" not in done.stderr
