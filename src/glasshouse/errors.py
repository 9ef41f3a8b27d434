"""Every error a user can meet, one class each; the class says how the process ends.

Exit codes: 1 a bug or an overflow in the engine, 2 wrong usage, 3 bad input or a run
directory that cannot be used, 4 finished in part, 130 interrupted.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN_PROBLEMS = 100
"""How many problems one message spells out; the rest are counted."""

_SHOWN_NAMES = 12
"""How many known names a message lists when none is near."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or which words are known."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    # A word of many kilobytes would make the comparison slow and the message unreadable.
    close = difflib.get_close_matches(word[:80].casefold(), folded, n=1)
    if close:
        return f"did you mean `{folded[close[0]]}`?"
    if not names:
        return "none is known"
    listed = ", ".join(names[:_SHOWN_NAMES])
    more = len(names) - _SHOWN_NAMES
    return f"known: {listed}" + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place; line and column count from 1, and 0 means the whole file."""

    file: str
    line: int
    column: int
    where: str
    what: str
    right: str = ""

    def __str__(self) -> str:
        """Render as ``file:line:column: where: what (right)``, leaving out what is not known."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = ": ".join(part for part in (place, self.where, self.what) if part)
        return f"{text} ({self.right})" if self.right else text


class GlasshouseError(Exception):
    """Any error that glasshouse raises on purpose; its text is meant for a user."""

    exit_code: ClassVar[int] = 1


class BadUsage(GlasshouseError):
    """The command or the call was put together wrongly."""

    exit_code = 2


class BadInput(GlasshouseError):
    """Files or values were refused; holds every problem found and renders them all."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of file, line and column, each once."""
        self.problems: list[Problem] = sorted(set(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One line a problem; a very long list is cut and the rest counted."""
        lines = [str(problem) for problem in self.problems[:_SHOWN_PROBLEMS]]
        more = len(self.problems) - _SHOWN_PROBLEMS
        if more > 0:
            lines.append(f"... and {more} more problems")
        return "\n".join(lines)


class TooLarge(GlasshouseError):
    """The run would not fit the memory or the disk; said before the first step."""

    exit_code = 3


class OutputExists(GlasshouseError):
    """The output directory is already there and is never overwritten."""

    exit_code = 3


class DamagedRun(GlasshouseError):
    """A part of a run directory is missing or its hash is not the one in run.json."""

    exit_code = 3


class ForeignRun(GlasshouseError):
    """The directory was not written by glasshouse, so it is not opened."""

    exit_code = 3


class OtherVersion(GlasshouseError):
    """The run directory belongs to another version of the software, which is named."""

    exit_code = 3


class DiskFull(GlasshouseError):
    """The disk filled while writing; nothing half-written was left under the final name."""

    exit_code = 3


class Unfinished(GlasshouseError):
    """The run has not been finished; it can be resumed but not yet read."""

    exit_code = 3


class Overflowed(GlasshouseError):
    """A pool or a column of the engine was too small; nothing was dropped, the run stopped."""

    exit_code = 1

    def __init__(self, what: str, setting: str) -> None:
        """Name what overflowed and the setting that gives it more room."""
        self.what = what
        self.setting = setting
        super().__init__(what, setting)

    def __str__(self) -> str:
        """Say what overflowed and what to set."""
        return f"{self.what} overflowed; set {self.setting} higher and run again"


class ClusterFailed(GlasshouseError):
    """Workers cannot be reached, are not what runs here, or went away; what is kept is said."""

    exit_code = 3


class Interrupted(GlasshouseError):
    """The user stopped the run; what was finished is kept and the text says how to go on."""

    exit_code = 130


class FinishedInPart(GlasshouseError):
    """Some members of an ensemble failed; the others are complete and kept."""

    exit_code = 4
