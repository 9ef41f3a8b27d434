"""Where words go: results to stdout, everything else to stderr; JSON one document a command."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 100


def show(text: str = "") -> None:
    """Put a result on stdout."""
    click.echo(text)


def show_json(value: Any) -> None:
    """Put the one JSON document of a command on stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def say(text: str = "") -> None:
    """Tell the user something that is no result; work goes on if nobody listens any more."""
    try:
        click.echo(text, err=True)
    except BrokenPipeError:
        stop_writing(2)


def say_json(value: Any) -> None:
    """Tell a program something that is no result: one line of JSON on stderr."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str), err=True)


def stop_writing(stream: int) -> None:
    """Nobody reads the rest (`| head`): throw it away, so that the interpreter ends quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def typed(*words: object) -> str:
    """A command as it can be typed again, whatever letters its paths hold."""
    return shlex.join(str(word) for word in words)


def say_next(*commands: str) -> None:
    """Say what to type next."""
    say("\nNext:")
    for command in commands:
        say(f"  {command}")


def width() -> int:
    """Columns that a line of text may take."""
    return max(40, min(WIDEST, shutil.get_terminal_size().columns))


def wrapped(text: str, indent: str = "") -> str:
    """A paragraph broken into lines."""
    return textwrap.fill(
        " ".join(text.split()), width(), initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def is_terminal() -> bool:
    """Whether somebody watches stderr, so that a bar may move."""
    return sys.stderr.isatty()


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A plain table whose columns line up; the last column may be long."""
    wide = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head) - 1)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, wide, strict=False)), row[-1]]).rstrip()
        for row in (head, tuple("-" * len(word) for word in head), *rows)
    ]
    return "\n".join(lines)
