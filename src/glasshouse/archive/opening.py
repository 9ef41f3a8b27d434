"""Opening a run directory: what is not ours, not whole or not finished is refused by name."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import from_json

from glasshouse.archive.provenance import FORMAT, FORMAT_VERSION, RUN_FILE, Provenance
from glasshouse.archive.store import WORK, hash_of, is_passing
from glasshouse.errors import DamagedRun, ForeignRun, OtherVersion, Unfinished
from glasshouse.version import __version__

_MOST_BYTES = 64_000_000
"""No run.json is longer; what claims to be is not read."""

_SHOWN = 8
"""How many damaged parts one message names."""


def read_provenance(folder: Path) -> Provenance:
    """Read run.json and refuse what another program or another version wrote."""
    content = _content(folder)
    try:
        said = from_json(content)
    except ValueError as error:
        raise DamagedRun(f"{folder / RUN_FILE} is damaged: {error}") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ForeignRun(f"{folder} was not written by glasshouse")
    theirs, ours = said.get("glasshouse_version"), __version__
    if theirs != ours:
        raise OtherVersion(
            f"{folder} was written by glasshouse {str(theirs)[:40]}, this is glasshouse {ours};"
            " that version opens it"
        )
    if said.get("format_version") != FORMAT_VERSION:
        raise OtherVersion(
            f"{folder} has version {str(said.get('format_version'))[:40]} of the run directory,"
            f" this glasshouse reads version {FORMAT_VERSION}"
        )
    try:
        return Provenance.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part)[:60] for part in first["loc"][:8])
        more = error.error_count() - 1
        also = f" and {more} more" if more else ""
        raise DamagedRun(
            f"{folder / RUN_FILE} is damaged: {where}: {first['msg'][:200]}{also}"
        ) from error


def read_whole(folder: Path) -> Provenance:
    """Read run.json and check every part against it, whatever a stopped process left beside."""
    provenance = read_provenance(folder)
    check_parts(folder, provenance)
    return provenance


def read_finished(folder: Path) -> Provenance:
    """Read run.json of a finished run and check every part against it."""
    provenance = read_provenance(folder)
    if provenance.status != "finished":
        raise Unfinished(
            f"{folder} is not finished ({provenance.finished_steps} of {provenance.steps} steps are"
            f" kept); `glasshouse resume {shlex.quote(str(folder))}` goes on"
        )
    if os.path.lexists(folder / WORK):
        again = f"`glasshouse resume {shlex.quote(str(folder))}`"
        raise Unfinished(f"{folder} is finished but not tidied; type {again}")
    check_parts(folder, provenance)
    return provenance


def check_parts(folder: Path, provenance: Provenance) -> None:
    """Refuse a directory in which a part is missing, altered, a link, or not named by run.json.

    What a stopped process may have left behind is not held against a directory.
    """
    wrong: list[str] = []
    found: dict[str, os.stat_result] = {}
    _walk(folder, "", found, wrong)
    unfinished = provenance.status == "unfinished"
    for name in sorted(set(found) - set(provenance.parts) - {RUN_FILE}):
        is_left = name.startswith(f"{WORK}/") or (unfinished and is_passing(name))
        if not is_left:
            wrong.append(f"{name[:200]} does not stand in {RUN_FILE}")
    for name, part in provenance.parts.items():
        if name not in found:
            if not any(text.startswith(f"{name} ") for text in wrong):
                wrong.append(f"{name[:200]} is missing")
        elif found[name].st_size != part.bytes or _hash(folder / name) != part.sha256:
            wrong.append(f"{name[:200]} is not what was written")
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise DamagedRun(f"{folder} is damaged: " + "; ".join(wrong[:_SHOWN]) + more)


def _hash(path: Path) -> str:
    try:
        return hash_of(path).sha256
    except OSError as error:
        return error.strerror or "unreadable"


def _walk(folder: Path, above: str, found: dict[str, os.stat_result], wrong: list[str]) -> None:
    """Note every regular file below a folder; links and devices are wrong and not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        wrong.append(f"{above or '.'} cannot be read: {error.strerror}")
        return
    for entry in entries:
        name = f"{above}{entry.name}"
        if entry.is_symlink():
            wrong.append(f"{name} is a link")
        elif entry.is_dir(follow_symlinks=False):
            if name.count("/") < 8:
                _walk(Path(entry.path), f"{name}/", found, wrong)
            else:
                wrong.append(f"{name} lies too deep")
        elif entry.is_file(follow_symlinks=False):
            found[name] = entry.stat(follow_symlinks=False)
        else:
            wrong.append(f"{name} is not a file")


def _content(folder: Path) -> bytes:
    file = folder / RUN_FILE
    try:
        if folder.is_file():
            raise ForeignRun(f"{folder} is a file, not the folder of a run")
        if not folder.is_dir():
            raise ForeignRun(f"{folder} is not a run directory: there is no such folder")
        about = file.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise DamagedRun(f"{folder} is damaged: {RUN_FILE} is not a file")
        if about.st_size > _MOST_BYTES:
            raise DamagedRun(f"{folder} is damaged: {RUN_FILE} is too long")
        return file.read_bytes()
    except FileNotFoundError as error:
        raise ForeignRun(f"{folder} is not a run directory: it holds no {RUN_FILE}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DamagedRun(f"{file} cannot be read: {reason}") from error
