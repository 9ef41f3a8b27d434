"""One file that a user asks for: where it may stand is asked first, and it is written whole.

A report, a page to play with or a picture is such a file. It never lands inside a run directory,
which holds nothing but what its run.json names, and never on another file unless that is asked for.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from glasshouse.archive.provenance import RUN_FILE
from glasshouse.archive.store import write_aside
from glasshouse.errors import BadInput, OutputExists, Problem


def refuse_file(path: str | os.PathLike[str], *, replace: bool = False) -> Path:
    """Refuse a place where no file may be written, and say why; nothing is written yet.

    ``replace`` allows a file that is there already; a folder or a link is never replaced.
    """
    target = Path(path)
    shown = str(target)[:200]
    try:
        if _is_there(target):
            if target.is_symlink() or not target.is_file():
                raise _no_place(shown, "is there already and is no file", "the name of a file")
            if not replace:
                raise OutputExists(
                    f"{shown} is already there; --replace (in Python replace=True) writes over it"
                )
        folder = target.resolve().parent
        if not folder.is_dir():
            raise _no_place(shown, f"there is no folder {folder}", "a folder that exists")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _no_place(shown, f"nothing may be written in the folder {folder}")
        for above in (folder, *folder.parents):
            if os.path.lexists(above / RUN_FILE):
                raise _no_place(
                    shown, f"lies inside the run directory {above}, which it would damage"
                )
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise _no_place(shown, f"cannot be written: {reason or error}") from error
    return target


def write_file(path: str | os.PathLike[str], content: bytes, *, replace: bool = False) -> Path:
    """Write a file whole or not at all, aside and then under its name; give its path."""
    target = refuse_file(path, replace=replace)
    try:
        write_aside(target, partial(_write, content))
    except OSError as error:
        reason = error.strerror or str(error)
        raise _no_place(str(target)[:200], f"cannot be written: {reason}") from error
    return target


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _write(content: bytes, file: Path) -> None:
    file.write_bytes(content)


def _no_place(shown: str, what: str, right: str = "another place for the file") -> BadInput:
    return BadInput([Problem(shown, 0, 0, "", what, right)])
