"""How a command ends: every error becomes a message and an exit code, for people or as JSON.

0 done, 1 a bug, 2 wrong usage, 3 bad input, 4 finished in part, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk
from glasshouse.errors import BadInput, GlasshouseError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

BUG, INTERRUPTED = 1, 130


class _NobodyReads(Exception):
    """The reader of stdout went away; click would take a broken pipe for an error of its own."""


DEBUG = "GLASSHOUSE_DEBUG"
"""The variable of the environment that asks for the traceback of a bug."""


class Verbs(click.Group):
    """A group of verbs that says which verb was probably meant and how everything ends."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or name the nearest one."""
        word = args[0]
        if not word.startswith("-") and self.get_command(ctx, word) is None:
            kind = "verb" if ctx.parent is None else f"verb of `{ctx.info_name}`"
            raise click.UsageError(f"no {kind} `{word[:60]}` ({nearest(word, self.commands)})", ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Take the words apart; `--help` may write to a reader that is gone."""
        try:
            return super().make_context(*args, **extra)
        except BrokenPipeError:
            raise _NobodyReads from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; what nobody reads is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _NobodyReads from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; as a program of its own it ends the process with the right code."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        _never_fail_to_write()
        words = list(sys.argv[1:] if args is None else args)
        as_json = "--json" in words
        try:
            code = super().main(words, prog_name, complete_var, standalone_mode=False, **extra)
            sys.stdout.flush()
        except (_NobodyReads, BrokenPipeError):
            talk.stop_writing(1)
            code = 0
        except (click.Abort, KeyboardInterrupt):
            code = _told(INTERRUPTED, "Interrupted", "stopped before it was done", as_json)
        except click.ClickException as error:
            code = _usage(error, as_json)
        except GlasshouseError as error:
            code = _refused(error, as_json)
        except Exception as error:  # noqa: BLE001 - the last place where anything can be said
            code = _bug(error, as_json)
        sys.exit(code if isinstance(code, int) else 0)


def _told(code: int, kind: str, message: str, as_json: bool, **more: Any) -> int:
    if as_json:
        talk.say_json({"error": {"kind": kind, "exit_code": code, "message": message, **more}})
    else:
        talk.say(message)
    return code


def _usage(error: click.ClickException, as_json: bool) -> int:
    if as_json:
        return _told(error.exit_code, "BadUsage", error.format_message(), as_json)
    error.show()
    return error.exit_code


def _refused(error: GlasshouseError, as_json: bool) -> int:
    more: dict[str, Any] = {}
    if isinstance(error, BadInput):
        more["problems"] = [vars(problem) for problem in error.problems]
    code = _told(error.exit_code, type(error).__name__, str(error), as_json, **more)
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    return code


def _bug(error: Exception, as_json: bool) -> int:
    message = f"this is a bug in glasshouse, not in what you typed: {type(error).__name__}: {error}"
    code = _told(BUG, "Bug", message, as_json)
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    elif not as_json:
        talk.say(f"Set {DEBUG}=1 to see where, and please report it with the command you typed.")
    return code


def _never_fail_to_write() -> None:
    """Let a terminal or a pipe that lacks a letter show its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
