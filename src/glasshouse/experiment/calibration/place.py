"""Where a calibration is kept: a directory that one process holds, or one that goes with it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.archive.lock import Locked, locked
from glasshouse.archive.store import DATA, write_aside
from glasshouse.errors import ForeignRun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.experiment.calibration.document import Calibration

STATED, MEMBERS, RESULT, LOCK = "calibration.yaml", "members", "calibration.json", "lock"


class Place(Locked):
    """The directory of a calibration; without one, the data its runs read lie in a passing one."""

    def __init__(
        self, out: Path | None, calibration: Calibration, files: Mapping[str, bytes]
    ) -> None:
        """Make the directory, or go on in one that was made for this very calibration."""
        self.out = out
        self._passing = None
        if out is None:
            self._passing = tempfile.TemporaryDirectory(prefix="glasshouse-")
            self.data = Path(self._passing.name) / DATA
        else:
            self.data = (out / DATA).resolve()
            self._take(out, calibration)
        for name, content in files.items():
            self._copy(self.data / name, content)

    def _take(self, out: Path, calibration: Calibration) -> None:
        stated = out / STATED
        if out.exists() and (not stated.is_file() or stated.read_bytes() != calibration.content):
            raise ForeignRun(
                f"{out} was not made for this calibration as it is now; say another place with"
                " --out"
            )
        (out / MEMBERS).mkdir(parents=True, exist_ok=True)
        self._lock = locked(out / LOCK, f"{out} is being fitted by another process at this moment")
        keep_bytes(stated, calibration.content)

    def _copy(self, file: Path, content: bytes) -> None:
        """Put a document that runs are settled from where they look for it."""
        if file.is_file() and file.read_bytes() != content:
            raise ForeignRun(f"{self.out} was fitted with other data; say another place with --out")
        keep_bytes(file, content)

    def close(self) -> None:
        """Let go of it."""
        super().close()
        if self._passing is not None:
            self._passing.cleanup()


def keep_bytes(path: Path, content: bytes) -> None:
    """Keep a file whole or not at all; one that is there already stays."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_aside(path, lambda file: file.write_bytes(content))


def keep_json(path: Path, said: Any) -> None:
    """Keep a JSON document whole or not at all, in place of an earlier one."""
    text = json.dumps(said, indent=1) + "\n"
    write_aside(path, lambda file: file.write_text(text, encoding="utf-8"))
