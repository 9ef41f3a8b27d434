"""The result of a study: a directory with its answer, its numbers, its table and its figure."""

from __future__ import annotations

import json
import os
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.archive.database import connect, parquet
from glasshouse.archive.store import hash_of
from glasshouse.archive.table import Table
from glasshouse.errors import DamagedRun, ForeignRun

if TYPE_CHECKING:
    from collections.abc import Mapping

RESULT, ANSWER, FIGURE, ROWS = "study.json", "answer.txt", "figure.svg", "results.parquet"
"""The parts of a finished study; ``study.json`` is written last, with the hashes of the rest."""


class Drawing(NamedTuple):
    """The figure of a study: SVG, and the words under it."""

    svg: str
    words: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        """The words under the figure."""
        return self.words


class StudyResult(os.PathLike[str]):
    """A finished study, opened from its directory after every part was checked."""

    def __init__(self, path: Path, owner: object = None) -> None:
        """Open a directory; one that is damaged, foreign or unfinished is refused.

        ``owner`` is what has to live as long as the result: a temporary directory.
        """
        self.path = Path(path)
        self._owner = owner
        try:
            self.said: Mapping[str, Any] = json.loads((self.path / RESULT).read_text("utf-8"))
            parts = {name: self.said["parts"][name] for name in (ROWS, FIGURE, ANSWER)}
        except OSError as error:
            raise ForeignRun(f"{self.path} holds no finished study: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ForeignRun(f"{self.path / RESULT} was not written by glasshouse") from error
        for name, stated in parts.items():
            try:
                found = hash_of(self.path / name).model_dump()
            except OSError as error:
                raise DamagedRun(f"{self.path / name}: {error.strerror}") from error
            if found != stated:
                raise DamagedRun(f"{self.path / name} is not what {RESULT} says")

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        asked = self.said["asked"]
        return (
            f"<study {self.said['study']}: {asked['people']:,} people, {asked['years']} years, "
            f"{asked['seeds']} seeds>"
        )

    def answer(self) -> str:
        """The answer in sentences, with what stands behind it."""
        return (self.path / ANSWER).read_text(encoding="utf-8").rstrip("\n")

    def numbers(self) -> Mapping[str, Mapping[str, Any]]:
        """The numbers of the answer by name: value, interval, error between seeds, each seed."""
        numbers: Mapping[str, Mapping[str, Any]] = self.said["numbers"]
        return numbers

    def table(self) -> Table:
        """Every metric of every run of the study: by design, point, seed, arm, part and group."""
        return Table(self._connection.sql(f"FROM {parquet([self.path / ROWS])}"), self)

    def figure(self) -> Drawing:
        """The figure as SVG, and the words under it."""
        svg = (self.path / FIGURE).read_text(encoding="utf-8")
        return Drawing(svg, self.said["figure"]["words"])

    @cached_property
    def _connection(self) -> Any:
        return connect()

    def _repr_html_(self) -> str:
        said, drawing = self.said, self.figure()
        sentences = "".join(f"<p>{escape(text)}</p>" for text in said["answer"])
        svg = drawing.svg[drawing.svg.index("<svg") :]
        return (
            f"<div><h3>{escape(said['title'])}</h3><p><i>{escape(said['question'])}</i></p>"
            f"{sentences}<p><small>{escape(said['intervals'])}</small></p>{svg}"
            f"<p><small>{escape(drawing.words)}</small></p></div>"
        )
