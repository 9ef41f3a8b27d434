"""The table of the validation: every row run, whatever becomes of the others."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from glasshouse.errors import Interrupted
from glasshouse.experiment.validation.comparison import Outcome, judged
from glasshouse.experiment.validation.row import Row
from glasshouse.experiment.validation.runner import Workshop


class Result(NamedTuple):
    """What became of a row."""

    row: Row
    outcomes: tuple[Outcome, ...]
    failure: str
    """What it raised, if it did; empty otherwise."""
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything it compared holds; a row that raised does not hold."""
        return not self.failure and all(one.holds for one in self.outcomes)

    @property
    def is_missed(self) -> bool:
        """Whether it had to hold and does not."""
        return self.row.file.must_hold and not self.holds

    def plain(self) -> dict[str, Any]:
        """Everything as plain values."""
        file = self.row.file
        return {
            "validation": file.validation,
            "title": file.title,
            "claim": file.claim,
            "kind": file.kind,
            "source": f"{file.cite.source}: {file.cite.at}" if file.cite else file.ours,
            "unverified": file.unverified,
            "through": self.row.runner.through,
            "expected": file.expected,
            "tolerance": file.tolerance.text,
            "must_hold": file.must_hold,
            "holds": self.holds,
            "failure": self.failure or None,
            "seconds": round(self.seconds, 2),
            "outcomes": [_plain(one) for one in self.outcomes],
        }


def _plain(one: Outcome) -> dict[str, Any]:
    """An outcome without numbers that JSON has no word for."""
    said = one._asdict()
    for name, value in said.items():
        if isinstance(value, float) and not abs(value) < float("inf"):
            said[name] = None if value != value else str(value)  # noqa: PLR0124 - nan alone
    return said


def run_rows(
    rows: tuple[Row, ...],
    seeds: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Iterator[Result]:
    """Run rows one after the other; a row that raises does not end the others."""
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        for number, row in enumerate(rows):
            progress(number, len(rows))
            yield run_row(row, workshop.at(row.folder), seeds)
        progress(len(rows), len(rows))


def run_row(row: Row, workshop: Workshop, seeds: int | None = None) -> Result:
    """Run one row with all its sets of parameters."""
    began = time.monotonic()
    try:
        found = [
            one._replace(what=f"{one.what}{_which(row, place)}")
            for place, given in enumerate(row.sets)
            for one in row.runner.run(given, row.seeds(seeds), workshop)
        ]
    except (KeyboardInterrupt, Interrupted):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a row does, the others go on
        failure = f"{type(error).__name__}: {error}"
        return Result(row, (), failure, time.monotonic() - began)
    failure = "" if found else "compared nothing"
    return Result(row, judged(found, row.file.tolerance), failure, time.monotonic() - began)


def _which(row: Row, place: int) -> str:
    """Name a set of parameters by what it changes."""
    if place == 0:
        return ""
    changed = ", ".join(f"{name} {value}" for name, value in row.file.variants[place - 1].items())
    return f" ({changed})"


def false_alarm_of(results: list[Result]) -> float:
    """Bound how often the whole table raises an alarm although every formula holds."""
    return sum(one.row.file.tolerance.false_alarm for one in results)
